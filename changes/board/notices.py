"""Who finds in their inbox that a change is on the agenda of a meeting, and what becomes of meetings themselves."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Entry
from audit.subscriptions import subscribe
from notifications import subjects
from notifications.models import NoticeKind
from notifications.subscriptions import record_of, tell
from people.models import User

from .models import Meeting

KIND = "meeting"
INVITED = gettext_lazy("because you are invited to the meeting")
# What happened to a meeting: what those whom the act names read. No title of a change: not everybody sees each.
SAID: dict[str, Callable[[dict[str, Any]], str]] = {
    "invited": lambda said: _("You are invited: %(day)s") % said,
    "guest_invited": lambda said: _("You are invited: %(day)s") % said,
    "guest_left_out": lambda said: _("You are not invited any more: %(day)s") % said,
    "reminded": lambda said: _("The agenda is settled: %(day)s") % said,
    "agenda_changed": lambda said: _("The agenda has changed: %(added)s added, %(removed)s taken off") % said,
    "cancelled": lambda said: _("Called off: %(reason)s") % said,
    "minuted": lambda said: _("The minutes are closed"),
    "corrected": lambda said: _("The minutes were corrected"),
}


def register() -> None:
    """Called when the app is ready."""
    subjects.declare(KIND, label=gettext_lazy("Meeting"), visible_to=Meeting.objects.visible_to)
    subscribe("board.notices", to=["change.board_invited", "change.board_deferred"], handler=told)
    subscribe("board.meetings", to=[f"meeting.{act}" for act in (*SAID, "action_given")], handler=told_of_meeting)


def told(entry: Entry) -> None:
    """Tell who asked for the change and who implements it; those who vote find the meeting in their inbox."""
    record = record_of(entry)
    if record is None:
        return
    people: dict[User, object] = {}
    if record.assignee is not None:
        people[record.assignee] = lambda: _("because you implement it")
    people[record.requester] = lambda: _("because you asked for it")
    tell(entry, record, NoticeKind.CHANGED, people, lambda: _text(entry))


def _text(entry: Entry) -> str:
    if entry.action == "change.board_deferred":
        return _("Deferred to %(to)s: %(reason)s") % {"to": entry.data["to"], "reason": entry.reason}
    return _("On the agenda of %(board)s, %(day)s") % {"board": entry.data["board"], "day": entry.data["day"]}


def told_of_meeting(entry: Entry) -> None:
    """Tell those whom the act names: invitations, the agenda, minutes, and what they were given to do."""
    meeting = Meeting.objects.select_related("board").filter(pk=entry.subject_id).first()
    if meeting is None:
        return
    people = User.objects.active().filter(pk__in=entry.data.get("people", []))
    about = subjects.About(KIND, meeting.pk, label=str(meeting))
    if entry.action == "meeting.action_given":
        why: Any = gettext_lazy("because it was given to you")
        tell(entry, about, NoticeKind.ASSIGNED, dict.fromkeys(people, why), entry.data["text"])
        return
    act = entry.action.removeprefix("meeting.")
    said = {"reason": entry.reason, "added": entry.data.get("added"), "removed": entry.data.get("removed")}
    tell(
        entry,
        about,
        NoticeKind.MEETING,
        dict.fromkeys(people, INVITED),
        lambda: SAID[act](said | {"day": _day(meeting)}),
    )


def _day(meeting: Meeting) -> str:
    """When it begins, by the clock of the meeting, which it names."""
    return f"{date_format(meeting.starts_at.astimezone(ZoneInfo(meeting.zone)), 'D j M Y, H:i')} ({meeting.zone})"
