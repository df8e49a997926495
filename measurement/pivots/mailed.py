"""Saved tables by mail: what one reader would see of them, by their own rights."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from common.numbers import number_in
from common.refusals import Refused

from .. import figures, filters, known
from ..schedules.report import Report, Section
from ..schedules.sources import Source
from .counting import MOST_ROWS_IN_FILES, dimensions_in
from .counting import table as counted
from .models import Pivot

KEY, OPERATION = "table", "dashboard.view"
KEPT = ("kpi", "rows", "columns", figures.PARAMETER)
ROWS_ON_PAPER = 500


def query_of(table: Pivot) -> str:
    """What a schedule keeps of a table: which it is. It shows what the table shows when it goes out."""
    return f"table={table.pk}"


def find(query: str, person: Any) -> Pivot | None:
    """The table that a schedule names, if the person may read it."""
    return Pivot.objects.visible_to(person).filter(pk=_key(query)).first()


def report(query: str, reader: Any, at: datetime) -> Report:
    """:raises Refused: the table was removed, or nobody shares it with the reader any more."""
    table = find(query, reader)
    kpi = next((each for each in known.kpis() if table and each.id == table.kpi), None)
    if table is None or kpi is None:
        raise Refused.because("gone", text("This table is not there any more."))
    said = table.parameters
    asked = filters.read(said, reader, at=at, operation=OPERATION, kept=KEPT)
    rows, columns = dimensions_in(said)
    figure = figures.fitting(kpi, figures.figure_in(said))
    shown = counted(kpi, asked, rows=rows, columns=columns, figure=figure, most_rows=MOST_ROWS_IN_FILES)
    section = Section(str(kpi.question), most_rows=ROWS_ON_PAPER)
    section.facts = [figures.why_not(kpi, figures.figure_in(said)), ", ".join(chip["label"] for chip in asked.chips)]
    section.facts = [each for each in section.facts if each]
    if shown.is_empty:
        section.facts.append(text("Nothing was counted in these days."))
    else:
        section.head, section.rows = shown.head, shown.texts()
    return Report(table.name, asked.days_text, f"{settings.BASE_URL}{table.get_absolute_url()}", [section])


def label_of(query: str) -> str:
    """What the table is called, for those who oversee schedules; its numbers are each reader's own."""
    name = Pivot.objects.filter(pk=_key(query)).values_list("name", flat=True).first()
    return text("Table “%(name)s”") % {"name": name} if name else text("A table that is gone")


def _key(query: str) -> int:
    return number_in(QueryDict(query).get("table")) or 0


SOURCE = Source(
    KEY, _("Table"), OPERATION, report,
    label_of=label_of, is_visible=lambda query, person: find(query, person) is not None,
)  # fmt: skip
