"""The Stripe account that a worker is paid through: asked for, opened, verified by its owner."""

from marketplace.people.ports import AccountState, OnboardingLink
from marketplace.people.workers import Worker
from marketplace.shared.errors import NotFound
from marketplace.shared.events import EventType
from marketplace.shared.ids import renamed
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction

PREFIX = "poa"
ATTEMPT_SECONDS_MAX = 23 * 3_600
"""Stripe may forget an idempotency key after 24 hours (Stripe: /api/idempotent_requests)."""
LOOKS_AFTER_SECONDS = (3_600, 86_400, 3 * 86_400, 7 * 86_400, 14 * 86_400, 30 * 86_400)
"""When one that is not ready, or of which Stripe wants to know more, is looked at, should the webhook be
lost: counted from when its owner last asked, or from its last change. Afterwards its owner asks again."""


def payout_account_id(worker_id: str) -> str:
    """A worker has one payout account, so its id is the worker's, renamed."""
    return renamed(worker_id, PREFIX)


@dataclass(frozen=True)
class PayoutAccount:
    """`attempted_at` is when opening attempt number `attempt` began, `asked` how often it was wanted,
    `verified_at` when Stripe was first ready to pay out through it, `ready_since` when it last became so,
    `look_at` when it is looked at next, because of what it is like since `stood_since`; epoch seconds.
    `instant_currencies` are those in which its bank takes instant payouts."""

    id: str
    worker_id: str
    country: str
    created_at: int
    attempted_at: int
    attempt: int = 1
    asked: int = 1
    stripe_account: str | None = None
    onboarding_url: Private[str | None] = None
    onboarding_ends_at: int = 0
    payouts_enabled: bool = False
    requirements: tuple[str, ...] = ()
    verified_at: int | None = None
    ready_since: int | None = None
    instant_currencies: tuple[str, ...] | None = None
    stood_since: int | None = None
    look_at: int | None = None

    @property
    def is_ready(self) -> bool:
        """Whether Stripe pays out through it."""
        return self.stripe_account is not None and self.payouts_enabled

    @property
    def create_key(self) -> str:
        """The idempotency key of the opening attempt."""
        return f"{self.worker_id}:account:{self.attempt}"

    def attempted(self, country: str, at: int) -> "PayoutAccount":
        """Another try at opening: under the same key while Stripe keeps it."""
        again = replace(self, asked=self.asked + 1)
        if at < self.attempted_at + ATTEMPT_SECONDS_MAX and country == self.country:
            return again
        return again.attempted_anew(country, at)

    def attempted_anew(self, country: str, at: int) -> "PayoutAccount":
        """A try under a new key."""
        return replace(self, country=country, attempt=self.attempt + 1, attempted_at=at)

    def standing(self, state: AccountState, at: int) -> "PayoutAccount":
        """As Stripe has it at `at`."""
        newly = state.payouts_enabled and not self.payouts_enabled
        stands = replace(
            self,
            stripe_account=state.stripe_account,
            payouts_enabled=state.payouts_enabled,
            requirements=state.requirements,
            verified_at=at if newly and self.verified_at is None else self.verified_at,
            ready_since=at if newly else self.ready_since,
            instant_currencies=state.instant or None,
        )
        return self if stands == self else stands.watched(at)

    def watched(self, at: int) -> "PayoutAccount":
        """Looked at from `at` on, while something is missing."""
        return replace(self, stood_since=at).looked_at(at)

    def looked_at(self, at: int) -> "PayoutAccount":
        """Until the next look, if there is one."""
        missing = not self.payouts_enabled or self.requirements
        looks = ((self.stood_since or at) + pause for pause in LOOKS_AFTER_SECONDS if missing)
        look_at = next((look for look in looks if look > at), None)
        return replace(self, look_at=look_at, stood_since=None if look_at is None else self.stood_since)

    def linked(self, link: OnboardingLink) -> "PayoutAccount":
        """With the link that its owner was shown last."""
        return replace(self, onboarding_url=link.url, onboarding_ends_at=link.expires_at)


class StaleAccount(RuntimeError):
    """The account changed while Stripe was asked about it: ask again."""


def request_payout_account(worker_id: str, tx: Transaction) -> PayoutAccount:
    """The first commit of opening one; an opened account is left as it is. Raises NotFound."""
    worker, account = tx.get(Worker, worker_id), tx.find(PayoutAccount, payout_account_id(worker_id))
    if account is not None and account.stripe_account is not None:
        return account
    if account is None:
        wanted = PayoutAccount(payout_account_id(worker.id), worker.id, worker.country, tx.now, tx.now)
    else:
        wanted = account.attempted(worker.country, tx.now)
    tx.save(wanted)
    tx.publish(EventType.PAYOUT_ACCOUNT_REQUESTED, about=(wanted.id, worker.id))
    return wanted


def attach_payout_account(
    seen: PayoutAccount, state: AccountState, link: OnboardingLink, tx: Transaction
) -> PayoutAccount:
    """The second commit: what Stripe opened, or how it stands by now, unless somebody has written that
    down since it was `seen`. Raises NotFound."""
    account = tx.get(PayoutAccount, seen.id)
    newer = account.stripe_account is not None and account != seen
    opened = (account if newer else account.standing(state, tx.now)).linked(link).watched(tx.now)
    tx.save(opened)
    kind = EventType.PAYOUT_ACCOUNT_UPDATED if account.stripe_account else EventType.PAYOUT_ACCOUNT_OPENED
    tx.publish(kind, about=(account.id, account.worker_id, state.stripe_account))
    return opened


def give_up_attempt(seen: PayoutAccount, tx: Transaction) -> None:
    """Stripe will not open it as asked, or only repeats an error: the next try has a key of its own.
    Raises NotFound."""
    account = tx.get(PayoutAccount, seen.id)
    if account == seen:
        tx.save(account.attempted_anew(account.country, tx.now))


def update_payout_account(seen: PayoutAccount, state: AccountState, tx: Transaction) -> PayoutAccount:
    """What Stripe said after the account was `seen`; so the last word written is the last one read.

    Raises NotFound, StaleAccount.
    """
    account = tx.find(PayoutAccount, seen.id)
    if account is None or state.stripe_account != account.stripe_account:
        raise NotFound
    if account != seen:
        raise StaleAccount("the account has changed meanwhile")
    updated = account.standing(state, tx.now)
    if updated != account:
        tx.save(updated)
        about = (account.id, account.worker_id, state.stripe_account)
        tx.publish(EventType.PAYOUT_ACCOUNT_UPDATED, about=about)
    return updated


def wake_payout_account(account_id: str, tx: Transaction) -> None:
    """Its time to be looked at has come."""
    account = tx.find(PayoutAccount, account_id)
    if account is not None and account.look_at is not None and account.look_at <= tx.now:
        tx.save(account.looked_at(tx.now))
        tx.publish(EventType.PAYOUT_ACCOUNT_DUE, about=(account.id, account.worker_id))
