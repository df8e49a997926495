"""Currencies: how many decimals their amounts have (ISO 4217); two where nothing else is said here."""

from decimal import Decimal

NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
THREE = "BHD IQD JOD KWD LYD OMR TND"
_PLACES = dict.fromkeys(NONE.split(), 0) | dict.fromkeys(THREE.split(), 3)
MOST_PLACES = 3


def places(currency: str) -> int:
    return _PLACES.get(currency, 2)


def unit(currency: str) -> Decimal:
    """The smallest amount: a cent, a yen, a fils."""
    return Decimal(1).scaleb(-places(currency))


def is_whole(amount: Decimal, currency: str) -> bool:
    """Whether the amount can be paid: no part of a unit is in it."""
    return amount % unit(currency) == 0


def plain(amount: Decimal, currency: str) -> str:
    """With as many decimals as the currency has, and no grouping: for documents and the API."""
    return f"{amount:.{places(currency)}f}"
