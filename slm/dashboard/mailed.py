"""The SLA dashboard by mail: the same numbers as on the page, for the rights of each reader."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measurement import filters
from measurement.schedules.report import Report, Section
from measurement.schedules.sources import Source
from people.access import can

from . import attained
from .page import Page

KEY = "service_levels"
OPERATION = "sla.view"


def report(query: str, reader: Any, at: datetime) -> Report:
    """What the dashboard says at this moment; where nothing has finished it says that, and no numbers."""
    asked = filters.read(QueryDict(query).dict(), reader, at=at, operation=OPERATION)
    page = Page(asked, at)
    url = f"{settings.BASE_URL}{reverse('sla:dashboard')}?{asked.query()}"
    said = [asked.days_text, *(chip["label"] for chip in asked.chips)]
    return Report(str(SOURCE.label), " · ".join(said), url, [*_sections(page)])


def _sections(page: Page) -> Any:
    yield _attained(page)
    yield Section(_("Now"), [" · ".join(f"{each['label']}: {each['number']}" for each in page.now)])
    if not page.has_anything:
        return
    trend = page.trend
    if trend["has_data"]:
        rows = [[each["number"] if isinstance(each, dict) else each for each in row] for row in trend["rows"]]
        section = Section(_("By week"), [], trend["head"], rows)
        section.draw(trend["chart"])
        yield section
    may_see = can(page.asked.scope.viewer, "agreement.view")
    if agreements := attained.by_agreement(page.asked, may_see=may_see):
        yield _table(_("By agreement"), agreements)
    for place in page.places:
        yield _table(place["title"], place["rows"])
    if page.by_month:
        yield _table(_("By month"), page.by_month)
    if page.delays:
        rows = [[each["label"], each["number"]] for each in page.delays]
        yield Section(_("Why did we miss?"), [f"{rows[0][0]}: {rows[0][1]}"], [_("Delay"), _("Misses")], rows)


def _attained(page: Page) -> Section:
    if not page.has_agreements and not page.attained.denominator:
        return Section(_("Targets met"), [_("No agreement is in force, so nothing was promised.")])
    if not page.attained.denominator:
        return Section(_("Targets met"), [_("No clock finished in these days.")])
    met = f"{page.attained.text} {page.attained_detail}"
    net = _("%(net)s without excused misses") % {"net": page.attained_net.text}
    return Section(_("Targets met"), [met, net, page.change_text])


def _table(title: str, rows: list[attained.Row]) -> Section:
    worst = min(rows, key=lambda row: (row.counts.met / row.counts.finished, row.name))
    head = [_("Name"), _("Targets met"), _("Without excused"), _("Finished"), _("Missed"), _("Excused")]
    cells = [
        [row.name, row.raw.text, row.net.text, row.counts.finished, row.counts.missed, row.counts.excused]
        for row in rows
    ]
    lowest = _("lowest: %(name)s, %(share)s") % {"name": worst.name, "share": worst.raw.text}
    return Section(title, [lowest] if len(rows) > 1 else [], head, cells)


SOURCE = Source(KEY, gettext_lazy("Service levels"), OPERATION, report)
