"""The lists in which workers are found, kept by the matching queue (`term_lists`).

hire|{new or known}|{term}   a row for each worker who may work with that term; its position is anywhere,
                             and always there (`recruiting.position_of`)
"""

import json

from marketplace.access.suspension import Suspension, suspension_id
from marketplace.matching.fit import Profile
from marketplace.matching.recruiting import Facts, audience_of, position_of, profile_of_worker, terms_of
from marketplace.people.workers import Worker
from marketplace.storage.reads import Reads
from marketplace.storage.store import DynamoStore
from marketplace.storage.term_lists import NO_ROWS, Rows, TermLists
from marketplace.storage.tracks import track_of


def dump_facts(facts: Facts) -> str:
    """A row's body."""
    profile = facts.profile
    told = {"country": facts.country, "skills": dict(profile.skills), "languages": list(profile.languages)}
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def load_facts(body: str) -> Facts:
    """The facts again."""
    told = json.loads(body)
    return Facts(told["country"], Profile(told["skills"], tuple(told["languages"])))


def _rows_of(store: DynamoStore, worker_id: str) -> Rows:
    suspended = suspension_id(worker_id)
    found = Reads(store.connection).of_kinds({worker_id: Worker, suspended: Suspension})
    kept_out = suspended in found and found[suspended].stands
    if worker_id not in found or kept_out:
        return NO_ROWS
    worker: Worker = found[worker_id]
    facts = Facts(worker.country, profile_of_worker(worker))
    return Rows(audience_of(track_of(worker_id)), dump_facts(facts), tuple(terms_of(facts.profile)))


_HIRE = TermLists("hire", "hired", _rows_of, position_of)
keep_up, partition = _HIRE.keep_up, _HIRE.partition
