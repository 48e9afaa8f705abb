"""Workers' tracks in the trail, a row each: what their last contracts tell (`matching.track`).

Each change is written on condition that the row is what was read, and tells what the row may tell already. So
it comes to the same, whoever writes at the same time, twice, or late.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import astuple

from pynamodb.exceptions import PutError

from marketplace.matching.track import NO_TRACK, Course, Entry, Track
from marketplace.shared.patience import Patience
from marketplace.storage.models import TrailItem

PATIENCE = Patience(attempts_max=12, first_seconds=0.01, longest_seconds=0.1)
_TRACK = "track"
_FORGOTTEN = "{}"


class TrackContended(Exception):
    """Others write the same worker's track; it is told again later."""


def track_of(worker_id: str) -> Track:
    """As it is now."""
    return _load(_row(worker_id))


def tracks_of(worker_ids: Iterable[str]) -> dict[str, Track]:
    """Those that there are."""
    rows = TrailItem.batch_get([(_about(worker_id), _TRACK) for worker_id in worker_ids])
    return {row.about.partition("|")[2]: _load(row) for row in rows}


def tell(worker_id: str, change: Callable[[Track], Track]) -> None:
    """The track with the change; nothing is written where it told that already, or where the worker has been
    forgotten. Raises TrackContended."""
    for _ in PATIENCE.attempts():
        row = _row(worker_id)
        if row is not None and row.body == _FORGOTTEN:
            return
        before = _load(row)
        after = change(before)
        if after == before:
            return
        condition = TrailItem.about.does_not_exist() if row is None else TrailItem.body == row.body
        try:
            TrailItem(_about(worker_id), _TRACK, body=_dump(after)).save(condition=condition)
        except PutError as refused:
            if refused.cause_response_code != "ConditionalCheckFailedException":
                raise
        else:
            return
    raise TrackContended(worker_id)


def forget(worker_id: str) -> None:
    """Nothing is known of the worker's contracts any more, nor ever again: an empty row stays in the track's
    place, on which whoever read it before and writes it late fails, and reads again."""
    TrailItem(_about(worker_id), _TRACK, body=_FORGOTTEN).save()


def _about(worker_id: str) -> str:
    return f"track|{worker_id}"


def _row(worker_id: str) -> TrailItem | None:
    return next(iter(TrailItem.query(_about(worker_id), consistent_read=True, limit=1)), None)


def _load(row: TrailItem | None) -> Track:
    if row is None or row.body == _FORGOTTEN:
        return NO_TRACK
    told = json.loads(row.body)
    entries = (
        Entry(name, at, asked, Course(course), lost) for name, at, asked, course, lost in told["entries"]
    )
    return Track(told["seen_at"], tuple(entries))


def _dump(track: Track) -> str:
    told = {"seen_at": track.seen_at, "entries": [astuple(entry) for entry in track.entries]}
    return json.dumps(told, separators=(",", ":"))
