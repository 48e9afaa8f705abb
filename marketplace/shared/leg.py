"""One step that something takes at Stripe (a transfer, a bank payout, a refund), and what is known of it.

    parked ──let go──> planned          nothing is sent, nor was, while it is parked
    planned ──send──> confirmed                      the answer, a webhook or a look-up, whichever comes first
       │ └──no answer──> lost ──look──> confirmed
       │                  └──not there, 10 minutes after the last send──> sent again, same key; if that key
       │                     is known to repeat an error: planned again, next attempt, new key
       └──a definite no──> planned again, next attempt, new key

Source: https://docs.stripe.com/api/idempotent_requests: answers are replayed, refusals and 500 included,
and a key may be forgotten after 24 hours.
"""

from marketplace.shared.records import dataclass, replace

KEY_SECONDS_MAX = 23 * 3_600
"""So long after an attempt was planned its key alone keeps a second send from taking effect."""
MISS_CONCLUSIVE_SECONDS = 600
"""What a look-up does not find so long after the last send does not exist."""
FIRST_LOOK_SECONDS = 60
LOOK_PAUSE_SECONDS_MAX = 3 * 3_600
LOOK_DOUBLINGS_MAX = 10


@dataclass(frozen=True)
class Leg:
    """`planned_at` is when the attempt was written down, before anything was sent; `lost_at` is its last
    send of unknown outcome, `resends` how often it was sent again; epoch seconds. The key of a `spent`
    leg repeats an error that was saved under it, so nothing can be done with it. Nothing of a `parked`
    attempt was ever sent, and only a commit that lets it go makes that possible."""

    planned_at: int
    attempt: int = 1
    lost_at: int | None = None
    resends: int = 0
    spent: bool = False
    stripe_id: str | None = None
    parked: bool = False

    def must_look(self, now: int) -> bool:
        """Whether to look before sending: something may be there that the key no longer protects."""
        return self.lost_at is not None or now >= self.planned_at + KEY_SECONDS_MAX

    @property
    def miss_conclusive_at(self) -> int:
        """From when on a miss proves that nothing was done; nothing is sent unrecorded once `must_look`."""
        last_send = self.planned_at + KEY_SECONDS_MAX if self.lost_at is None else self.lost_at
        return last_send + MISS_CONCLUSIVE_SECONDS

    @property
    def look_at(self) -> int:
        """When to look after a send was lost: soon the first time, then ever more patiently."""
        if self.lost_at is None or self.resends == 0:
            return (self.lost_at or self.planned_at) + FIRST_LOOK_SECONDS
        pause = MISS_CONCLUSIVE_SECONDS << min(self.resends, LOOK_DOUBLINGS_MAX)
        return self.lost_at + min(pause, LOOK_PAUSE_SECONDS_MAX)

    def confirmed(self, stripe_id: str) -> "Leg":
        """It is there."""
        return replace(self, stripe_id=stripe_id, lost_at=None)

    def lost(self, at: int, *, spent: bool = False) -> "Leg":
        """A send at `at` has an unknown outcome; `spent` if it is an old answer, given again."""
        return replace(self, lost_at=at, spent=self.spent or spent)

    def resending(self, at: int) -> "Leg":
        """About to be sent again under the same key."""
        return replace(self, lost_at=at, resends=self.resends + 1)

    def planned_again(self, at: int, *, parked: bool = False) -> "Leg":
        """After a definite no, or when nothing was done and nothing can be: the next attempt, under a key
        of its own."""
        return Leg(planned_at=at, attempt=self.attempt + 1, parked=parked)

    def put_off(self, at: int) -> "Leg":
        """What comes after a step that has to wait, waits with it; nothing of it was sent."""
        return replace(self, planned_at=at, parked=True)

    def let_go(self, at: int) -> "Leg":
        """From here on it may be sent at any moment."""
        return replace(self, planned_at=at, parked=False) if self.parked else self
