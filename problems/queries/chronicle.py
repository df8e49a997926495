"""What happened around a problem, on one axis: its incidents, changes to the service, events that people wrote down."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from records.enums import LinkKind
from records.models import Link, Record

from ..models import TimelineEvent
from .impact import incidents_of

SHOWN_AT_MOST = 200
LOOKED_BACK = timedelta(days=30)
JUST_BEFORE = timedelta(hours=48)
_ENDED = Coalesce("closed_at", "resolved_at")
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
    """
    Oldest first; the latest 200 incidents, and of the changes since 30 days before the first of them the latest 200.

    Three statements.
    """
    incidents = list(incidents_of(problem, viewer).order_by("-opened_at", "-pk")[: SHOWN_AT_MOST + 1])
    is_cut = len(incidents) > SHOWN_AT_MOST
    found = [Happening(each.opened_at, "incident", each.title, each) for each in incidents[:SHOWN_AT_MOST]]
    first_at = min((each.at for each in found), default=problem.opened_at)
    changes = list(_changes(problem, viewer, since=first_at - LOOKED_BACK).order_by("-pk")[: SHOWN_AT_MOST + 1])
    found += [
        Happening(
            at=change.closed_at or change.resolved_at or change.opened_at,
            lane="change",
            text=change.title,
            record=change,
            is_suspect=ended_just_before(change.closed_at or change.resolved_at, first_at),
        )
        for change in changes[:SHOWN_AT_MOST]
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
        is_cut=is_cut or len(changes) > SHOWN_AT_MOST,
    )


def sources_of(problem: Any, viewer: Any) -> tuple[list[QuerySet[Any]], datetime]:
    """
    The same without an end, to be read page by page: incidents, changes, events as dictionaries with their `moment`.

    :returns: the three, in no order, and the moment of the first incident, or of the problem where there is none.
    """
    incidents = incidents_of(problem, viewer)
    first_at = incidents.aggregate(at=Min("opened_at"))["at"] or problem.opened_at
    columns = ("pk", "moment", "lane", "title", "kind", "state", "ended_at")
    records = [
        incidents.annotate(moment=F("opened_at"), lane=Value("incident"), ended_at=_ENDED).values(*columns),
        _changes(problem, viewer, since=first_at - LOOKED_BACK)
        .annotate(moment=Coalesce(_ENDED, "opened_at"), lane=Value("change"), ended_at=_ENDED)
        .values(*columns),
    ]
    events = TimelineEvent.objects.filter(problem=problem).annotate(moment=F("happened_at"), lane=Value("event"))
    return [*records, events.values("pk", "moment", "lane", "text")], first_at


def _changes(problem: Any, viewer: Any, *, since: datetime) -> QuerySet[Any]:
    """Changes linked with the problem, and those of its service since then."""
    linked = Link.objects.filter(from_record=problem.pk, kind__in=[LinkKind.FIXED_BY, LinkKind.CAUSED_BY])
    wanted = Q(pk__in=linked.values("to_record"))
    if problem.service_id:
        wanted |= Q(opened_at__gte=since, service=problem.service_id)
    found: QuerySet[Any] = Record.objects.visible_to(viewer).filter(wanted, kind="change")
    return found


def ended_just_before(ended_at: datetime | None, first_at: datetime) -> bool:
    """Whether a change ended at most 48 hours before the first incident."""
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
