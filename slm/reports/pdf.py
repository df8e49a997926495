"""
The file of an issued report: the same reading as the page, laid out for paper.

Text and shapes are handed over as data, nothing is parsed: no markup, no address is followed, no file is opened but the
fonts that come with the package. The same report gives the same bytes.
"""

from typing import Any

from django.utils.translation import gettext as _

from common.paper import TITLE
from people.vocabularies.layers import spoken_to

from .models import ServiceReport
from .paper import Paper
from .reading import Reading


def made_from(report: ServiceReport) -> bytes:
    """The PDF of a frozen report, in the words of its customer. :param report: read with its organization."""
    with spoken_to(report.organization):
        reading = Reading(report)
        paper = Paper(report)
        paper.add_page()
        for part in PARTS:
            part(paper, reading)
        return bytes(paper.output())


def _head(paper: Paper, reading: Reading) -> None:
    report = reading.report
    paper.start_section(_("Summary"))
    paper.text_line(_("Service report"), is_muted=True)
    paper.text_line(str(report), size=TITLE, style="B")
    paper.text_line(reading.bounds, is_muted=True)
    if report.edition > 1:
        paper.text_line(
            _("Edition %(number)s corrects edition %(before)s: %(reason)s")
            % {"number": report.edition, "before": report.edition - 1, "reason": report.correction_reason}
        )
    if reading.document.get("purpose"):
        paper.text_line(reading.document["purpose"], is_muted=True)
    paper.ln(2)
    figures = list(reading.headlines)
    paper.rows(
        [],
        [[each["label"], each["number"], each["detail"]] for each in figures],
        (40, 25, 60),
        "LRL",
    )
    if report.summary:
        paper.section(_("Summary"))
        paper.text_line(report.summary)
    if reading.trend.has_any:
        paper.section(_("Twelve months"))
        paper.chart(_("Targets met, in percent"), reading.trend.attainment_chart)
        paper.chart(_("Tickets"), reading.trend.tickets_chart, reading.trend.ticket_keys)


def held(is_held: bool | None) -> str:
    """In words, for paper knows no colors."""
    return "" if is_held is None else _("held") if is_held else _("missed")


def _targets(paper: Paper, reading: Reading) -> None:
    paper.section(_("Targets"))
    if not reading.agreements:
        paper.text_line(_("No clock finished in this month."), is_muted=True)
        return
    rows = []
    for each in reading.agreements:
        rows.append([each["name"], each["met"], each["missed"], each["excused"], each["raw"], each["judged"],
                     each["target"], held(each["is_held"])])  # fmt: skip
        rows += [
            [f"   {part['clock']}, P{part['priority']}", part["met"], part["missed"], part["excused"], part["raw"],
             part["judged"], "", ""]
            for part in each["parts"]
        ]  # fmt: skip
    head = [_("Agreement"), _("Met"), _("Missed"), _("Excused"), _("Raw"), _("With excuses"), _("Target"), ""]
    paper.rows(head, rows, (46, 14, 15, 17, 17, 24, 17, 16), "LRRRRRRL")


def _tickets(paper: Paper, reading: Reading) -> None:
    paper.section(_("Tickets"))
    if not reading.tickets:
        paper.text_line(_("No ticket came or was done."), is_muted=True)
        return
    rows = []
    for each in reading.tickets:
        rows.append([each["kind"], each["opened"], each["done"], each["open"]])
        rows += [[f"   P{row['priority']}", row["opened"], row["done"], row["open"]] for row in each["priorities"]]
    paper.rows([_("Kind"), _("Came"), _("Done"), _("Open at the end")], rows, (60, 25, 25, 30), "LRRR")


def _uptime_rows(service: dict[str, Any]) -> list[list[Any]]:
    """The month, and below it each promise that ruled for a part of it."""
    rows = [("name", service, service["outages"]), *(("span", each, "") for each in service["parts"])]
    return [
        [("   " if name == "span" else "") + each[name], each["availability"], each["target"], held(each["is_held"]),
         each["downtime"], last]
        for name, each, last in rows
    ]  # fmt: skip


def _availability(paper: Paper, reading: Reading) -> None:
    paper.section(_("Availability"))
    if not reading.services:
        paper.text_line(_("No availability is promised, and nothing was down."), is_muted=True)
        return
    head = [_("Service"), _("Availability"), _("Target"), "", _("Downtime"), _("Outages")]
    paper.rows(
        head,
        [row for each in reading.services for row in _uptime_rows(each)],
        (56, 24, 20, 18, 28, 18), "LRRLRR",
    )  # fmt: skip
    if reading.outages:
        head = [_("Service"), _("From"), _("To"), _("Lasted"), _("Lost"), _("Cause")]
        paper.rows(
            head,
            [
                [each["service"], each["started"], each["ended"] or "–", each["lasted"],
                 _lost(each), each["cause"] or "–"]
                for each in reading.outages
            ],
            (34, 22, 22, 22, 20, 46), "LLLRRL",
        )  # fmt: skip


