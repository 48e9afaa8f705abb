"""How long things take between us, Stripe and the banks, and when a payout is looked after. Seconds."""

BANK_SECONDS = 2 * 86_400
"""How long a bank takes until Stripe names the day."""
CARDS_CLEAR_SECONDS = 2 * 86_400
"""How long card money takes to become available (Stripe: /payouts#standard-payout-timing)."""
SWEEP_SECONDS = 600
"""When a payout is looked after, should its message be lost; doubled each time nothing came of it."""
SWEEP_DOUBLINGS_MAX = 8
AWAITING_FUNDS_SECONDS = 6 * 3_600
SHORT_AT_STRIPE_SECONDS = 3_600
"""When a worker's account is tried again that lacks money which we had sent there: somebody may have fetched
it back, or Stripe keeps it."""
ARRIVAL_GRACE_SECONDS = 86_400

RETURNED_WITHIN_SECONDS = 10 * 86_400
"""So long after it was paid a payout is looked at once more: a bank may return it for five business days
(Stripe: /payouts#payout-failures), and the webhook that says so may be lost."""
FETCHED_BACK_LOOKS_SECONDS = (86_400, 3 * 86_400, 7 * 86_400, 14 * 86_400, 30 * 86_400)
"""When what waits at Stripe is looked at, counted from when it was planned to go to the bank: somebody may
have fetched it back in Stripe's dashboard, and the webhook may be lost."""
EXPLAINED_WITHIN_SECONDS = 3_600
"""So long after a reversal it must be clear whose money it took: what was under way is known by then."""
