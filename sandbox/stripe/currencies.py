"""Currencies: how many decimals, which amounts can be charged and paid out, and what a country uses.

Source: https://docs.stripe.com/currencies (zero-decimal, three-decimal, special cases, minimum amounts).
"""

from sandbox.stripe.errors import invalid

ZERO_DECIMAL = frozenset(
    "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split()  # noqa: SIM905 - reads as a table
)
THREE_DECIMAL = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
TWO_DECIMAL = frozenset(
    """
    usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf
    cny cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr
    isk jmd kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn
    nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb
    tjs top try ttd twd tzs uah ugx uyu uzs wst xcd yer zar zmw
    """.split()  # noqa: SIM905 - reads as a table
)
SUPPORTED = ZERO_DECIMAL | TWO_DECIMAL | THREE_DECIMAL

CHARGE_MAX = 99_999_999
"""Eight digits of the smallest unit, whatever the currency."""

CHARGE_MINIMUMS = {
    "usd": 50, "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250,
    "eur": 50, "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200,
    "nok": 300, "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000,
}  # fmt: skip
"""Stripe's table, in minor units."""

CHARGE_MINIMUMS_CONVERTED = {
    "bhd": 190, "bif": 1500, "clp": 500, "djf": 90, "gnf": 4300, "jod": 360, "kmf": 230, "krw": 700,
    "kwd": 160, "mga": 2300, "omr": 200, "pyg": 4000, "rwf": 700, "tnd": 1600, "ugx": 190000, "vnd": 13000,
    "vuv": 60, "xaf": 300, "xof": 300, "xpf": 60,
}  # fmt: skip
"""Not in Stripe's table, which then asks for the equivalent of 0.50 USD: a fixed estimate, in minor units."""

CHARGE_STEPS = dict.fromkeys(THREE_DECIMAL, 10) | {"isk": 100, "ugx": 100}
"""Charges must be multiples: three-decimal currencies end in 0; ISK and UGX have two decimals, both 0."""

PAYOUT_STEPS = {"huf": 100, "isk": 100, "twd": 100, "ugx": 100}
"""Payouts must be multiples: banks take these currencies without decimals."""

PAYOUT_MINIMUMS = {
    "all": 300000, "aoa": 2300000, "ars": 460000, "amd": 1210000, "azn": 5000, "bam": 5000, "bdt": 2000,
    "bob": 20000, "btn": 250000, "clp": 23000, "cop": 14000000, "khr": 12300000, "krw": 40000, "php": 2000,
}  # fmt: skip
"""The smallest payout, in minor units, where Stripe's banks ask for more than one unit of the currency.

Source: https://docs.stripe.com/connect/cross-border-payouts/special-requirements
"""

COUNTRY_CURRENCIES = {
    "AE": "aed", "AR": "ars", "AU": "aud", "BD": "bdt", "BG": "bgn", "BH": "bhd", "BR": "brl", "CA": "cad",
    "CH": "chf", "CL": "clp", "CN": "cny", "CO": "cop", "CR": "crc", "CZ": "czk", "DK": "dkk", "DO": "dop",
    "EG": "egp", "GB": "gbp", "GT": "gtq", "HK": "hkd", "HU": "huf", "ID": "idr", "IL": "ils",
    "IN": "inr", "IS": "isk", "JM": "jmd", "JO": "jod", "JP": "jpy", "KE": "kes", "KR": "krw", "KW": "kwd",
    "LI": "chf", "LK": "lkr", "MA": "mad", "MX": "mxn", "MY": "myr", "NG": "ngn", "NO": "nok", "NP": "npr",
    "NZ": "nzd", "OM": "omr", "PE": "pen", "PH": "php", "PK": "pkr", "PL": "pln", "PY": "pyg", "QA": "qar",
    "RO": "ron", "RS": "rsd", "RW": "rwf", "SA": "sar", "SE": "sek", "SG": "sgd", "SN": "xof", "TH": "thb",
    "TN": "tnd", "TR": "try", "TW": "twd", "TZ": "tzs", "UA": "uah", "UG": "ugx", "UY": "uyu", "VN": "vnd",
    "ZA": "zar",
} | dict.fromkeys("AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK".split(), "eur")  # fmt: skip  # noqa: SIM905
"""The currency of an account's country; any other country settles in USD."""


def decimals(currency: str) -> int:
    """Digits after the point when the amount is written in major units."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def charge_minimum(currency: str) -> int:
    """Smallest amount that can be charged, minor units of `currency`."""
    return CHARGE_MINIMUMS.get(currency) or CHARGE_MINIMUMS_CONVERTED.get(currency, 50)


def payout_minimum(currency: str) -> int:
    """Smallest amount that can be paid out, minor units of `currency`."""
    return PAYOUT_MINIMUMS.get(currency, 1)


def written(amount: int, currency: str) -> str:
    """`amount` minor units as Stripe's messages write it: `0.50 usd`."""
    digits = decimals(currency)
    if digits == 0:
        return f"{amount} {currency}"
    major, minor = divmod(amount, 10**digits)
    return f"{major}.{minor:0{digits}d} {currency}"


def check_step(amount: int, currency: str, steps: dict[str, int]) -> None:
    """Raises StripeError (400) when `amount` minor units is not a multiple of the currency's step."""
    step = steps.get(currency, 1)
    if amount % step:
        raise invalid(f"Invalid amount: amounts in {currency} must be evenly divisible by {step}.", "amount")
