"""Writing a change down: from nothing, from an approved model, or from the record that calls for it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import require
from records import changing
from records import operations as record_operations
from records.enums import Level, LinkKind, Source
from records.operations.drawing_up import draw_up

from ..enums import State, StepState, Type
from ..models import Change, ChangeModel, ChangeStep

DETAILS = frozenset({
    "service", "item", "category", "team", "assignee", "owner", "rationale", "benefit", "harm", "implementation_plan",
    "test_plan", "test_evidence", "back_out_plan", "back_out_trigger", "communication_plan", "outage_minutes",
})  # fmt: skip
FROM_MODEL = ("implementation_plan", "test_plan", "back_out_plan", "communication_plan")


@transaction.atomic
def create(
    *,
    by: Any,
    at: datetime,
    title: str,
    description: str = "",
    requester: Any = None,
    type: str = Type.NORMAL,
    model: ChangeModel | None = None,
    services: Iterable[Any] = (),
    items: Iterable[Any] = (),
    raised_from: Any = None,
    impact: int = Level.LOW,
    urgency: int = Level.MEDIUM,
    source: str = Source.OTHER,
    tags: tuple[str, ...] | list[str] = (),
    is_sample: bool = False,
    **details: Any,
) -> Change:
    """
    Write down a change in the state `draft`. It belongs to the organization of whoever asks for it.

    :param model: makes it a standard change, with the plans and steps of the model.
    :param raised_from: the record that calls for it: an incident is linked as its origin, a problem as fixed by it.
    :param details: more fields, those of `DETAILS`.
    :raises NotAllowed: the person may not write changes, or may not link the origin.
    :raises Refused: a field does not fit, or a standard change without model.
    """
    requester = requester or by
    require(by, "change.create", Change(organization_id=requester.organization_id, requester_id=requester.pk))
    if model is not None:
        type = Type.STANDARD
        details = {name: getattr(model, name) for name in FROM_MODEL} | {"team": model.team} | details
    elif type == Type.STANDARD:
        raise Refused.because("model", _("A standard change needs an approved model. Choose one."), "model")
    services, items = list(services), list(items)
    if services and details.get("service") is None:
        details = details | {"service": services[0]}
    change: Change = draw_up(
        "change",
        at=at,
        state=State.DRAFT,
        title=title,
        description=description,
        requester=requester,
        impact=impact,
        urgency=urgency,
        source=source,
        tags=tags,
        is_sample=is_sample,
        details=details,
        allowed=DETAILS,
        type=type,
        model=model,
    )
    shown = ("title", "requester_id", "organization_id", "service_id", "type", "model_id", "state")
    changing.create(
        change,
        action="change.created",
        by=by,
        at=at,
        changes={name: (None, getattr(change, name)) for name in shown},
        data={"services": [each.name for each in services], "items": [each.name for each in items]},
    )
    change.services.set(services)
    change.items.set(items)
    if model is not None:
        ChangeStep.objects.bulk_create(
            ChangeStep(change=change, position=index, title=str(title)[:200], state=StepState.PLANNED)
            for index, title in enumerate(model.steps, start=1)
        )
    if raised_from is not None:
        _link_origin(change, raised_from, by=by, at=at)
        change = Change.objects.get(pk=change.pk)
    return change


def _link_origin(change: Change, origin: Any, *, by: Any, at: datetime) -> None:
    if origin.kind == "problem":
        record_operations.link(record=origin, to=change, kind=LinkKind.FIXED_BY, by=by, at=at)
    else:
        record_operations.link(record=change, to=origin, kind=LinkKind.RAISED_FROM, by=by, at=at)
