"""Minor units as people write them: with the currency's own number of decimals (ISO 4217)."""

DECIMALS_USUAL = 2
DECIMALS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND"), 0),
    **dict.fromkeys(("VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def decimals(currency: str) -> int:
    """How many digits stand behind the point."""
    return DECIMALS.get(currency, DECIMALS_USUAL)


def written(amount: int, currency: str) -> str:
    """`amount` minor units: 123456 is `1,234.56` in EUR, `123,456` in JPY, `123.456` in KWD."""
    places = decimals(currency)
    whole, rest = divmod(abs(amount), 10**places)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole:,}.{rest:0{places}d}" if places else f"{sign}{whole:,}"
