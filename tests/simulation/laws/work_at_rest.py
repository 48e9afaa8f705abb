"""The product's own audit of clocked time, of states and of what work was paid, over all that there is."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain

from marketplace.ledger import audit_fees, audit_minutes
from marketplace.ledger.audit_states import state_breaches
from marketplace.ledger.claims import earned_breaches
from marketplace.shared.accounts import hold
from marketplace.storage import audit_time, claimed
from tests.simulation.laws.history import history
from tests.simulation.world import World

KINDS = ("task", "bid", "con", "ses", "res", "dis", "out", "top", "ref", "pay")


def time_is_billed_once(world: World) -> Iterator[str]:
    """Law 7."""
    ended = [session for session in world.heads("ses") if session.ended_at is not None]
    stretches = sorted(map(audit_time.billed_by, ended), key=lambda one: (one.contract_id, one.begin))
    by_contract = defaultdict(list)
    for one in stretches:
        by_contract[one.contract_id].append(one)
    for session in ended:
        found = audit_minutes.session_breaches(audit_time.ended_session(session, session.ended_at))
        yield from map(str, found)
    for con in world.heads("con"):
        billed = by_contract[con.id]
        caps = audit_minutes.cap_breaches(audit_time.caps_on(con), billed) if con.pay.rate else ()
        yield from map(str, chain(audit_minutes.stretch_breaches(billed), caps))


def states_have_come_about(world: World) -> Iterator[str]:
    """Law 4."""
    counted = history(world).counted
    heads = [(prefix, head) for prefix in KINDS for head in world.heads(prefix)]
    heads += [("mil", row) for con in world.heads("con") for row in con.milestones]
    for prefix, head in heads:
        yield from map(str, state_breaches(head.id, prefix, head.status, counted.get(head.id, {})))


def what_is_released_was_earned(world: World) -> Iterator[str]:
    """Law 3."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    kinds = (("ses", claimed.by_session), ("res", claimed.by_result), ("out", claimed.by_outcome))
    for prefix, claims_of in kinds:
        for contract, what, amount in (claim for head in world.heads(prefix) for claim in claims_of(head)):
            told[contract][what] += amount
    posted: Counter[str] = Counter()
    for _, journal in history(world).journals:
        for account, got in audit_fees.paid_out_in(journal):
            posted[account] += got
    for con in world.heads("con"):
        earned = claimed.earned_on(con, told[con.id], posted[hold(con.id)])
        yield from map(str, earned_breaches(earned))
