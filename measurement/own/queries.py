"""Own measures as the rest of the house reads measures."""

import logging
from collections.abc import Iterable
from functools import lru_cache

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from .. import declarations
from ..declarations import KPI, Direction, Unit
from . import counts
from .expressions import Expression, Misread, parse
from .models import OwnVersion

_logger = logging.getLogger(__name__)


def latest() -> Iterable[OwnVersion]:
    """The version that counts of each own measure in use, by name. One statement."""
    highest = OwnVersion.objects.filter(measure=OuterRef("measure")).order_by("-number").values("number")[:1]
    return (
        OwnVersion.objects.filter(measure__is_active=True, number=Subquery(highest))
        .select_related("measure")
        .order_by("name", "pk")
    )


def kpis() -> list[KPI]:
    """Own measures in use. One that names a count which is no longer declared is left out, and the log says so."""
    found = []
    for version in latest():
        try:
            found.append(kpi_of(version))
        except Misread as misread:
            _logger.warning("Own measure %s cannot be read: %s", version.measure.slug, misread)
    return found


def kpi_of(version: OwnVersion) -> KPI:
    """:raises Misread: it names a count that is no longer declared."""
    return kpi_from(
        slug=version.measure.slug, name=version.name, question=version.question, expression=read(version.expression),
        unit=version.unit, direction=version.direction, definition=version.number,
    )  # fmt: skip


@lru_cache(maxsize=256)
def read(text: str) -> Expression:
    """:raises Misread:"""
    return parse(text, known=counts.count_of)


def kpi_from(
    *, slug: str, name: str, question: str, expression: Expression, unit: str, direction: str, definition: int = 1
) -> KPI:
    """A measure out of a formula. Percent are a hundred times the formula, all other units the formula as it is."""
    families = tuple(dict.fromkeys(family for family, _amount in expression.counts))
    return KPI(
        id=slug,
        name=name,
        question=question,
        unit=Unit(unit),
        direction=Direction(direction),
        families=families,
        numerator=expression.counts[0][1],
        numerator_text=expression.text,
        denominator=expression.text if expression.has_division else None,
        event_text=_("as the counts in the formula do"),
        source_text=_("the counts in the formula"),
        factor=100.0 if unit == Unit.PERCENT else 1.0,
        definition=definition,
        is_stock=all(amount in declarations.family(family).standing for family, amount in expression.counts),
        formula=expression,
    )
