"""What statements of a specification may put a number on: clocks of agreements, availability, and measures."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from common.numbers import number_in
from measurement import declarations as measures
from measurement.declarations import Direction
from records.enums import Priority
from services.specifications import bounds
from services.specifications.bounds import MINUTES, PERCENT, Bound
from services.specifications.enums import Cell

from .. import declarations
from ..enums import AgreementType
from ..keeping import QUALITY
from ..reading import clock_label, working_time

AVAILABILITY = "availability"
CLOCK, MEASURE = "clock", "measure"


def register() -> None:
    bounds.register(_bounds)


def code_of(kind: str, name: str, priority: int | None = None) -> str:
    """`clock:response` for every priority, `clock:response:1` for one, `measure:inc-fcr`."""
    return f"{kind}:{name}" if priority is None else f"{kind}:{name}:{priority}"


def parts_of(code: str) -> tuple[str, str, int | None]:
    """Kind, name and priority of a code; `availability` has neither of the latter."""
    kind, _colon, rest = code.partition(":")
    name, _colon, priority = rest.partition(":")
    return kind, name, number_in(priority)


def clocks() -> list[str]:
    """Clocks that agreements with customers promise."""
    kinds = [kind for kind, _label in declarations.kind_choices()]
    found = [
        each.clock for kind in kinds for each in declarations.promised(kind) if each.party == AgreementType.CUSTOMER
    ]
    return list(dict.fromkeys(found))


def _bounds() -> Iterator[Bound]:
    facility, support = Cell.FACILITY_FUNCTIONING, Cell.SUPPORT_FUNCTIONING
    yield Bound(AVAILABILITY, _("Availability"), _("Availability"), PERCENT, True, facility, _percent)
    for clock in clocks():
        label = clock_label(clock)
        for priority in (None, *Priority):
            named = (
                label if priority is None else _("%(clock)s, P%(priority)d") % {"clock": label, "priority": priority}
            )
            yield Bound(code_of(CLOCK, clock, priority), named, label, MINUTES, False, support, _minutes)
    known = {each.id: each for each in measures.kpis()}
    for name in QUALITY:
        if name in known:
            kpi = known[name]
            is_at_least = kpi.direction == Direction.HIGHER
            yield Bound(code_of(MEASURE, name), str(kpi.name), _("Measures"), PERCENT, is_at_least, support, _percent)


def _percent(value: Decimal) -> str:
    return f"{value.normalize():f}%"


def _minutes(value: Decimal) -> str:
    return working_time(int(value))
