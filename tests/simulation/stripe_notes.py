"""What the modelled Stripe tells us by webhook."""

Note = dict[str, str]

ONLY: Note = {"only": "yes"}
"""Marks a webhook that nothing of ours makes up for here, should it never come: of a dispute that was opened,
or of a payout to our own bank (nightly lists find them), of money that is fetched back when nobody looks any
more (reconciliation shows it as missing in the ledger), and of an account that is verified weeks after it was
opened (its owner asks again). Stripe repeats a webhook for three days. (Stripe: /webhooks#behaviors)"""
