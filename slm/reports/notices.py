"""Who finds in their inbox what became of a service report, its review, and what they were given to do after it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Entry
from audit.subscriptions import subscribe
from notifications import subjects
from notifications.models import NoticeKind
from notifications.subscriptions import tell
from people.access import access_of
from people.models import User

from .enums import RemarkKind
from .models import ReviewAttendee, ServiceReport, ServiceReportQuerySet

KIND = "report"
RECEIVES = gettext_lazy("because you get this report")
PREPARES = gettext_lazy("because you prepare or issued it")
ATTENDS = gettext_lazy("because you are asked to the review")
DISPUTED = gettext_lazy("because you disputed it")
GIVEN = gettext_lazy("because it was given to you")
TEXTS = {
    "report.compiled": lambda: _("Its figures are counted. Look them through."),
    "report.issued": lambda: _("It is issued. Read it, then accept or dispute it."),
    "report.accepted": lambda: _("The customer accepted it."),
    "report.disputed": lambda: _("The customer disputes it."),
    "report.answered": lambda: _("Your dispute is answered."),
    "report.meeting_planned": lambda: _("Its review is planned."),
    "report.meeting_closed": lambda: _("The minutes of its review are closed."),
}


def register() -> None:
    """Called when the app is ready."""
    subjects.declare(KIND, label=gettext_lazy("Service report"), visible_to=seen_by)
    subscribe("reports.notices", to=[*TEXTS, "report.action_given"], handler=told)


def seen_by(user: Any) -> ServiceReportQuerySet:
    """What the person may see, each leading to the page on their side."""
    access = access_of(user)
    inside = access.rows("report.view", own=Q(pk__in=[])) if access.allows("report.view") else Q(pk__in=[])
    # An empty condition stands for all rows.
    is_in_portal = Case(When(inside, then=Value(False)), default=Value(True)) if inside else Value(False)
    rows = ServiceReport.objects.visible_to(user).select_related("organization").defer("document", "summary")
    return rows.annotate(is_in_portal=is_in_portal)


def told(entry: Entry) -> None:
    """Tell those whom an act on a report concerns."""
    rows = ServiceReport.objects.select_related("organization", "plan__owner", "issued_by").defer("document")
    report = rows.filter(pk=entry.subject_id).first()
    if report is None:
        return
    about = subjects.About(KIND, report.pk, label=str(report))
    if entry.action == "report.action_given":
        people = User.objects.active().filter(pk=entry.data.get("owner"))
        tell(entry, about, NoticeKind.ASSIGNED, dict.fromkeys(people, GIVEN), entry.data["text"])
        return
    kind, why, people = _whom(entry.action, report)
    tell(entry, about, kind, dict.fromkeys(people, why), TEXTS[entry.action])


def _whom(action: str, report: ServiceReport) -> tuple[str, Any, Iterable[User]]:
    if action == "report.issued":
        return NoticeKind.DECISION, RECEIVES, report.plan.receivers.filter(is_active=True)
    if action == "report.answered":
        said = report.remarks.filter(kind=RemarkKind.DISPUTED).values("by")
        return NoticeKind.REPLIED, DISPUTED, User.objects.active().filter(pk__in=said)
    if action in ("report.meeting_planned", "report.meeting_closed"):
        rows = ReviewAttendee.objects.filter(meeting__report=report).select_related("user")
        return NoticeKind.MEETING, ATTENDS, [each.user for each in rows]
    kind = NoticeKind.CHANGED if action == "report.compiled" else NoticeKind.REPLIED
    return kind, PREPARES, [each for each in (report.plan.owner, report.issued_by) if each is not None]
