"""Who is told of what happens to problems."""

from typing import Any

from django.utils.translation import gettext as _

from audit.models import Entry
from audit.subscriptions import subscribe
from notifications.models import NoticeKind
from notifications.subscriptions import record_of, tell

SAID = {
    "problem.regressed": lambda: _("It came back"),
    "problem.match_found": lambda: _("An incident looks like it; say what it is"),
    "problem.reopened": lambda: _("The accepted risk is to be decided again"),
    "problem.verified": lambda: _("The fix is in place; it is watched from now on"),
}


def register() -> None:
    """Called when the app is ready."""
    subscribe("problems.notices", to=SAID, handler=told)


def told(entry: Entry) -> None:
    """Tell the owner and the investigator; with neither, the lead of the team."""
    record = record_of(entry)
    if record is None:
        return
    people: dict[Any, Any] = {}
    if record.team and record.team.lead:
        people[record.team.lead] = lambda: _("because you lead the team and nobody has it yet")
    if record.owner or record.assignee:
        people.clear()
    if record.owner:
        people[record.owner] = lambda: _("because you own it")
    if record.assignee:
        people[record.assignee] = lambda: _("because it is assigned to you")
    tell(entry, record, NoticeKind.CHANGED, people, SAID[entry.action])
