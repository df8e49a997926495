"""What happened around a problem, on one axis: its incidents, changes to the service, events that people wrote down."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.enums import LinkKind
from records.models import Record

from ..models import TimelineEvent
from .impact import incidents_of

SHOWN_AT_MOST = 200
LOOKED_BACK = timedelta(days=30)
JUST_BEFORE = timedelta(hours=48)
LANES = {"change": _("Changes"), "event": _("Events"), "incident": _("Incidents")}


@dataclass(frozen=True)
class Happening:
    """
    :param lane: change, event or incident.
    :param is_suspect: a change that ended at most 48 hours before the first incident.
    """

    at: datetime
    lane: str
    text: str
    record: Any = None
    event: Any = None
    is_suspect: bool = False


@dataclass(frozen=True)
class Mark:
    """A point of the drawing, in thousandths of its width."""

    x: int
    happening: Happening


@dataclass(frozen=True)
class Lane:
    """A line of the drawing: `y` is its height, `top` that of its marks."""

    label: Any
    y: int
    marks: list[Mark]

    @property
    def top(self) -> int:
        return self.y - 10


@dataclass(frozen=True)
class Chronicle:
    happenings: list[Happening]
    lanes: list[Lane]
    from_at: datetime | None
    to_at: datetime | None
    is_cut: bool


def chronicle_of(problem: Any, viewer: Any) -> Chronicle:
    """Oldest first; the latest 200 incidents, the changes since 30 days before the first of them. Three statements."""
    incidents = list(incidents_of(problem, viewer).order_by("-opened_at", "-pk")[: SHOWN_AT_MOST + 1])
    is_cut = len(incidents) > SHOWN_AT_MOST
    found = [Happening(each.opened_at, "incident", each.title, each) for each in incidents[:SHOWN_AT_MOST]]
    first_at = min((each.at for each in found), default=problem.opened_at)
    found += [
        Happening(
            at=change.closed_at or change.resolved_at or change.opened_at,
            lane="change",
            text=change.title,
            record=change,
            is_suspect=_ended_just_before(change, first_at),
        )
        for change in _changes(problem, viewer, since=first_at - LOOKED_BACK)
    ]
    found += [
        Happening(event.happened_at, "event", event.text, event=event)
        for event in TimelineEvent.objects.filter(problem=problem).select_related("by")
    ]
    found.sort(key=lambda each: each.at)
    return Chronicle(
        happenings=found,
        lanes=_lanes(found),
        from_at=found[0].at if found else None,
        to_at=found[-1].at if found else None,
        is_cut=is_cut,
    )


def _changes(problem: Any, viewer: Any, *, since: datetime) -> list[Any]:
    """Changes linked with the problem, and those of its service since then."""
    linked = Q(links_in__from_record=problem.pk, links_in__kind__in=[LinkKind.FIXED_BY, LinkKind.CAUSED_BY])
    near = Q(opened_at__gte=since, service=problem.service_id) if problem.service_id else Q(pk__in=[])
    rows = Record.objects.visible_to(viewer).filter(linked | near, kind="change").distinct()
    return list(rows.order_by("-pk")[:SHOWN_AT_MOST])


def _ended_just_before(change: Any, first_at: datetime) -> bool:
    ended_at = change.closed_at or change.resolved_at
    return ended_at is not None and first_at - JUST_BEFORE <= ended_at <= first_at


def _lanes(happenings: list[Happening]) -> list[Lane]:
    if not happenings:
        return []
    first_at = happenings[0].at
    length = (happenings[-1].at - first_at) / timedelta(seconds=1) or 1.0
    lanes = []
    for number, (lane, label) in enumerate(LANES.items()):
        marks = [
            Mark(round(20 + 960 * ((each.at - first_at) / timedelta(seconds=1)) / length), each)
            for each in happenings
            if each.lane == lane
        ]
        lanes.append(Lane(label, 20 + 36 * number, marks))
    return lanes
