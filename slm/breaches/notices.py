"""Who is told of misses that nobody explained, and of requests that were sent back."""

from typing import Any

from django.utils.translation import gettext as _

from audit.models import Entry
from audit.subscriptions import subscribe
from notifications.models import NoticeKind
from notifications.subscriptions import record_of, tell

from .enums import BreachState
from .models import Breach
from .reminding import OVERDUE


def register() -> None:
    """Called when the app is ready."""
    subscribe("breaches.overdue", to=[OVERDUE], handler=overdue)
    subscribe("breaches.deferred", to=["breach.excuse_deferred"], handler=deferred)


def overdue(entry: Entry) -> None:
    """Tell the lead of the team whose miss it is, if it is still not explained."""
    record, breach = record_of(entry), _breach_of(entry)
    if record is None or breach is None or breach.state != BreachState.RECORDED:
        return
    team: Any = breach.team or record.team
    if team is not None and team.lead is not None:
        tell(
            entry, record, NoticeKind.BREACHED, {team.lead: lambda: _("because you lead the team whose target it was")},
            lambda: _("Nobody has said why the target was missed"),
        )  # fmt: skip


def deferred(entry: Entry) -> None:
    """Tell whoever asked for the excuse what evidence is missing."""
    record, breach = record_of(entry), _breach_of(entry)
    if record is None or breach is None or breach.asked_by is None:
        return
    tell(
        entry, record, NoticeKind.DECISION, {breach.asked_by: lambda: _("because you asked for the excuse")},
        lambda: _("More evidence is needed: %(reason)s") % {"reason": entry.reason},
    )  # fmt: skip


def _breach_of(entry: Entry) -> Breach | None:
    rows = Breach.objects.filter(pk=entry.data.get("breach"), record_id=entry.subject_id)
    return rows.select_related("team__lead", "asked_by").first()
