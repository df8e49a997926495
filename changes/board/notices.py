"""Who finds in their inbox that a change is on the agenda of a meeting."""

from django.utils.translation import gettext as _

from audit.models import Entry
from audit.subscriptions import subscribe
from notifications.models import NoticeKind
from notifications.subscriptions import record_of, tell
from people.models import User

from .models import Attendee


def register() -> None:
    """Called when the app is ready."""
    subscribe("board.notices", to=["change.board_invited", "change.board_deferred"], handler=told)


def told(entry: Entry) -> None:
    """Tell those who vote, and who asked for the change or implements it."""
    record = record_of(entry)
    if record is None:
        return
    attendees = Attendee.objects.filter(meeting=entry.data.get("meeting"), is_voting=True).select_related("user")
    people: dict[User, object] = {}
    if entry.action == "change.board_invited":
        people = {each.user: lambda: _("because you are invited to the meeting") for each in attendees}
    if record.assignee is not None:
        people[record.assignee] = lambda: _("because you implement it")
    people[record.requester] = lambda: _("because you asked for it")
    tell(entry, record, NoticeKind.CHANGED, people, lambda: _text(entry))


def _text(entry: Entry) -> str:
    if entry.action == "change.board_deferred":
        return _("Deferred to %(to)s: %(reason)s") % {"to": entry.data["to"], "reason": entry.reason}
    return _("On the agenda of %(board)s, %(day)s") % {"board": entry.data["board"], "day": entry.data["day"]}
