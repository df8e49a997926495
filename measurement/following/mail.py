"""Letters about measures that crossed the line of an alert: one for each crossing, in the words of its owner."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common import mailing
from people.vocabularies.layers import spoken_by

from .models import Alert, AlertLetter

# Whether the owner wants a letter about this alert at all. Whoever keeps people's wishes says so here.
_wishes: list[Callable[[Alert], bool]] = []


def ask_first(wish: Callable[[Alert], bool]) -> None:
    """Have `wish` asked before each letter is sent; the alert itself goes on either way."""
    if wish not in _wishes:
        _wishes.append(wish)


def note(alert: Alert, said: str, *, at: datetime) -> None:
    """Note a letter in the transaction that notes the crossing. What is a sample sends nothing."""
    if not alert.is_sample and alert.owner.email:
        AlertLetter.objects.create(alert=alert, crossed_at=at, said=said, retry_at=at)


def send_due(*, at: datetime, rows: int = mailing.BATCH_ROWS) -> int:
    """Send what is to be sent; rows that another worker holds are skipped. Returns how many went out."""
    noted = AlertLetter.objects.select_related("alert__owner")
    return mailing.send_due(noted, at=at, rows=rows, is_wanted=_is_wanted, message_of=message_of)


def _is_wanted(letter: AlertLetter) -> bool:
    """By the rights and wishes of the moment at which it goes out."""
    alert, owner = letter.alert, letter.alert.owner
    is_seen = bool(owner.is_active and owner.email) and Alert.objects.visible_to(owner).filter(pk=alert.pk).exists()
    return is_seen and all(wish(alert) for wish in _wishes)


def message_of(letter: AlertLetter) -> EmailMultiAlternatives:
    """The mail as text and HTML, with where to see it and how to hear of it no more."""
    alert, person = letter.alert, letter.alert.owner
    with spoken_by(person), timezone.override(person.zone):
        stop = f"{settings.BASE_URL}{reverse('kpi_following:alert_removal', args=[alert.pk])}"
        said: dict[str, Any] = {
            "alert": alert, "letter": letter, "stop": stop,
            "name": str(alert), "page": f"{settings.BASE_URL}{alert.get_absolute_url()}",
            "wishes": f"{settings.BASE_URL}{reverse('people:news')}",
        }  # fmt: skip
        subject = _("%(measure)s: your alert") % {"measure": alert}
        body = render_to_string("measurement/following/mail.txt", said)
        rich = render_to_string("measurement/following/mail.html", said)
    return mailing.letter(letter, "alert", subject=subject, body=body, to=person.email, rich=rich, leave=stop)
