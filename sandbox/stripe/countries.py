"""Countries where a connected account can be opened.

Source: https://docs.stripe.com/connect/accounts (supported countries) and
https://docs.stripe.com/connect/cross-border-payouts (recipients elsewhere).
"""

from sandbox.stripe.errors import StripeError

SUPPORTED = frozenset(
    """
    AE AG AL AM AO AR AT AU AZ BA BD BE BG BH BJ BN BO BR BS BT BW CA CH CI CL CO CR CY CZ DE DK DO DZ
    EC EE EG ES ET FI FR GA GB GH GI GM GR GT GY HK HR HU ID IE IL IN IS IT JM JO JP KE KH KR KW KZ LA
    LC LI LK LT LU LV MA MC MD MG MK MN MO MT MU MX MY MZ NA NE NG NL NO NZ OM PA PE PH PK PL PT PY QA
    RO RS RW SA SE SG SI SK SM SN SV TH TN TR TT TW TZ US UY UZ VN ZA
    """.split()  # noqa: SIM905 - reads as a table
)


def check(country: str) -> None:
    """Raises StripeError country_unsupported (400)."""
    if country not in SUPPORTED:
        message = f"{country} is not currently supported by Stripe."
        raise StripeError(400, message, code="country_unsupported", param="country")
