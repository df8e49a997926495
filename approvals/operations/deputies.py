"""Naming who decides while one is away."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused
from people.access import require
from people.models import User

from .. import deputizing
from ..models import Deputy


@transaction.atomic
def name_deputy(
    *, person: User, deputy: User, by: User, at: datetime, valid_from: date, valid_to: date, reason: str = ""
) -> Deputy:
    """
    Let `deputy` decide what `person` is asked to, from one date up to another.

    The person keeps the right to decide. A deputy of a deputy never decides, so somebody who is away in that time
    themselves can't be named.

    :param valid_to: the first day on which the person is back; not included. Dates of the person's own zone.
    :raises NotAllowed: :raises Refused: dates that don't fit, an overlap, or somebody who can't be the deputy.
    """
    require(by, "approval.delegate") if by.pk == person.pk else require(by, "approval.delegate_for_others", person)
    if deputy.pk == person.pk:
        raise Refused.because("oneself", _("Nobody is their own deputy. Choose somebody else."), "deputy")
    if not deputy.is_active:
        raise Refused.because(
            "left", _("%(person)s can't sign in. Choose somebody else.") % {"person": deputy}, "deputy"
        )
    if deputy.organization_id != person.organization_id:
        raise Refused.because(
            "organization", _("Choose somebody of %(organization)s.") % {"organization": person.organization}, "deputy"
        )
    if valid_to <= valid_from:
        raise Refused.because(
            "period", _("The day of return is not after the first day. Choose a later one."), "valid_to"
        )
    if valid_to <= deputizing.day_of(person, at):
        raise Refused.because("past", _("This time is over. Choose later days."), "valid_to")
    # Both rows of people, so that two who name each other at once meet one after the other.
    list(User.objects.select_for_update().filter(pk__in=[person.pk, deputy.pk]).order_by("pk"))
    overlapping = Deputy.objects.filter(valid_from__lt=valid_to, valid_to__gt=valid_from)
    if overlapping.filter(person=deputy).exists():
        raise Refused.because(
            "deputy_of_deputy",
            _("%(person)s is away in that time and has a deputy; a deputy's deputy can't decide. Choose somebody else.")
            % {"person": deputy},
            "deputy",
        )
    try:
        with transaction.atomic():
            made = Deputy.objects.create(
                person=person,
                deputy=deputy,
                valid_from=valid_from,
                valid_to=valid_to,
                reason=" ".join(reason.split())[:200],
                made_by=by,
                made_at=at,
            )
    except IntegrityError:
        raise Refused.because(
            "overlap",
            _("%(person)s has a deputy in that time already. End that one first, or choose other days.")
            % {"person": person},
            "valid_from",
        ) from None
    _log("deputy.named", made, by=by, at=at, reason=made.reason)
    return made


@transaction.atomic
def end_deputy(*, deputy: Deputy, by: User, at: datetime) -> None:
    """
    End a deputyship today; one that has not begun goes without a trace but its entry in the log.

    :raises NotAllowed: :raises Refused: it is over.
    """
    locked = Deputy.objects.select_for_update(of=("self",)).select_related("person", "deputy").get(pk=deputy.pk)
    person = locked.person
    require(by, "approval.delegate") if by.pk == person.pk else require(by, "approval.delegate_for_others", person)
    today = deputizing.day_of(person, at)
    if locked.valid_to <= today:
        raise Refused.because("over", _("This is over already."))
    _log("deputy.ended", locked, by=by, at=at)
    if locked.valid_from >= today:
        locked.delete()
        return
    locked.valid_to = today
    locked.save(update_fields=["valid_to"])


def _log(action: str, row: Deputy, *, by: Any, at: datetime, reason: str = "") -> None:
    log.record(
        action,
        subject_kind="person",
        subject_id=row.person_id,
        subject_label=str(row.person),
        organization_id=row.person.organization_id,
        by=by,
        at=at,
        reason=reason,
        data={
            "deputy": row.deputy_id,
            "deputy_label": str(row.deputy),
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
        },
    )
