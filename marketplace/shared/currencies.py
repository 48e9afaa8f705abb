"""ISO 4217 currencies that Stripe can charge and pay out, with their minor-unit exponents.

Source: https://docs.stripe.com/currencies ("Supported currencies", "Zero-decimal currencies",
"Three-decimal currencies"). ISK and UGX are two-decimal to Stripe's API although they have no minor
unit, and HUF and TWD pay out in whole units only; none of these is offered, because ledger and bank
line would disagree.
"""

_ZERO_DECIMALS = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD JOD KWD OMR TND"
_TWO_DECIMALS = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BWP BYN BZD CAD CDF "
    "CHF CNY COP CRC CVE CZK DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG IDR "
    "ILS INR JMD KES KGS KHR KYD KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR "
    "MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SEK SGD SHP SLE "
    "SOS SRD STD SZL THB TJS TOP TRY TTD TZS UAH USD UYU UZS WST XCD YER ZAR ZMW"
)

EXPONENTS: dict[str, int] = {
    **dict.fromkeys(_TWO_DECIMALS.split(), 2),
    **dict.fromkeys(_ZERO_DECIMALS.split(), 0),
    **dict.fromkeys(_THREE_DECIMALS.split(), 3),
}


def exponent(currency: str) -> int:
    """Decimal places of the minor unit: 2 for USD, 0 for JPY, 3 for KWD. Raises KeyError."""
    return EXPONENTS[currency]
