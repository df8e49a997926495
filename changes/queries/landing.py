"""What the start page of changes shows: what waits for whom, and this week with its overlaps."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from ..enums import ModelState, Outcome, State
from ..models import Change, ChangeModel

SHOWN = 50
AHEAD = timedelta(days=7)
WAITING = (State.ASSESSING, State.AUTHORIZING, State.IMPLEMENTING, State.REVIEWING, State.DRAFT)


@dataclass
class Slot:
    """A change of this week, with those that overlap it on the same item or service, or by the same person."""

    change: Change
    others: list[Change] = field(default_factory=list)


def waiting(user: Any) -> dict[str, list[Change]]:
    """Changes by the state in which they wait, those that are due first; `SHOWN` of each at most."""
    found: dict[str, list[Change]] = {state: [] for state in WAITING}
    rows = Change.objects.visible_to(user).filter(state__in=WAITING).select_related("service", "assignee", "owner")
    for change in rows.order_by("planned_from", "-pk"):
        if len(found[change.state]) < SHOWN:
            found[change.state].append(change)
    return found


def this_week(user: Any, *, at: datetime) -> list[Slot]:
    """Booked changes whose window touches the next seven days, in order, with what they overlap among themselves."""
    rows = (
        Change.objects.visible_to(user)
        .booked()
        .in_period(at, at + AHEAD)
        .select_related("service", "assignee")
        .prefetch_related("items", "services")
        .order_by("planned_from", "pk")[:SHOWN]
    )
    slots = [Slot(change) for change in rows]
    for index, one in enumerate(slots):
        for other in slots[index + 1 :]:
            if other.change.planned_from >= one.change.planned_to:  # type: ignore[operator] # booked ones have both
                break
            if _touch_the_same(one.change, other.change):
                one.others.append(other.change)
                other.others.append(one.change)
    return slots


def _touch_the_same(one: Change, other: Change) -> bool:
    if one.assignee_id and one.assignee_id == other.assignee_id:
        return True
    if {each.pk for each in one.items.all()} & {each.pk for each in other.items.all()}:
        return True
    return bool(_services_of(one) & _services_of(other))


def _services_of(change: Change) -> set[int]:
    return {each.pk for each in change.services.all()} | ({change.service_id} if change.service_id else set())


def models(*, states: tuple[str, ...] = ()) -> list[ChangeModel]:
    """Models with how often they were used (`uses`) and how often that went well (`successes`)."""
    rows = ChangeModel.objects.select_related("owner", "team", "approved_by").annotate(
        uses=Count("changes", filter=~Q(changes__outcome="")),
        successes=Count("changes", filter=Q(changes__outcome=Outcome.SUCCESSFUL)),
    )
    return list(rows.filter(state__in=states or ModelState.values).order_by("name"))
