"""
Corrections to earlier months: what frozen reports said, against what the records say today.

A record that was corrected after its month was reported changes no report. The next one tells the difference, once.
"""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from common.months import Month

from ..models import ServiceReport
from .attainment import attainment
from .crediting import credits_of
from .scope import Ledger, Scope
from .tickets import tickets
from .uptime import availability, book_of

MONTHS_BACK = 12
Key = tuple[str, str, str]


def comparable(document: Mapping[str, Any]) -> dict[Key, tuple[str, Any]]:
    """The figures that are compared: what, of which row, which number -> how the row is called, and the number."""
    found: dict[Key, tuple[str, Any]] = {}
    for each in document["attainment"]["agreements"]:
        for name in ("met", "missed", "excused"):
            found["attainment", str(each["id"]), name] = each["name"], each[name]["count"]
    for each in document["tickets"]:
        for name in ("opened", "done"):
            found["tickets", each["kind"], name] = "", each[name]["count"]
    for each in document["availability"]:
        for name in ("agreed_seconds", "lost_hundredths"):
            found["availability", str(each["id"]), name] = each["name"], each[name]
    for each in document["credits"]:
        if "steps" in each:  # reports issued before terms were kept in them can't be worked out again
            found["credit", str(each["agreement_id"]), "amount"] = each["agreement"], _amount(each)
    return found


def _amount(credit: Mapping[str, Any]) -> str:
    return f"{credit['amount']} {credit['currency']}"


def corrections(scope: Scope) -> list[dict[str, Any]]:
    """
    Figures of the twelve months before that came out otherwise than they were told, the earliest month first.

    What an issued report has told as a correction is the figure known since then; it is not told again.
    """
    first = scope.month.moved(-MONTHS_BACK).first
    issued = ServiceReport.objects.frozen().latest_editions().filter(organization=scope.organization)
    earlier = list(issued.filter(first_day__gte=first, first_day__lt=scope.month.first).order_by("first_day"))
    known = {report.month.slug: comparable(report.document) for report in earlier}
    for report in earlier:
        for told in report.document["corrections"]:
            if told["month"] in known:
                known[told["month"]][told["what"], told["of"], told["figure"]] = told["name"], told["now"]
    found = []
    for report in earlier:
        today = comparable(_counted(report, scope))
        was = known[report.month.slug]
        for key in sorted({*was, *today}):
            if key[0] == "credit" and not (key in was and key in today):
                continue  # terms that were set or removed since are no correction
            name, before = was.get(key, (today.get(key, ("", 0))[0], 0))
            now = today.get(key, (name, 0))[1]
            if before != now:
                what, of, figure = key
                found.append(
                    {
                        "month": report.month.slug, "edition": report.edition, "what": what, "of": of, "name": name,
                        "figure": figure, "was": before, "now": now,
                    }
                )  # fmt: skip
    return found


def _counted(report: ServiceReport, scope: Scope) -> dict[str, Any]:
    """The month of a report as it counts today; its credits by the terms that it went by."""
    then, ledger = Scope(scope.organization, _month(report), scope.at), Ledger()
    targets = attainment(then, ledger, has_misses=False)
    services = availability(then, ledger, book_of(then, [then.month]))
    return {
        "attainment": targets,
        "tickets": tickets(then, ledger),
        "availability": services,
        "credits": credits_of(then, targets, services, earlier=report.document, is_same=True),
    }


def _month(report: ServiceReport) -> Month:
    return Month(report.first_day, ZoneInfo(report.zone))
