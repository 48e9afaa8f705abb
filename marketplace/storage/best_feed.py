"""The feed by best match: a bounded window of candidates at a time, ranked (`matching.ranking`)."""

from marketplace.matching.fit import Profile
from marketplace.matching.ranking import END, Match, Window, after, best_skills, ranked, usual_of
from marketplace.shared.records import replace
from marketplace.storage.feed import ROWS_MAX, Found, Keep, Search, look
from marketplace.storage.reads import Reads
from marketplace.work.task import Task

CANDIDATES_MAX = 100
WINDOWS_MAX = 3
"""So many windows that hold nothing are passed in one call."""
LAST = "~"
"""After a position: sorts behind it, and before the next."""


def best(
    reads: Reads, profile: Profile, search: Search, window: Window, *, limit: int, keep: Keep
) -> tuple[list[Match], Window | None]:
    """Up to `limit` of the window's tasks, and where the next page begins."""
    for _ in range(WINDOWS_MAX):
        found, window = _opened(reads, profile, search, window, keep)
        matches = ranked(profile, found, window)
        if len(matches) > limit:
            return matches[:limit], replace(window, after=after(matches[limit - 1]))
        following = _following(window)
        if matches or following is None:
            return matches, following
        window = following
    return [], window


def first_window(profile: Profile, search: Search, now: int) -> Window:
    """Where a first page begins: a filter by skill leaves nothing to choose by the worker's own."""
    return Window(by_skill=bool(profile.skills) and search.wanted.skill is None, at=now)


def _opened(
    reads: Reads, profile: Profile, search: Search, window: Window, keep: Keep
) -> tuple[list[Task], Window]:
    """The window's tasks; one that was not known yet is fixed now."""
    own = best_skills(profile) if search.wanted.skill is None else ()
    narrowed = replace(
        search,
        before=window.before or None,
        least="" if window.least == END else window.least,
        skills=own if window.by_skill else (),
        without=() if window.by_skill else own,
    )
    rows_max = 2 * ROWS_MAX if window.least else ROWS_MAX
    found = look(reads, narrowed, limit=CANDIDATES_MAX, keep=keep, rows_max=rows_max)
    return found.tasks, window if window.least else _fixed(window, found)


def _fixed(window: Window, found: Found) -> Window:
    before = window.before or (f"{found.tasks[0].id}{LAST}" if found.tasks else "")
    return replace(window, before=before, least=found.last or END, usual=usual_of(found.tasks))


def _following(window: Window) -> Window | None:
    if window.least != END:
        return Window(window.by_skill, window.at, before=window.least)
    return Window(by_skill=False, at=window.at) if window.by_skill else None
