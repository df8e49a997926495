"""Who is told of what happens to releases."""

from typing import Any

from django.utils.translation import gettext as _

from audit.models import Entry
from audit.subscriptions import subscribe
from notifications.models import NoticeKind
from notifications.subscriptions import record_of, tell

from .operations.reminding import DATE_NEAR, ENDED, ENDS_SOON
from .reactions import LOST

SAID = {
    DATE_NEAR: lambda: _("The planned date is near; look at what is missing"),
    ENDS_SOON: lambda: _("Its early life ends within a day"),
    ENDED: lambda: _("Its early life is over; close it, or say what it waits for"),
    LOST: lambda: _("Something in it is not authorized any more"),
    "release.stopped": lambda: _("No-go"),
    "release.rolled_back": lambda: _("Rolled back"),
}


def register() -> None:
    """Called when the app is ready."""
    subscribe("releases.notices", to=SAID, handler=told)


def told(entry: Entry) -> None:
    """Tell the release manager and the owner; with neither, the lead of the team, else whoever planned it."""
    record = record_of(entry)
    if record is None:
        return
    people: dict[Any, Any] = {}
    if record.owner:
        people[record.owner] = lambda: _("because you own it")
    if record.assignee:
        people[record.assignee] = lambda: _("because you manage this release")
    if not people and record.team and record.team.lead:
        people[record.team.lead] = lambda: _("because you lead the team and nobody has it yet")
    if not people:
        people[record.requester] = lambda: _("because you planned it")
    tell(entry, record, NoticeKind.CHANGED, people, SAID[entry.action])
