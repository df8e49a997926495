"""Changing what a release is about, until it goes live."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from records import changing, operations
from records.operations.editing import refuse_if_closed
from records.operations.saying import locked_for, say

from ..enums import State
from ..models import Release
from .contents import refuse_unless

BUILD = frozenset({"version_name", "build_reference"})
EXIT = frozenset({"early_life_days", "quiet_days", "quiet_priority", "most_incidents"})
PLANS = frozenset({"deployment_plan", "back_out_plan"})
EDITABLE = BUILD | EXIT | PLANS | {
    "title", "description", "requester", "category", "location", "tags", "impact", "urgency", "team", "assignee",
    "owner", "release_notes", "known_errors", "communication_plan",
}  # fmt: skip
OPEN_TO_BUILD = frozenset({State.PLANNING, State.BUILDING})
OPEN_TO_PLAN = OPEN_TO_BUILD | {State.TESTING, State.READY}


@transaction.atomic
def edit(
    *,
    release: Release,
    by: Any,
    at: datetime,
    values: Mapping[str, Any],
    reason: str = "",
    version: int | None = None,
) -> Release:
    """
    Change fields that no move owns, those of `EDITABLE`.

    Version and build stay once they are tested; plans and exit criteria once the deployment has begun.

    :raises NotAllowed: :raises Stale: :raises Refused: as `records.operations.edit`, or it is too late for a field.
    """
    locked = locked_for(release, by=by, operation="release.edit", version=version)
    if BUILD & values.keys():
        refuse_unless(locked, OPEN_TO_BUILD, _("Send it back to building to test another build."))
    if (PLANS | EXIT) & values.keys():
        refuse_unless(locked, OPEN_TO_PLAN, _("This was agreed before it was deployed, and stays."))
    operations.edit(
        record=release,
        by=by,
        at=at,
        values=values,
        allowed=EDITABLE,
        operation="release.edit",
        reason=reason,
        version=version,
    )
    return Release.objects.get(pk=locked.pk)


@transaction.atomic
def set_scope(
    *, release: Release, by: Any, at: datetime, services: Iterable[Any], version: int | None = None
) -> Release:
    """
    Say for which services the release is; the first one becomes that of the record.

    :raises NotAllowed: :raises Stale: :raises Refused: it has ended.
    """
    locked = locked_for(release, by=by, operation="release.edit", version=version)
    refuse_if_closed(locked)
    services = list(services)
    before = sorted(locked.services.values_list("name", flat=True))
    snapshot = changing.snapshot(locked)
    locked.services.set(services)
    locked.service = services[0] if services else None
    after = sorted(locked.services.values_list("name", flat=True))
    if before == after:
        return locked
    changes = changing.differences(locked, snapshot)
    say(locked, "scope_set", by=by, at=at, changes=changes, services=after, services_before=before)
    return Release.objects.get(pk=locked.pk)


@transaction.atomic
def plan_window(
    *,
    release: Release,
    by: Any,
    at: datetime,
    planned_from: datetime | None,
    planned_to: datetime | None,
    reason: str = "",
    version: int | None = None,
) -> Release:
    """
    Plan when it goes live, [planned_from, planned_to). A decision to go lapses by it; the promise stays what it was.

    :param reason: why; a must once a date was promised.
    :raises NotAllowed: :raises Stale: :raises Refused: half a window, the wrong order, no reason, or it is deployed.
    """
    locked = locked_for(release, by=by, operation="release.edit", version=version)
    refuse_unless(locked, OPEN_TO_PLAN, _("Its window stays."))
    if (planned_from is None) != (planned_to is None):
        raise Refused.because("half", _("A window has a beginning and an end. Fill in both."), "planned_to")
    if planned_from is not None and planned_to is not None and planned_to <= planned_from:
        raise Refused.because("window_order", _("The window ends before it begins. Pick a later end."), "planned_to")
    if planned_from is None and locked.state != State.PLANNING:
        raise Refused.because("promised", _("A date was promised. Pick another one."), "planned_from")
    snapshot = changing.snapshot(locked)
    locked.planned_from, locked.planned_to = planned_from, planned_to
    changes = changing.differences(locked, snapshot)
    if not changes:
        return locked
    if locked.promised_to is not None and not reason.strip():
        raise Refused.because("required", _("A date was promised. Say why it moves."), "reason")
    say(locked, "planned", by=by, at=at, changes=changes, reason=reason.strip())
    return Release.objects.get(pk=locked.pk)
