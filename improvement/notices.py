"""Who is told what of improvements."""

from typing import Any

from django.utils.translation import gettext as _

from audit.models import Entry
from audit.subscriptions import subscribe
from notifications.models import NoticeKind
from notifications.subscriptions import record_of, tell

SAID = {
    "improvement.accepted": lambda: _("Your suggestion was accepted"),
    "improvement.declined": lambda: _("Your suggestion was declined"),
    "improvement.realized": lambda: _("What you suggested is realized"),
    "improvement.partly_realized": lambda: _("What you suggested is partly realized"),
    "improvement.not_realized": lambda: _("What you suggested is not realized"),
    "improvement.resumed": lambda: _("It is taken up again"),
    "improvement.remeasured": lambda: _("It was measured again"),
    "improvement.decayed": lambda: _("Its result is gone; open a new loop, or say why not"),
}
TO_OWNER = {"improvement.resumed", "improvement.remeasured", "improvement.decayed"}


def register() -> None:
    """Called when the app is ready."""
    subscribe("improvement.notices", to=SAID, handler=told)


def told(entry: Entry) -> None:
    """Tell whoever suggested it of decisions, and its owner of what happens by itself."""
    record = record_of(entry)
    if record is None:
        return
    people: dict[Any, Any] = {}
    if entry.action not in TO_OWNER:
        people[record.requester] = lambda: _("because you suggested it")
    elif record.owner:
        people[record.owner] = lambda: _("because you own it")
    elif record.team and record.team.lead:
        people[record.team.lead] = lambda: _("because you lead the team and nobody owns it")
    tell(entry, record, NoticeKind.CHANGED, people, SAID[entry.action])
