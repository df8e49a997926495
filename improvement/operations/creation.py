"""How improvements come into the register: suggested by anybody, or raised from another record in one act."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from measurement import known
from people.access import access_of, require
from records import changing
from records.enums import Level, LinkKind, Source
from records.homes import home_of
from records.operations import link
from records.operations.drawing_up import draw_up

from ..enums import Origin, Size, State
from ..models import Goal, Improvement

DETAILS = frozenset({"service", "category", "team", "owner", "assignee", "goal", "size"})
ORIGINS = {
    "incident": Origin.INCIDENT, "problem": Origin.PROBLEM, "change": Origin.CHANGE_REVIEW,
    "release": Origin.CHANGE_REVIEW,
}  # fmt: skip


@transaction.atomic
def create(
    *,
    by: Any,
    at: datetime,
    title: str,
    description: str = "",
    requester: Any = None,
    origin: str = "",
    raised_from: Any = None,
    kpi: str = "",
    impact: int = Level.LOW,
    urgency: int = Level.MEDIUM,
    source: str = Source.OTHER,
    tags: tuple[str, ...] | list[str] = (),
    is_sample: bool = False,
    **details: Any,
) -> Improvement:
    """
    Write an improvement into the register, in the state `suggested`.

    It belongs to the organization of whoever raises it, as problems do.

    :param raised_from: the record that gave the idea; it gets the link “gave rise to”, and its kind says the origin.
    :param kpi: id of the measure whose figures gave the idea. :param details: more fields, those of `DETAILS`.
    :raises NotAllowed: the person may not, or may not link the record.
    :raises Refused: a field does not fit, no such measure, or a goal that the person does not see.
    """
    requester = requester or by
    home = requester.organization_id
    if by is not None and by.pk == requester.pk:
        about = [raised_from.organization_id] if raised_from is not None else []
        home = home_of(by, ["improvement.create", "record.link"], about=about)
    require(by, "improvement.create", Improvement(organization_id=home, requester_id=requester.pk))
    refuse_unknown_goal(details.get("goal"), by)
    if kpi and kpi not in {each.id for each in known.kpis()}:
        raise Refused.because("kpi", _("There is no such measure. Choose one of the list."), "kpi")
    if not origin:
        origin = Origin.SIGNAL if kpi else ORIGINS.get(getattr(raised_from, "kind", ""), Origin.PERSON)
    improvement = _write(
        by=by, at=at, title=title, description=description, requester=requester, origin=origin, kpi=kpi, impact=impact,
        urgency=urgency, source=source, tags=tags, is_sample=is_sample, details=details, organization_id=home,
    )  # fmt: skip
    if raised_from is None:
        return improvement
    link(record=improvement, to=raised_from, kind=LinkKind.RAISED_FROM, by=by, at=at)
    return Improvement.objects.get(pk=improvement.pk)


@transaction.atomic
def suggest(
    *, by: Any, at: datetime, title: str, description: str = "", service: Any = None, source: str = Source.PORTAL,
    is_sample: bool = False,
) -> Improvement:  # fmt: skip
    """
    Suggest an improvement for one's own organization, as anybody who signs in may.

    :raises NotAllowed: :raises Refused: a field does not fit.
    """
    require(by, "improvement.suggest", Improvement(organization_id=by.organization_id, requester_id=by.pk))
    return _write(
        by=by, at=at, title=title, description=description, requester=by, origin=Origin.PERSON, kpi="",
        impact=Level.LOW, urgency=Level.MEDIUM, source=source, tags=(), is_sample=is_sample,
        details={"service": service} if service is not None else {}, organization_id=by.organization_id,
    )  # fmt: skip


def _write(*, by: Any, at: datetime, details: dict[str, Any], **said: Any) -> Improvement:
    improvement: Improvement = draw_up(
        "improvement", at=at, state=State.SUGGESTED, details={"size": Size.REGULAR, **details}, allowed=DETAILS, **said
    )
    shown = ("title", "requester_id", "organization_id", "service_id", "origin", "kpi", "goal_id", "state")
    changing.create(
        improvement,
        action="improvement.created",
        by=by,
        at=at,
        changes={name: (None, getattr(improvement, name)) for name in shown},
        data={"origin": improvement.origin},
    )
    return improvement


def refuse_unknown_goal(goal: Goal | None, by: Any) -> None:
    """:raises Refused: the person does not see such a goal, or it is not pursued any more."""
    if goal is None or by is None:
        return
    if access_of(by).allows("record.read_notes") and Goal.objects.visible_to(by).active().filter(pk=goal.pk).exists():
        return
    raise Refused.because("goal", _("There is no such goal any more. Choose one of the list."), "goal")
