"""What Stripe takes for a card payment: 2.9 % and about 30 US cents, one rule for all currencies.

Stripe's real prices differ by country and contract (https://stripe.com/pricing); this is the US rule, its
fixed part written out for currencies whose minor unit is worth more or less than a cent.
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
