"""What Stripe takes: 2.9 % and about 30 US cents for a card payment, about 15 US dollars for a dispute.

Stripe's real prices differ by country and contract (https://stripe.com/pricing); this is the US rule for all
currencies, its fixed parts written out where a minor unit is worth more or less than a cent. No refund gives
a fee back (https://docs.stripe.com/refunds); what a capture leaves out never costs one.
"""

CARD_FEE_PER_MILLE = 29

CARD_FEE_FIXED_DEFAULT = 30
CARD_FEE_FIXED = {
    "bhd": 110, "bif": 900, "clp": 300, "djf": 50, "gnf": 2600, "huf": 11000, "isk": 4000, "jod": 210,
    "jpy": 40, "kmf": 140, "krw": 400, "kwd": 90, "mga": 1400, "omr": 120, "pyg": 2300, "rwf": 400,
    "tnd": 900, "ugx": 110000, "vnd": 7500, "vuv": 40, "xaf": 180, "xof": 180, "xpf": 30,
}  # fmt: skip
"""The fixed part in minor units, where 30 of them are not about 30 US cents."""


def card_fee(amount: int, currency: str) -> int:
    """Stripe's fee for a card payment of `amount`, both in minor units of `currency`; rounded half up."""
    share = (amount * CARD_FEE_PER_MILLE + 500) // 1000
    return share + CARD_FEE_FIXED.get(currency, CARD_FEE_FIXED_DEFAULT)


DISPUTE_FEE_IN_FIXED_PARTS = 50
DISPUTE_FEES = {"usd": 1500, "eur": 2000, "gbp": 2000, "jpy": 1500}
"""Minor units, as Stripe's price pages say; elsewhere 50 times the fixed part, also about 15 US dollars.

Source: https://support.stripe.com/questions/june-2025-pricing-updates-for-disputes
"""


def dispute_fee(currency: str) -> int:
    """What it costs to be disputed, minor units of `currency`; kept by Stripe even when the dispute is won.

    Source: https://docs.stripe.com/disputes/responding ("we never return the dispute received fee"). The fee
    for countering, which a won dispute gives back, is not charged here.
    """
    fixed_part = CARD_FEE_FIXED.get(currency, CARD_FEE_FIXED_DEFAULT)
    return DISPUTE_FEES.get(currency, DISPUTE_FEE_IN_FIXED_PARTS * fixed_part)
