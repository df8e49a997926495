"""
Mails to those invited, sent after the commit: the invitation, the agenda a day before, a meeting that is called off,
minutes that are closed.

The outbox hands an act over; a mail for each person is noted, so that a repeated delivery notes nothing twice. A task
sends each in a transaction of its own, and tries again what failed.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit.models import Entry
from audit.subscriptions import subscribe
from common import mailing
from notifications import preferences
from notifications.models import Channel, NoticeKind
from people.models import User
from people.vocabularies.layers import spoken_by

from .models import Meeting, Summons
from .queries.meeting import hidden_among, items_of

ACTS = ("invited", "reminded", "cancelled", "guest_invited", "action_given", "minuted")


def register() -> None:
    """Called when the app is ready."""
    subscribe("board.mail", to=[f"meeting.{act}" for act in ACTS], handler=note)


def note(entry: Entry) -> None:
    """Note a mail for each person whom the act concerns, but for who did it."""
    meeting = Meeting.objects.filter(pk=entry.subject_id, is_sample=False).first()
    if meeting is None:
        return
    people = User.objects.active().filter(pk__in=entry.data.get("people", [])).exclude(email="")
    unwanted = preferences.silenced(NoticeKind.MEETING, Channel.MAIL, people)
    Summons.objects.bulk_create(
        [
            Summons(
                meeting=meeting, user=person, act=entry.action.rpartition(".")[2], cause=f"entry:{entry.pk}",
                retry_at=entry.at,
            )
            for person in people
            if person.pk != entry.actor_id and person.pk not in unwanted
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def send_due(*, at: datetime, rows: int = mailing.BATCH_ROWS) -> int:
    """Send what is to be sent; rows that another worker holds are skipped. Returns how many went out."""
    noted = Summons.objects.select_related("user", "meeting__board", "meeting__chair")
    return mailing.send_due(noted, at=at, rows=rows, is_wanted=_is_wanted, message_of=message_of)


def _is_wanted(summons: Summons) -> bool:
    """Whether it still holds: nobody is invited to what was called off meanwhile."""
    if not summons.user.is_active or not summons.user.email:
        return False
    return summons.act in ("cancelled", "action_given", "minuted") or not summons.meeting.is_cancelled


def message_of(summons: Summons) -> EmailMessage:
    """The mail, in the language of who gets it; the moment in the zone of the meeting, which it names."""
    person, meeting = summons.user, summons.meeting
    items = items_of(meeting)
    hidden = hidden_among(items, person)
    with spoken_by(person), timezone.override(ZoneInfo(meeting.zone)):
        day = date_format(timezone.localtime(meeting.starts_at), "D j M Y, H:i")
        said = {"board": meeting.board, "day": day}
        if summons.act == "cancelled":
            subject = _("Called off: %(board)s, %(day)s") % said
        elif summons.act == "reminded":
            subject = _("Agenda: %(board)s, %(day)s") % said
        elif summons.act == "minuted":
            subject = _("Minutes: %(board)s, %(day)s") % said
        elif summons.act == "action_given":
            subject = _("An action for you: %(board)s, %(day)s") % said
        else:
            subject = _("Invitation: %(board)s, %(day)s") % said
        body = render_to_string(
            "changes/board/mail.txt",
            {
                "meeting": meeting,
                "act": summons.act,
                "day": day,
                "items": [item for item in items if item.change_id not in hidden],
                "hidden_count": len(hidden),
                "actions": [each for each in meeting.actions.filter(done_at=None) if each.owner_id == person.pk],
                "address": f"{settings.BASE_URL}{meeting.get_absolute_url()}",
                "decisions": f"{settings.BASE_URL}/decisions/",
            },
        )
    return mailing.letter(summons, "meeting", subject=subject, body=body, to=person.email)
