"""The link of a mail: signed, for one person, dead once decided, once the version changed, and after its time."""

from datetime import datetime
from typing import Any

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from common.refusals import NotAllowed, Refused

from .enums import State
from .models import DecisionLink, Seat

_signer = Signer(sep=".", salt="approvals.decision-link")


class LinkRefused(Refused):
    """The link is dead; the sentence says why and where to go. Doors answer 410."""

    status = 410


def token_of(link: DecisionLink) -> str:
    """What stands in the address; the same each time."""
    return _signer.sign(str(link.pk))


def seat_behind(token: str, *, user: Any, at: datetime) -> Seat | None:
    """
    The seat that a live link of this person leads to. Nothing is changed: opening a link decides nothing.

    :returns: None where the address was never made by us.
    :raises NotAllowed: it was sent to somebody else. :raises LinkRefused: it is dead.
    """
    try:
        key = int(_signer.unsign(token))
    except (BadSignature, ValueError):
        return None
    link = DecisionLink.objects.select_related("seat__step__approval").filter(pk=key).first()
    if link is None:
        return None
    if link.user_id != user.pk:
        raise NotAllowed.because(
            "other_person",
            _("This link was sent to somebody else. Sign in as the person who got the mail; links can't be passed on."),
        )
    approval = link.seat.step.approval
    if approval.state == State.LAPSED:
        raise LinkRefused.because(
            "lapsed", _("What was to be decided has changed, so this link is dead. You are asked again if need be.")
        )
    if not approval.is_open or not link.seat.step.is_open:
        raise LinkRefused.because(
            "ended", _("This is %(state)s; there is nothing to decide.") % {"state": approval.get_state_display()}
        )
    if link.used_at is not None:
        raise LinkRefused.because("used", _("This link was used. A vote can still be changed under My decisions."))
    if link.expires_at <= at:
        raise LinkRefused.because("expired", _("This link has expired. The decision still waits under My decisions."))
    return link.seat
