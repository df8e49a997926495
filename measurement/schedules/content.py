"""What a report holds for one reader: sections of numbers, rows and shapes, out of the same readings as the pages."""

import csv
import io
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from common.csvs import harmless

from .. import filters, known
from ..dashboards.enums import Kind
from ..dashboards.showing import Board, Shown
from ..explorer.page import PARAMETERS, ExplorerPage
from .models import Schedule
from .report import Report, Section
from .sources import source_of


def report_for(schedule: Schedule, reader: Any, *, at: datetime) -> Report:
    """The report as this person would see the page at this moment."""
    if schedule.dashboard is not None:
        return _of_dashboard(schedule, reader, at)
    if schedule.page:
        return source_of(schedule.page).report(schedule.query, reader, at)
    kpi = known.kpi(schedule.kpi)
    asked = filters.read(QueryDict(schedule.query).dict(), reader, at=at, kept=PARAMETERS)
    page = ExplorerPage(kpi, asked, at)
    facts = [f"{page.value.text}" if not page.is_empty else _("No data for these days")]
    if page.change:
        facts.append(page.change)
    if page.spread and not page.is_empty:
        facts.append(" · ".join(f"{each['label']}: {each['number']}" for each in page.spread["others"]))
    if page.kind == "control":
        facts += [each["text"] for each in page.control.sentences] + page.control.notes
    section = Section(str(kpi.question), facts, page.head, page.table)
    if page.kind != "age":
        section.draw(page.chart)
    else:
        section.head, section.rows = [_("Age"), _("Open")], [[each["label"], each["number"]] for each in page.ages]
    query = f"?{asked.query()}" if asked.query() else ""
    return Report(str(kpi.name), asked.days_text, f"{settings.BASE_URL}/kpi/{kpi.id}/{query}", [section])


def _of_dashboard(schedule: Schedule, reader: Any, at: datetime) -> Report:
    dashboard = schedule.dashboard
    assert dashboard is not None
    asked = filters.read({"range": dashboard.range}, reader, at=at, operation="dashboard.view")
    tiles = list(dashboard.tiles.filter(removed_at=None))
    for tile in tiles:
        tile.dashboard = dashboard
    shown = Board(dashboard, tiles, asked, reader, at).shown()
    return Report(
        dashboard.label,
        asked.days_text,
        f"{settings.BASE_URL}{dashboard.get_absolute_url()}",
        [_of_tile(each) for each in shown],
    )


def _of_tile(shown: Shown) -> Section:
    section = Section(shown.title)
    kind = shown.tile.kind
    if shown.problem:
        section.facts = [shown.problem]
    elif kind == Kind.RECORDS:
        section.facts = [_("%(count)s in all") % {"count": shown.total}]
        section.head = [_("Ticket"), _("Subject")]
        section.rows = [[record.reference, record.title] for record in shown.records]
    elif shown.is_empty:
        section.facts = [_("No data for these days")]
    elif kind == Kind.SPLIT:
        section.head, section.rows = [_("Name"), _("Value")], [[bar["label"], bar["number"]] for bar in shown.bars]
    else:
        assert shown.value is not None
        said = [shown.value.text, f"{_('Target')}: {shown.target}" if shown.target else "", shown.change]
        section.facts = [" · ".join(each for each in said if each), *shown.notes]
        if kind != Kind.NUMBER:
            section.head, section.rows = shown.head, shown.rows
            section.draw(shown.chart)
    return section


def as_csv(report: Report) -> bytes:
    """All sections in one file: title, then the columns of its table."""
    file = io.StringIO()
    writer = csv.writer(file)
    for section in report.sections:
        writer.writerow([harmless(section.title), *map(harmless, section.facts)])
        for row in [section.head, *section.rows] if section.rows else []:
            writer.writerow([harmless(value) for value in row])
        writer.writerow([])
    return ("\ufeff" + file.getvalue()).encode()
