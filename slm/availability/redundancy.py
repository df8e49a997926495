"""Saying which services stand in for each other."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused
from common.texts import one_line
from people.access import require
from services.models import Service

from .models import Redundancy


@transaction.atomic
def group(*, service: Service, name: str, needed: int, members: Sequence[Service], by: Any, at: datetime) -> Redundancy:
    """
    Say that of some services that a service needs, `needed` suffice.

    :raises NotAllowed: :raises Refused: fewer than two members, more needed than there are, a name or member twice.
    """
    require(by, "redundancy.edit")
    list(Service.objects.select_for_update(no_key=True).filter(pk=service.pk).values_list("pk"))
    name = one_line(name)
    if not name:
        raise Refused.because("required", _("The name is missing. Say what these services do together."), field="name")
    if len(members) < 2:
        raise Refused.because("too_few", _("One service stands in for nothing. Choose two at least."), field="members")
    if not 1 <= needed <= len(members):
        raise Refused.because(
            "out_of_range",
            _("Of %(count)s services between 1 and all can be needed.") % {"count": len(members)},
            field="needed",
        )
    known = service.redundancies.all()
    if known.filter(name=name).exists():
        raise Refused.because("taken", _("There is a group “%(name)s” already.") % {"name": name}, field="name")
    if known.filter(members__in=members).exists():
        raise Refused.because(
            "taken", _("One of these belongs to another group already. Take that group apart first."), field="members"
        )
    made = Redundancy.objects.create(service=service, name=name, needed=needed)
    made.members.set(members)
    _log("grouped", made, by=by, at=at, data={"members": sorted(each.name for each in members), "needed": needed})
    return made


@transaction.atomic
def ungroup(*, redundancy: Redundancy, by: Any, at: datetime) -> None:
    """Say that every service of a group is needed again. :raises NotAllowed:"""
    require(by, "redundancy.edit")
    _log("ungrouped", redundancy, by=by, at=at)
    redundancy.delete()


def _log(action: str, redundancy: Redundancy, *, by: Any, at: datetime, **details: Any) -> None:
    log.record(
        f"redundancy.{action}",
        subject_kind="service",
        subject_id=redundancy.service_id,
        subject_label=f"{redundancy.service}: {redundancy.name}",
        by=by,
        at=at,
        **details,
    )
