"""
Mails about decisions, sent after the commit.

The outbox hands over an act; its mails are noted, one row for each person, so that a repeated delivery notes nothing
twice. A task then sends each row in a transaction of its own: a mail that fails is tried again and takes none of the
others with it. All tries of one mail carry one Message-ID.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.models import Entry
from audit.subscriptions import subscribe
from common.mailing import retry_gap, sender_host
from people.models import User

from . import purposes
from .links import token_of
from .models import Approval, DecisionLink, Seat

LIVES = timedelta(days=14)
TRIES_AT_MOST = 8
BATCH_ROWS = 200
ASKING = ("asked", "reminded", "overdue", "escalated", "seat_moved", "handed_over")
TELLING = ("lapsed", "withdrawn")
_logger = logging.getLogger(__name__)


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
    if approval is None or approval.record.is_sample or approval.record.is_imported:
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


def send_due(*, at: datetime, rows: int = BATCH_ROWS) -> int:
    """Send what is to be sent, each in its own transaction; rows that another worker holds are skipped."""
    sent = 0
    keys = list(
        DecisionLink.objects.filter(retry_at__lte=at).order_by("retry_at", "pk").values_list("pk", flat=True)[:rows]
    )
    for key in keys:
        sent += _send_one(key, at=at)
    return sent


def _send_one(key: int, *, at: datetime) -> bool:
    try:
        with transaction.atomic():
            link = (
                DecisionLink.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("user", "seat__holder", "seat__step__approval__record__requester")
                .filter(pk=key, retry_at__isnull=False)
                .first()
            )
            if link is None:
                return False
            is_wanted = _is_wanted(link)
            link.retry_at = None
            link.sent_at = at if is_wanted else None
            link.attempts += 1
            link.save(update_fields=["retry_at", "sent_at", "attempts"])
            if is_wanted:
                # Last, so that only the commit can fail after it: then it goes out again under the same Message-ID.
                message_of(link).send()
            return is_wanted
    except Exception as error:
        _logger.exception("Mail %s about a decision was not sent", key)
        _try_later(key, error, at=at)
        return False


def _try_later(key: int, error: Exception, *, at: datetime) -> None:
    """Note the failure, outside the transaction that it undid; after eight tries the row stays as it is, to be seen."""
    with transaction.atomic():
        link = DecisionLink.objects.select_for_update().get(pk=key)
        link.attempts += 1
        link.retry_at = None if link.attempts >= TRIES_AT_MOST else at + retry_gap(link.attempts)
        link.error = f"{type(error).__name__}: {error}"[:2000]
        link.save(update_fields=["attempts", "retry_at", "error"])


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
    record = approval.record.specific
    purpose = purposes.find(approval.purpose)
    with override(person.language), timezone.override(person.zone):
        said = {"what": approval.label, "reference": record.reference, "title": record.title}
        if link.act in TELLING:
            subject = _("Nothing to decide any more: %(reference)s %(title)s") % said
        elif link.act in ("reminded", "overdue"):
            subject = _("Still waiting for you: %(what)s %(reference)s %(title)s") % said
        else:
            subject = _("Your decision: %(what)s %(reference)s %(title)s") % said
        body = render_to_string(
            "approvals/mail.txt",
            {
                "person": person,
                "approval": approval,
                "record": record,
                "step": link.seat.step,
                "facts": purpose.shown(record) if purpose else (),
                "is_telling": link.act in TELLING,
                "is_overdue": link.act == "overdue",
                "for_whom": link.seat.holder if link.seat.holder_id != person.pk else None,
                "address": f"{settings.BASE_URL}/decisions/link/{token_of(link)}/",
                "expires_at": link.expires_at,
            },
        )
    return EmailMessage(
        subject=" ".join(subject.split())[:250],
        body=body,
        to=[person.email],
        headers={
            "Message-ID": f"<approval-{link.pk}@{sender_host()}>",
            "Auto-Submitted": "auto-generated",
        },
    )
