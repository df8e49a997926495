"""Logging anew what came up again, where an agreement or time lets nothing be reopened."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import access_of, require
from records import changing
from records import operations as record_operations
from records.enums import LinkKind, Source
from records.models import Link, Record

from .. import queries
from ..models import Incident
from .creation import create


@transaction.atomic
def log_again(
    *, incident: Incident, by: Any, at: datetime, reason: str, source: str = Source.OTHER, version: int | None = None
) -> Incident:
    """
    Log what came up again as a new incident that is linked to the one before, with clocks of its own.

    Requester, subject, service, item, category, location, impact and urgency are taken over; results of the one before
    stay as they are. Where somebody covers for the requester, without logging for others, it is in their own name.

    :param reason: what does not work; the description of the new one.
    :raises NotAllowed: the person may not take it up again. :raises Stale:
    :raises Refused: it may be reopened, no reason, or it was logged again already and that one is open.
    """
    locked = changing.lock(incident)
    require(by, "incident.reopen", locked)
    changing.require_version(locked, version)
    if not queries.is_logged_again(locked, at=at):
        raise Refused.because("reopen", _("This one can be reopened, so there is nothing to log anew."))
    if not reason.strip():
        raise Refused.because("required", _("Say what does not work."), "reason")
    open_one = Record.objects.open().filter(
        pk__in=Link.objects.filter(to_record=locked.pk, kind=LinkKind.RAISED_FROM).values("from_record"),
        kind=locked.kind,
    ).first()  # fmt: skip
    if open_one is not None:
        message = _("It was logged again already, as %(reference)s. Go on there.")
        raise Refused.because("twice", message % {"reference": open_one.reference})
    covers = by is not None and by.pk != locked.requester_id
    in_own_name = covers and not access_of(by).allows_on("incident.create_for_others", locked)
    fresh = create(
        by=by,
        at=at,
        requester=by if in_own_name else locked.requester,
        title=locked.title,
        description=reason.strip(),
        impact=locked.impact,
        urgency=locked.urgency,
        source=source,
        service=locked.service,
        item=locked.item,
        category=locked.category,
        location=locked.location,
        is_sample=locked.is_sample,
    )
    # Steward links: the requester, who may log it again, links nothing else.
    record_operations.link(record=fresh, to=locked, kind=LinkKind.RAISED_FROM, by=None, at=at)
    return Incident.objects.get(pk=fresh.pk)
