"""What must hold at the end of a market day: the marketplace's own figures against the script's terms."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from sandbox.demo.answers import CurrencyBalance, EarningsBalance, Rating, TrialBalance
from sandbox.demo.cast import Cast, SignedContract
from sandbox.demo.evidence import Evidence
from sandbox.demo.script import PLATFORM_FEE_BASIS_POINTS
from sandbox.demo.terms import DayTerms

FAULTS_SHOWN_MAX = 5
FEES_ACCOUNT = "platform:fees"
TRACE_KINDS = ("request", "journal", "transfer", "bank_payout")


@dataclass(frozen=True, slots=True)
class Check:
    """`detail` says what was wrong, and is empty when the check held."""

    name: str
    held: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What should be, who took part, and what is."""

    terms: DayTerms
    cast: Cast
    evidence: Evidence


Fault = str


def judge(outcome: Outcome) -> list[Check]:
    """Every check of the day, held or not."""
    return [_check(name, list(faults(outcome))) for name, faults in CHECKS]


def _check(name: str, faults: list[Fault]) -> Check:
    more = len(faults) - FAULTS_SHOWN_MAX
    shown = faults[:FAULTS_SHOWN_MAX] + ([f"and {more} more"] if more > 0 else [])
    return Check(name, not faults, "; ".join(shown))


def _differs(what: str, expected: object, found: object) -> Iterator[Fault]:
    if expected != found:
        yield f"{what}: {found} instead of {expected}"


def _debits_equal_credits(outcome: Outcome) -> Iterator[Fault]:
    for currency in outcome.evidence.balance.currencies:
        yield from _differs(currency.currency, currency.debits, currency.credits)


def _balances_add_up_to_zero(outcome: Outcome) -> Iterator[Fault]:
    for currency in outcome.evidence.balance.currencies:
        yield from _differs(currency.currency, 0, sum(account.balance for account in currency.accounts))


def _fees_agree(outcome: Outcome) -> Iterator[Fault]:
    before, after = _fees(outcome.evidence.balance_before), _fees(outcome.evidence.balance)
    for currency, expected in outcome.terms.fees.items():
        yield from _differs(currency, expected, after.get(currency, 0) - before.get(currency, 0))


def _fees(balance: TrialBalance) -> dict[str, int]:
    """Fee income per currency: a credit balance, so it stands as a negative number in the trial balance."""
    return {currency.currency: -_balance_of(currency, FEES_ACCOUNT) for currency in balance.currencies}


def _balance_of(currency: CurrencyBalance, account_id: str) -> int:
    return sum(account.balance for account in currency.accounts if account.id == account_id)


def _earnings_agree(outcome: Outcome) -> Iterator[Fault]:
    for key, worker in outcome.cast.workers.items():
        terms = outcome.terms.workers.items()
        nets = {currency: earned.net for (owner, currency), earned in terms if owner == key}
        for balance in outcome.evidence.earnings[key].balances:
            expected = nets.pop(balance.currency, 0)
            yield from _differs(f"{worker.plan.name}, paid {balance.currency}", expected, balance.paid)
            yield from _differs(f"{worker.plan.name}, left {balance.currency}", 0, _not_paid(balance))
        for currency, net in nets.items():
            yield from _differs(f"{worker.plan.name}, paid {currency}", net, 0)


def _not_paid(balance: EarningsBalance) -> int:
    return balance.accruing + balance.in_review + balance.available + balance.in_transit + balance.owed


def _payouts_paid(outcome: Outcome) -> Iterator[Fault]:
    for (key, currency), earned in outcome.terms.workers.items():
        payout = outcome.evidence.payouts.get(key)
        if payout is None:
            yield from _differs(f"payouts of {key}", earned.net, 0)
            continue
        yield from _differs(f"{payout.id} status", "paid", payout.status)
        paid = (payout.amount.amount, payout.amount.currency)
        yield from _differs(f"{payout.id} amount", (earned.net, currency), paid)


def _wallets_agree(outcome: Outcome) -> Iterator[Fault]:
    for (key, currency), expected in outcome.terms.wallets.items():
        balances = outcome.evidence.wallets[key].balances
        found = next((balance for balance in balances if balance.currency == currency), None)
        left, held = (found.available, found.held) if found else (0, 0)
        yield from _differs(f"{key} available {currency}", expected.available, left)
        yield from _differs(f"{key} held {currency}", 0, held)


def _contracts_agree(outcome: Outcome) -> Iterator[Fault]:
    for deal, expected in outcome.terms.contracts.items():
        found = outcome.evidence.contracts[deal]
        yield from _differs(f"{found.id} status", "completed", found.status)
        yield from _differs(f"{found.id} fee", PLATFORM_FEE_BASIS_POINTS, found.fee_basis_points)
        yield from _differs(f"{found.id} funded", expected.funded, found.funded)
        yield from _differs(f"{found.id} released", expected.gross, found.released)
        yield from _differs(f"{found.id} returned", expected.returned, found.returned)


