"""What the pages of a report share."""

from typing import Any
from urllib.parse import quote

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from ..models import ReportFile, ServiceReport
from ..queries import RELATED, history_of
from ..reading import Reading
from ..verification import is_document_genuine

ACTIONS = {
    "report.compiled": _("counted the figures"),
    "report.reviewed": _("reviewed it"),
    "report.issued": _("issued it"),
    "report.accepted": _("accepted it"),
    "report.disputed": _("disputed it"),
    "report.answered": _("answered the dispute"),
    "report.corrected": _("began a corrected edition"),
    "report.meeting_planned": _("planned the review meeting"),
    "report.action_given": _("gave an action"),
    "report.action_registered": _("wrote an action into the register of improvements"),
    "report.action_done": _("said that an action is done"),
    "report.meeting_closed": _("closed the minutes of the review meeting"),
}


def report_or_404(rows: Any, pk: int) -> ServiceReport:
    """:raises Http404: none of those that the person may see."""
    found: ServiceReport = get_object_or_404(rows.select_related(*RELATED), pk=pk)
    return found


def context_of(report: ServiceReport, *, base: str, user: Any) -> dict[str, Any]:
    """
    What both sides see of a report.

    :param base: address under which its parts stand. :param user: links to other editions only where they may see them.
    """
    editions = ServiceReport.objects.visible_to(user).defer("document", "summary")
    return {
        "report": report,
        "reading": Reading(report, lambda key: f"{base}figures/{quote(key)}/"),
        "file": ReportFile.objects.filter(report=report).first() if report.is_frozen else None,
        "is_genuine": not report.is_frozen or is_document_genuine(report),
        "remarks": report.remarks.select_related("by") if report.is_frozen else (),
        "predecessor": editions.filter(pk=report.predecessor_id).first() if report.predecessor_id else None,
        "successor": editions.filter(predecessor=report).first() if report.is_frozen else None,
        "base": base,
    }


def lines_of(report: ServiceReport) -> list[dict[str, Any]]:
    """The log of a report in words."""
    return [
        {
            "who": str(each.actor or "Steward"),
            "did": ACTIONS.get(each.action, each.action),
            "at": each.at,
            "reason": each.reason,
        }
        for each in history_of(report)
    ]