def _promises(paper: Paper, reading: Reading) -> None:
    if not reading.promises:
        return
    paper.section(_("Volume and quality"))
    head = [_("Agreement"), _("Promise"), _("Promised"), _("Came to"), ""]
    rows = []
    for each in reading.promises:
        name = f"{each['name']}, {each['detail']}" if each["detail"] else each["name"]
        rows.append([each["agreement"], name, each["bound"], each["came_to"], held(each["is_held"])])
    paper.rows(head, rows, (44, 54, 32, 20, 16), "LLLRL")


def _cells(paper: Paper, reading: Reading) -> None:
    if not reading.cells:
        return
    paper.section(_("What the services are"))
    for service in reading.cells:
        version = _("version %(number)s") % {"number": service["version"]}
        paper.part(f"{service['name']}, {version}")
        rows = [
            [cell["label"] if first else "", each["text"], each["said"], _measured(each), held(each["is_held"])]
            for cell in service["cells"]
            for first, each in _with_first(cell["statements"])
        ]
        head = [_("Cell"), _("Statement"), _("Said"), _("Measured"), ""]
        paper.rows(head, rows, (34, 56, 32, 28, 16), "LLLRL")


def _with_first(rows: list[Any]) -> list[tuple[bool, Any]]:
    return [(number == 0, each) for number, each in enumerate(rows)]


def _measured(said: dict[str, Any]) -> str:
    if not said["parts"]:
        return str(said["measured"])
    return _("%(measured)s (%(hits)s of %(total)s)") % {
        "measured": said["measured"], "hits": said["parts"][0], "total": said["parts"][1],
    }  # fmt: skip


def _lost(outage: dict[str, Any]) -> str:
    shown = f"{outage['weight_percent']}%"
    return f"{shown} ({_('planned')})" if outage["is_planned"] else shown


def _misses(paper: Paper, reading: Reading) -> None:
    if not reading.misses:
        return
    paper.section(_("Targets missed"))
    head = [_("Ticket"), _("Subject"), _("Clock"), _("Over"), _("What its history shows")]
    paper.rows(
        head,
        [
            [each["reference"], each["title"], f"{each['clock']}, P{each['priority']}", each["over"],
             "; ".join([*([each["said"]] if each["said"] else []), *each["why"]]) or "–"]
            for each in reading.misses
        ],
        (22, 52, 26, 22, 44), "LLLRL",
    )  # fmt: skip
    if reading.misses_left_out:
        paper.text_line(_("%(count)s more.") % {"count": reading.misses_left_out}, is_muted=True)


def _chapters(paper: Paper, reading: Reading) -> None:
    for chapter in reading.chapters:
        paper.section(chapter["title"])
        if not chapter["rows"]:
            paper.text_line(chapter["empty"], is_muted=True)
            continue
        paper.rows(
            [_("Number"), _("Subject"), _("Service"), ""],
            [[row["reference"], row["title"], row["service"] or "–", row["note"]] for row in chapter["rows"]],
            (22, 70, 36, 38), "LLLL",
        )  # fmt: skip
        if chapter["left_out"]:
            paper.text_line(_("%(count)s more.") % {"count": chapter["left_out"]}, is_muted=True)


def _credits(paper: Paper, reading: Reading) -> None:
    if not reading.credits:
        return
    paper.section(_("Service credits"))
    for each in reading.credits:
        paper.part(f"{each['agreement']}: {each['amount_text']}")
        if each["lines"]:
            paper.rows(
                [_("Promise"), _("Came to"), _("Below"), _("Credit")],
                [[line["promise"], line["value"], line["below"], line["credit"]] for line in each["lines"]],
                (70, 30, 30, 30), "LRRR",
            )  # fmt: skip
        paper.text_line(each["sum_text"], is_muted=True)


def _corrections(paper: Paper, reading: Reading) -> None:
    if not reading.corrections:
        return
    paper.section(_("Corrections to earlier months"))
    paper.rows(
        [_("Month"), _("Figure"), _("Reported"), _("Counted today")],
        [[each["month"], each["what"], each["was"], each["now"]] for each in reading.corrections],
        (30, 76, 30, 30), "LLRR",
    )  # fmt: skip


# In the order of the paper.
PARTS = (
    _head, _targets, _tickets, _availability, _promises, _cells, _misses, _chapters, _credits, _corrections,
)  # fmt: skip
