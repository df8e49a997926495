"""Attainment in rows: by agreement, place or month, raw and without excused misses; each count with its address."""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from measurement.filters import NONE, Asked
from measurement.values import Value

from .counts import Counts
from .misses import KPI, Misses
from .numbers import net, raw

DAYS_BY_AGREEMENT = 92


@dataclass(frozen=True)
class Row:
    """
    :ivar name: what the counts are of; `url` its own page, if it has one.
    :ivar promised: percent, where something was promised.
    :ivar finished_url, missed_url, excused_url: the list with as many clocks.
    """

    name: str
    counts: Counts
    finished_url: str
    missed_url: str
    excused_url: str
    url: str = ""
    promised: Any = None

    @property
    def raw(self) -> Value:
        return raw(self.counts)

    @property
    def net(self) -> Value:
        return net(self.counts)

    @property
    def is_held(self) -> bool | None:
        """Whether the promise is kept, excused misses counted; None where nothing was promised."""
        return None if self.promised is None else self.counts.met * 100 >= self.promised * self.counts.finished


def row(name: str, counts: Counts, query: str, **said: Any) -> Row:
    """One row with its addresses. :param query: of the pages of measures, narrowed to what the row counts."""
    misses = reverse("sla:breaches")
    return Row(
        name,
        counts,
        finished_url=f"{reverse('measurement:records', args=[KPI])}?{query}&part=measured",
        missed_url=f"{misses}?{query}",
        excused_url=f"{misses}?{query}&excused=1",
        **said,
    )


def by_agreement(asked: Asked, *, may_see: bool) -> list[Row]:
    """Nothing where more days would be read than `DAYS_BY_AGREEMENT`. :param may_see: the pages of agreements."""
    if asked.span.days > DAYS_BY_AGREEMENT:
        return []
    return [_of_agreement(each, asked, may_see) for each in Misses(asked.span, asked.scope).by_agreement()]


def _of_agreement(found: dict[str, Any], asked: Asked, may_see: bool) -> Row:
    """Its finished clocks stand in the list of misses with those that met: measures know no agreements."""
    slug = found["agreement__slug"]
    query = asked.query(agreement=slug or NONE)
    found_row = row(
        found["agreement__name"] or _("no agreement"),
        found["counts"],
        query,
        url=reverse("slm:agreement", args=[slug]) if slug and may_see else "",
        promised=found["agreement__attainment_target"],
    )
    return replace(found_row, finished_url=f"{reverse('sla:breaches')}?{query}&met=1")
