"""What went back to cards, by Stripe's own word, and what that did to wallets, debts and contracts."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from tests.simulation.world import World


def each_refund_is_one_and_stands_as_at_stripe(world: World) -> Iterator[str]:
    """Law 5."""
    made: dict[str, list[Any]] = defaultdict(list)
    for row, _, _ in world.stripe.refunded.values():
        made[row.refund_id].append(row)
    for refund in world.heads("ref"):
        rows = made.pop(refund.id, [])
        if len(rows) > 1:
            yield f"{refund.id} was made {len(rows)} times"
        expected = rows[0].state if rows else "failed"
        if refund.status != expected:
            yield f"{refund.id} is {refund.status}, Stripe says {expected}"
    yield from (f"Stripe has a refund of {unknown}, and we do not" for unknown in made)


def a_top_up_gives_back_no_more_than_it_was(world: World) -> Iterator[str]:
    """Law 5, of all that goes back to one card."""
    for intent, (_, payment, _) in world.stripe.intents.items():
        if payment.succeeded and world.stripe.left_of(payment) < 0:
            yield f"more than {payment.received} went back of {intent}"
        top_up: Any = world.store.heads.get(payment.top_up_id)
        if payment.succeeded and top_up and top_up[1].left != world.stripe.left_of(payment):
            yield f"{payment.top_up_id} has {top_up[1].left} left, Stripe {world.stripe.left_of(payment)}"


def each_dispute_is_known_and_stands_as_at_stripe(world: World) -> Iterator[str]:
    """Laws 5 and 11."""
    known = {row.dispute: row for row in world.heads("chb")}
    for dispute, _, _ in world.stripe.disputed.values():
        chargeback = known.get(dispute.id)
        if chargeback is None:
            yield f"nobody knows of {dispute.id}"
            continue
        if chargeback.status.replace("inquiry", "warning") != dispute.state:
            yield f"{chargeback.id} is {chargeback.status}, Stripe says {dispute.state}"
        moved = sum(movement.amount for movement in dispute.movements)
        if (moved < 0) != chargeback.is_contested:
            yield f"{chargeback.id} says {chargeback.is_contested}, Stripe has moved {moved}"


def debts_are_settled_from_what_there_is(world: World) -> Iterator[str]:
    """Law 2: nothing is on its way that nobody carries, and who owes us has nothing to spend."""
    for (owner, currency, name), amount in world.store.kept.items():
        if name in ("refunding", "reinstated") and amount:
            yield f"{owner} has {amount} {currency} {name}, and nothing is on its way"
        if name == "receivable" and amount and world.store.kept.get((owner, currency, "wallet"), 0):
            yield f"{owner} owes {amount} {currency}, and has a wallet"


def contracts_are_frozen_as_long_as_it_takes(world: World) -> Iterator[str]:
    """Law 3: what was taken is explained by its chargebacks; what is over freezes nobody."""
    taken: Counter[str] = Counter()
    chargebacks = {row.id: row for row in world.heads("chb")}
    for row in world.heads("tkn"):
        taken[row.chargeback_id] += row.amount
        chargeback = chargebacks[row.chargeback_id]
        contract = world.head(row.contract_id)
        owed = _owed(world, chargeback)
        over = not chargeback.is_contested or (chargeback.status == "lost" and not owed)
        if over != row.is_over and not (row.is_over and chargeback.status == "lost"):
            yield f"{row.id} is over: {row.is_over}, its chargeback is {chargeback.status}, {owed} is owed"
        told = [
            event.details["amount"]
            for event in world.store.events.values()
            if event.type == "contract.unfrozen" and event.about[:2] == (row.contract_id, chargeback.id)
        ]
        if row.is_over and not chargeback.is_contested and told != [row.amount]:
            yield f"{row.id} took {row.amount}, and gave back {told}"
        if row.is_over and chargeback.id in contract.chargebacks.frozen_by:
            yield f"{contract.id} is frozen by {chargeback.id}, which is over"
    for chargeback in chargebacks.values():
        holds = chargeback.withdrawal.holds if chargeback.withdrawal else 0
        if holds != taken[chargeback.id]:
            yield f"{chargeback.id} took {holds}, contracts say {taken[chargeback.id]}"


def _owed(world: World, chargeback: Any) -> int:
    place = (f"client:{chargeback.client_id}", chargeback.amount.currency, "receivable")
    owed: int = world.store.kept.get(place, 0)
    return owed


RETURNS: tuple[Callable[[World], Iterator[str]], ...] = (
    each_refund_is_one_and_stands_as_at_stripe,
    a_top_up_gives_back_no_more_than_it_was,
    each_dispute_is_known_and_stands_as_at_stripe,
    debts_are_settled_from_what_there_is,
    contracts_are_frozen_as_long_as_it_takes,
)
