"""
What a statement may put a number on: clocks and availability of agreements, measures. Declared by those who keep them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from common.time import parse_duration

PERCENT, MINUTES = "percent", "minutes"
MOST = {PERCENT: Decimal(100), MINUTES: Decimal(525_600)}


@dataclass(frozen=True)
class Bound:
    """
    :param code: how statements name it. :param group: the heading it is offered under. :param unit: percent or minutes.
    :param cell: the only cell that it fits; empty for both cells of functioning.
    :param write: the number as people read it.
    """

    code: str
    label: str
    group: str
    unit: str
    is_at_least: bool
    cell: str
    write: Callable[[Decimal], str]

    def fits(self, cell: str) -> bool:
        return not self.cell or self.cell == cell

    def read(self, text: str) -> Decimal:
        """
        The number that somebody typed: `4 h`, `30 min`, `99.5`, `99,5 %`.

        :raises ValueError: it is none, or outside of 0 to 100 percent, or of a minute to a year.
        """
        if self.unit == MINUTES:
            value = Decimal(int(parse_duration(text).total_seconds() // 60))
        else:
            try:
                value = Decimal(text.strip().removesuffix("%").strip().replace(",", "."))
            except InvalidOperation:
                raise ValueError(text) from None
        return self.checked(value)

    def checked(self, value: Decimal) -> Decimal:
        """The number to three decimals. :raises ValueError: it is outside of what is possible."""
        least = Decimal(1) if self.unit == MINUTES else Decimal(0)
        if not value.is_finite() or not least <= value <= MOST[self.unit]:
            raise ValueError(str(value))
        if self.unit == MINUTES and value != value.to_integral_value():
            raise ValueError(str(value))
        return value.quantize(Decimal("0.001"))


Source = Callable[[], Iterable[Bound]]
_SOURCES: list[Source] = []


def register(source: Source) -> None:
    """Called from the `ready` of the app that keeps them; the source is asked each time, in the reader's language."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def every() -> dict[str, Bound]:
    """By code, in the order in which they are offered."""
    return {each.code: each for source in _SOURCES for each in source()}


def in_words(known: dict[str, Bound], code: str, value: Any) -> str:
    """`response, P1: at most 30 min`; empty where nothing is measured, or nobody keeps it any more."""
    found = known.get(code)
    if found is None or value is None:
        return ""
    return f"{found.label}: {said(found, value)}"


def said(bound: Bound, value: Decimal) -> str:
    """`at most 30 min`."""
    words = _("at least %(bound)s") if bound.is_at_least else _("at most %(bound)s")
    return words % {"bound": bound.write(value)}