def _contracts_conserve(outcome: Outcome) -> Iterator[Fault]:
    for found in outcome.evidence.contracts.values():
        yield from _differs(found.id, found.funded, found.released + found.returned + found.held)


def _sessions_agree(outcome: Outcome) -> Iterator[Fault]:
    """Each contract's sessions, in the order worked, stand in its terms in the same order."""
    ahead = {deal: iter(terms.sessions) for deal, terms in outcome.terms.contracts.items()}
    for worked, found in zip(outcome.cast.sessions, outcome.evidence.sessions, strict=True):
        seconds, payment = next(ahead[worked.contract.deal])
        yield from _differs(f"{found.id} status", "approved", found.status)
        yield from _differs(f"{found.id} end", worked.plan.end, found.end_reason)
        yield from _differs(f"{found.id} seconds", seconds, found.billable_seconds)
        yield from _differs(f"{found.id} pay", payment, found.amount.amount)


def _seats_agree(outcome: Outcome) -> Iterator[Fault]:
    awarded = [task for task, _ in outcome.terms.contracts]
    for key, task in outcome.evidence.tasks.items():
        left = outcome.cast.tasks[key].plan.seats - awarded.count(key)
        yield from _differs(f"{key} seats left", left, task.seats_left)
        yield from _differs(f"{key} status", "open" if left else "filled", task.status)


def _ratings_agree(outcome: Outcome) -> Iterator[Fault]:
    for contract in outcome.cast.contracts.values():
        about_worker = outcome.evidence.worker_ratings[contract.worker.plan.key]
        about_client = outcome.evidence.client_ratings[contract.company.plan.key]
        of_worker, of_client = contract.plan.rating_of_worker, contract.plan.rating_of_client
        wanted = (of_worker.overall, of_client.overall) if of_worker and of_client else (None, None)
        found = (_stars(about_worker, contract), _stars(about_client, contract))
        yield from _differs(f"{contract.id} ratings", wanted, found)


def _stars(ratings: list[Rating], contract: SignedContract) -> int | None:
    return next((rating.overall for rating in ratings if rating.contract_id == contract.id), None)


def _all_matched(outcome: Outcome) -> Iterator[Fault]:
    counts = outcome.evidence.reconciliation.counts
    if not counts.get("matched"):
        yield "nothing matched"
    for kind, count in counts.items():
        if kind != "matched":
            yield from _differs(kind, 0, count)


def _repeats_are_replayed(outcome: Outcome) -> Iterator[Fault]:
    for sent, again in outcome.evidence.repeats:
        marked = again.headers.get("Idempotent-Replayed")
        yield from _differs(f"{sent.path} status", sent.status, again.status_code)
        yield from _differs(f"{sent.path} body", sent.content, again.content)
        yield from _differs(f"{sent.path} Idempotent-Replayed", "true", marked)


def _strangers_see_nothing(outcome: Outcome) -> Iterator[Fault]:
    look = outcome.evidence.strangers_look
    yield from _differs(look.url.path, 404, look.status_code)


def _trace_reaches_the_bank(outcome: Outcome) -> Iterator[Fault]:
    trace = outcome.evidence.trace
    kinds = [link.kind for link in trace.chain] if trace else []
    yield from _differs("first link", TRACE_KINDS[0], kinds[0] if kinds else None)
    missing = [kind for kind in TRACE_KINDS if kind not in kinds]
    if missing:
        yield f"no {', '.join(missing)} among {', '.join(kinds)}"
        return
    for earlier, later in pairwise(TRACE_KINDS):
        if kinds.index(earlier) > kinds.index(later):
            yield f"{earlier} stands after {later}"


CHECKS: tuple[tuple[str, Callable[[Outcome], Iterator[Fault]]], ...] = (
    ("in every currency the debits equal the credits", _debits_equal_credits),
    ("in every currency all balances add up to zero", _balances_add_up_to_zero),
    ("the platform's fees are 10 % of every payment, rounded half up", _fees_agree),
    ("every worker's earnings agree with the terms of the contracts", _earnings_agree),
    ("every payout is paid, in full", _payouts_paid),
    ("every wallet is its top-ups, less funded, plus returned", _wallets_agree),
    ("every contract released and returned what its terms say", _contracts_agree),
    ("on every contract funded = released + returned + held", _contracts_conserve),
    ("every session is paid for exactly the seconds that were proven", _sessions_agree),
    ("no task has given away more seats than it has", _seats_agree),
    ("ratings show when both sides have rated, and only then", _ratings_agree),
    ("ledger and Stripe match, line by line", _all_matched),
    ("a repeated Idempotency-Key gives the first answer, byte for byte", _repeats_are_replayed),
    ("a stranger's look at a contract finds nothing", _strangers_see_nothing),
    ("a payout can be traced from the request to the bank", _trace_reaches_the_bank),
)
