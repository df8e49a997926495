"""Shares and durations as people read them. Rounded here and nowhere else, and never up to a target that was missed."""

from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from django.utils import formats
from django.utils.translation import gettext as _

from .spans import SECOND

DIGITS = 3
FEWEST_DIGITS = 2
MINUTE, HOUR = 60 * SECOND, 3_600 * SECOND


def share(value: Fraction | None) -> str:
    """
    A share in percent, cut to three decimals: 0.99949 is `99.949%` and never 99.95.

    `n/a` for None: nothing was agreed, so there is nothing to have kept.
    """
    if value is None:
        return _("n/a")
    percent = value * 100
    cut = (Decimal(percent.numerator) / percent.denominator).quantize(Decimal(1).scaleb(-DIGITS), ROUND_FLOOR)
    text = f"{cut:f}"
    while text.endswith("0") and len(text.partition(".")[2]) > FEWEST_DIGITS:
        text = text[:-1]
    places = len(text.partition(".")[2])
    return f"{formats.number_format(Decimal(text), places, use_l10n=True, force_grouping=True)}%"


def part(value: Fraction) -> str:
    """A part of something in full percent, cut: `138%`."""
    return f"{formats.number_format(int(value * 100), 0, use_l10n=True, force_grouping=True)}%"


def times(value: Fraction | None) -> str:
    """A burn rate: `0.4×`; `n/a` for None."""
    return _("n/a") if value is None else f"{formats.number_format(round(float(value), 1), 1, use_l10n=True)}×"


def duration(value: Fraction | int | None) -> str:
    """
    A duration in its two largest units: `7 h 12 min`, `43 min 12 s`, `4.32 s`; `–` for None.

    Hours stay hours, however many; below a minute two decimals, cut.
    """
    if value is None:
        return "–"
    sign, amount = ("−" if value < 0 else ""), abs(Fraction(value))
    hours, rest = divmod(amount, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds = rest // SECOND
    if hours:
        first = _("%(number)s h") % {"number": formats.number_format(int(hours), 0, force_grouping=True)}
        text = f"{first} {_('%(number)s min') % {'number': int(minutes)}}" if minutes else first
    elif minutes:
        first = _("%(number)s min") % {"number": int(minutes)}
        text = f"{first} {_('%(number)s s') % {'number': int(seconds)}}" if seconds else first
    else:
        text = _("%(number)s s") % {"number": _seconds(rest)}
    return sign + text


def _seconds(value: Fraction | int) -> str:
    hundredths = int(value * 100 // SECOND)
    text = f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".")
    return str(formats.localize(Decimal(text)))
