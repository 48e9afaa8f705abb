"""What must hold at rest between our books and Stripe's: transfers, cards, lines, accounts."""

from collections import Counter
from collections.abc import Callable, Iterator

from marketplace.reconciliation.matching import Outcome, match
from marketplace.reconciliation.sides import INSTANT_MAX, Window, stripe_lines
from marketplace.shared.accounts import STRIPE
from marketplace.shared.outcomes import Unknown
from tests.simulation.calls import FINANCE
from tests.simulation.world import World
from tests.simulation.written import ledger_lines, open_breaks

CLOCKS_APART_SECONDS = 60
"""Stripe's clock, the sender's and that of whoever verified."""

EVER = Window(0, INSTANT_MAX)


def one_transfer_a_payout_and_money_in_one_place(world: World) -> Iterator[str]:
    """Law 5, as Stripe has it."""
    transfers = Counter(row.payout_id for row in world.stripe.transfers.values())
    yield from (f"{payout} has {count} transfers" for payout, count in transfers.items() if count > 1)
    paid: Counter[str] = Counter()
    for _, _, row, _ in world.stripe.bank.values():
        paid[row.payout_id] += row.state != "failed"
    yield from (f"{payout} went to the bank {count} times" for payout, count in paid.items() if count > 1)
    for payout in world.heads("pay"):
        sent = transfers[payout.id]
        refused = payout.status == "failed" and payout.failure.stage == "transfer"
        back = refused or payout.status == "cancelled"
        if sent != (not back) and payout.status != "pending":
            yield f"{payout.id} is {payout.status}, and has {sent} transfers"
        if (payout.status == "paid") != bool(paid[payout.id]) and payout.status != "sent":
            yield f"{payout.id} is {payout.status}, and the bank has it {paid[payout.id]} times"
    yield from (f"the key {key} was used with other parameters" for key in world.stripe.keys.misused)


def nothing_is_sent_before_its_time(world: World) -> Iterator[str]:
    """Law 4: the first days of an account, by Stripe's clock, and nobody's own payout."""
    for transfer in world.stripe.transfers.values():
        sent_at, until = transfer.created, world.laws.payouts.until[transfer.payout_id]
        if sent_at < until - CLOCKS_APART_SECONDS:
            yield f"{transfer.payout_id} was sent {until - sent_at} s before the end of its hold"
    own = world.store.of_kind["wrk"][0]
    for payout in world.heads("pay"):
        if payout.worker_id == own and f"finance:{FINANCE[-1]}" in world.laws.payouts.approved[payout.id]:
            yield f"{payout.id} is approved by its own worker"


def every_paid_card_is_credited(world: World) -> Iterator[str]:
    """Law 5, and that no money is kept from a client. A payment whose opening came to a saved 500, and that
    no list showed then, may be left over: nobody has the secret to pay it."""
    spent = Counter(
        key.partition(":")[0]
        for key, (_, _, answer) in world.stripe.keys.saved.items()
        if isinstance(answer, Unknown) and world.stripe.overlooked
    )
    opened = Counter(payment.top_up_id for _, payment, _ in world.stripe.intents.values())
    for top_up_id, count in opened.items():
        if count > 1 + spent[top_up_id]:
            yield f"{top_up_id} has {count} payments"
    paid = Counter(one.top_up_id for _, one, _ in world.stripe.intents.values() if one.succeeded)
    for top_up in world.heads("top"):
        if paid[top_up.id] != (top_up.status == "succeeded"):
            yield f"{top_up.id} was paid {paid[top_up.id]} times, and is {top_up.status}"


def stripe_and_the_ledger_agree_line_by_line(world: World) -> Iterator[str]:
    """Law 6, by the product's own matching."""
    theirs = [line for row in world.stripe.lines.values() for line in stripe_lines(row, EVER)]
    for finding in match(ledger_lines(world, EVER), theirs):
        if finding.outcome != Outcome.MATCHED:
            yield f"{finding.outcome}: {finding.lines}"
    connected: Counter[str] = Counter()
    for (_, currency), amount in world.stripe.connected.items():
        connected[currency] += amount
    for currency, amount in connected.items():
        ours = -world.laws.folded[currency, "platform:connected"]
        if ours != amount:
            yield f"workers have {amount} {currency} at Stripe, {ours} in our books"


def exceptions_are_one_and_close_themselves(world: World) -> Iterator[str]:
    """Law 6: where both sides agree, none waits for somebody; and no line stands in two of a kind."""
    for row in open_breaks(world):
        yield f"{row.id} ({row.outcome}) is open, and both sides have {row.ledger} and {row.stripe}"
    singles = Counter(row.lines[0].id for row in world.heads("brk") if len(row.lines) == 1)
    yield from (f"{line} is {count} exceptions" for line, count in singles.items() if count > 1)
    for row in world.heads("brk"):
        if row.has_closed_itself and world.head(row.resolved_in).status != "finished":
            yield f"{row.id} was closed by {row.resolved_in}, which has not finished"


def money_on_its_way_is_that_of_payouts(world: World) -> Iterator[str]:
    """Law 2, by what Stripe has: what was withdrawn is at the bank, in the worker's account there, or waits
    for people; and what was fetched back was fetched back once."""
    stripe, expected = world.stripe, Counter[tuple[str, str]]()
    whose = {
        row.account: f"worker:{world.head(row.payout_id).worker_id}" for row in stripe.transfers.values()
    }
    for account, sent, row, _ in stripe.bank.values():
        expected[whose[account], sent.currency] += sent.amount if row.state == "paid" else 0
    for (account, currency), amount in stripe.connected.items():
        expected[whose[account], currency] += amount
    for payout in world.heads("pay"):
        waiting = payout.amount.amount if payout.status == "pending" and not payout.transfer.stripe_id else 0
        expected[f"worker:{payout.worker_id}", payout.amount.currency] += waiting
    for (owner, currency, name), amount in world.store.kept.items():
        if name == "withdrawn" and expected[owner, currency] != amount:
            yield f"{owner} has withdrawn {amount} {currency}, Stripe has {expected[owner, currency]}"
    for reversal, (transfer, made) in stripe.reversed.items():
        posted = [one.journal for one in world.store.events.values() if one.journal and reversal in one.about]
        if [sum(row.debit for row in one.postings if row.account == STRIPE) for one in posted] != [
            made.amount
        ]:
            yield f"{reversal} took {made.amount} of {transfer}, and is booked {len(posted)} times"


def accounts_stand_as_at_stripe(world: World) -> Iterator[str]:
    """Law 11: a worker who is verified can withdraw."""
    for account in world.heads("poa"):
        if account.stripe_account is not None:
            state, *_ = world.stripe.accounts[account.stripe_account]
            if account.payouts_enabled != state.payouts_enabled:
                yield f"{account.id} says {account.payouts_enabled}, Stripe {state.payouts_enabled}"


AT_STRIPE: tuple[Callable[[World], Iterator[str]], ...] = (
    one_transfer_a_payout_and_money_in_one_place,
    nothing_is_sent_before_its_time,
    every_paid_card_is_credited,
    stripe_and_the_ledger_agree_line_by_line,
    exceptions_are_one_and_close_themselves,
    money_on_its_way_is_that_of_payouts,
    accounts_stand_as_at_stripe,
)
