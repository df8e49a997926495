"""Changing what a change is about. What was decided is amended first, so that nobody alters it unseen."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from approvals import operations as approvals
from common.refusals import Refused
from people.access import require
from records import changing, operations
from records.events import EventKind

from ..enums import State
from ..models import Change

DECIDED = frozenset({
    "rationale", "harm", "implementation_plan", "test_plan", "test_evidence", "back_out_plan", "back_out_trigger",
    "communication_plan", "outage_minutes", "service", "item",
})  # fmt: skip
EDITABLE = DECIDED | {
    "title", "description", "requester", "category", "location", "tags", "impact", "urgency", "benefit", "team",
    "assignee", "owner",
}  # fmt: skip
OPEN_TO_CHANGE = frozenset({State.DRAFT, State.ASSESSING})


def refuse_if_decided(change: Change) -> None:
    """:raises Refused: the scope is being decided, or was; it has to be amended first."""
    if change.state in OPEN_TO_CHANGE:
        return
    if change.is_done or change.state in (State.IMPLEMENTING, State.REVIEWING):
        raise Refused.because(
            "too_late",
            _("%(reference)s is %(state)s; its plan stays as it was carried out. Write a new change for the rest.")
            % {"reference": change.reference, "state": change.state_label},
        )
    raise Refused.because(
        "decided",
        _("%(reference)s is %(state)s. Amend it first; the votes lapse and it is decided again.")
        % {"reference": change.reference, "state": change.state_label},
    )


@transaction.atomic
def edit(
    *,
    change: Change,
    by: Any,
    at: datetime,
    values: Mapping[str, Any],
    reason: str = "",
    version: int | None = None,
) -> Change:
    """
    Change fields that no move owns, those of `EDITABLE`; the plan only as long as nobody decides about it.

    :raises NotAllowed: :raises Stale: :raises Refused: as `records.operations.edit`, or the plan is being decided.
    """
    locked = changing.lock(change)
    if DECIDED & values.keys():
        require(by, "change.edit", locked)
        changing.require_version(locked, version)
        refuse_if_decided(locked)
    saved = operations.edit(
        record=change,
        by=by,
        at=at,
        values=values,
        allowed=EDITABLE,
        operation="change.edit",
        reason=reason,
        version=version,
    )
    # Another implementer voids the votes, and that moves it.
    return Change.objects.get(pk=saved.pk)


@transaction.atomic
def set_scope(
    *,
    change: Change,
    by: Any,
    at: datetime,
    services: Iterable[Any],
    items: Iterable[Any],
    version: int | None = None,
) -> Change:
    """
    Say which services and items the change touches; the first service becomes that of the record.

    When it comes to touch more, its risk questions are to be answered anew.

    :raises NotAllowed: :raises Stale: :raises Refused: the scope is being decided, or was.
    """
    locked = changing.lock(change)
    require(by, "change.edit", locked)
    changing.require_version(locked, version)
    refuse_if_decided(locked)
    services, items = list(services), list(items)
    before = _names(locked)
    snapshot = changing.snapshot(locked)
    locked.services.set(services)
    locked.items.set(items)
    locked.service = services[0] if services else None
    after = _names(locked)
    if before == after:
        return locked
    if any(set(after[name]) - set(before[name]) for name in after):
        locked.risk_answers.update(is_for_less=True)
    changes = changing.differences(locked, snapshot)
    changing.save(locked, changes, at)
    changing.write_down(
        locked,
        kind=EventKind.EDITED,
        action="change.scope_set",
        by=by,
        at=at,
        changes=changes | {name: (before[name], after[name]) for name in before if before[name] != after[name]},
    )
    approvals.lapse_if_changed(subject=locked, by=by, at=at)
    return locked


def _names(change: Change) -> dict[str, list[str]]:
    return {
        "services": sorted(change.services.values_list("name", flat=True)),
        "items": sorted(change.items.values_list("name", flat=True)),
    }


@transaction.atomic
def plan_window(
    *,
    change: Change,
    by: Any,
    at: datetime,
    planned_from: datetime | None,
    planned_to: datetime | None,
    version: int | None = None,
) -> Change:
    """
    Plan when it happens, [planned_from, planned_to), before it is decided; both None take the window away.

    Conflicts do not stand in the way here; they are listed, and asked about when it is submitted. A change that is
    scheduled is rescheduled instead.

    :raises NotAllowed: :raises Stale: :raises Refused: it ends before it begins, or the window was decided.
    """
    locked = changing.lock(change)
    require(by, "change.edit", locked)
    changing.require_version(locked, version)
    refuse_if_decided(locked)
    if (planned_from is None) != (planned_to is None):
        raise Refused.because("half", _("A window has a beginning and an end. Fill in both."), "planned_to")
    if planned_from is not None and planned_to is not None and planned_to <= planned_from:
        raise Refused.because("window_order", _("The window ends before it begins. Pick a later end."), "planned_to")
    snapshot = changing.snapshot(locked)
    locked.planned_from, locked.planned_to = planned_from, planned_to
    changes = changing.differences(locked, snapshot)
    if changes:
        changing.save(locked, changes, at)
        changing.write_down(locked, kind=EventKind.EDITED, action="change.planned", by=by, at=at, changes=changes)
    return locked
