"""
Mails about decisions, sent after the commit.

The outbox hands over an act; its mails are noted, one row for each person, so that a repeated delivery notes nothing
twice. A task then sends each row in a transaction of its own: a mail that fails is tried again and takes none of the
others with it. All tries of one mail carry one Message-ID.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import Entry
from audit.subscriptions import subscribe
from common import mailing
from people.models import User
from people.vocabularies.layers import spoken_by

from . import purposes
from .links import token_of
from .models import Approval, DecisionLink, Seat

LIVES = timedelta(days=14)
ASKING = ("asked", "reminded", "overdue", "escalated", "seat_moved", "handed_over")
TELLING = ("lapsed", "withdrawn")


# Whether a person wants such mails at all. Whoever keeps their wishes says so here; what waits is listed either way.
_wishes: list[Callable[[User], bool]] = []


def ask_first(wish: Callable[[User], bool]) -> None:
    """Have `wish` asked before each mail that asks somebody; mails that tell of what was sent before always go."""
    if wish not in _wishes:
        _wishes.append(wish)


def register() -> None:
    """Called when the app is ready."""
    subscribe("approvals.mail", to=[f"approval.{act}" for act in (*ASKING, *TELLING)], handler=note)


def note(entry: Entry) -> None:
    """Note a mail for each person whom the act asks, or tells that there is nothing to decide any more."""
    act = entry.action.rpartition(".")[2]
    approval = Approval.objects.select_related("record").filter(pk=entry.data.get("approval")).first()
    subject: Any = approval.subject if approval is not None else None
    if approval is None or subject is None or subject.is_sample or getattr(subject, "is_imported", False):
        return
    rows = []
    for person in User.objects.active().filter(pk__in=entry.data.get("people", [])).exclude(email=""):
        seat = _seat_of(approval, person, stands_for=entry.data.get("deputies", {}))
        if seat is None or person.pk == entry.actor_id:
            continue
        rows.append(
            DecisionLink(
                seat=seat,
                user=person,
                cause=f"entry:{entry.pk}",
                act=act,
                made_at=entry.at,
                expires_at=entry.at + LIVES,
                used_at=entry.at if act in TELLING else None,
                retry_at=entry.at,
            )
        )
    DecisionLink.objects.bulk_create(rows, ignore_conflicts=True)


def _seat_of(approval: Approval, person: User, *, stands_for: dict[str, int]) -> Seat | None:
    """The latest seat of the person, or of the one they stand in for; those who asked have none and get no mail."""
    seats = (
        Seat.objects.filter(step__approval=approval).exclude(step__opened_at=None).order_by("-step__position", "-pk")
    )
    own = seats.filter(acting=person).first()
    return own or seats.filter(acting_id=stands_for.get(str(person.pk), 0)).first()


def send_due(*, at: datetime, rows: int = mailing.BATCH_ROWS) -> int:
    """Send what is to be sent, each in its own transaction; rows that another worker holds are skipped."""
    noted = DecisionLink.objects.select_related("user", "seat__holder", "seat__step__approval__record__requester")
    return mailing.send_due(noted, at=at, rows=rows, is_wanted=_is_wanted, message_of=message_of)


def _is_wanted(link: DecisionLink) -> bool:
    """Whether it still holds: nobody is asked for what was decided meanwhile."""
    if not link.user.is_active or not link.user.email:
        return False
    if link.act in TELLING:
        return True
    return link.seat.step.is_open and link.used_at is None and all(wish(link.user) for wish in _wishes)


def message_of(link: DecisionLink) -> EmailMessage:
    """The mail, in the language and zone of who gets it."""
    person, approval = link.user, link.seat.step.approval
    subject = getattr(approval.subject, "specific", approval.subject)
    purpose = purposes.find(approval.purpose)
    with spoken_by(person), timezone.override(person.zone):
        said = {"what": approval.label, "reference": subject.reference, "title": subject.title}
        if link.act in TELLING:
            heading = _("Nothing to decide any more: %(reference)s %(title)s") % said
        elif link.act in ("reminded", "overdue"):
            heading = _("Still waiting for you: %(what)s %(reference)s %(title)s") % said
        else:
            heading = _("Your decision: %(what)s %(reference)s %(title)s") % said
        body = render_to_string(
            "approvals/mail.txt",
            {
                "person": person,
                "approval": approval,
                "subject": subject,
                "step": link.seat.step,
                "facts": purpose.shown(subject) if purpose else (),
                "is_telling": link.act in TELLING,
                "is_overdue": link.act == "overdue",
                "for_whom": link.seat.holder if link.seat.holder_id != person.pk else None,
                "address": f"{settings.BASE_URL}/decisions/link/{token_of(link)}/",
                "expires_at": link.expires_at,
            },
        )
    return mailing.letter(link, "approval", subject=heading, body=body, to=person.email)
