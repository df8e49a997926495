"""
What stands on the change calendar in a period, for one person: changes, freezes and maintenance windows, holidays,
and what other practices put there.

Read in sets: the number of statements follows neither the number of changes nor the length of the period.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localtime

from calendars.models import CalendarException, ExceptionKind
from common.keys import linked
from common.refs import format_reference
from people.access import Access, access_of
from people.queries import organizations_visible_to, teams_visible_to
from records import calendar_entries
from records.calendar_entries import CalendarEntry
from services.queries import items_visible_to, services_visible_to

from ..enums import State, Type, WindowKind
from ..models import CalendarWindow, Change
from .windows import windows_in

KIND, FREEZE, MAINTENANCE = "change", "freeze", "maintenance"
NONE: frozenset[int] = frozenset()
LEFT_OUT = (State.REJECTED, State.CANCELLED)
BOOKED = frozenset({State.SCHEDULED, State.IMPLEMENTING})
COLUMNS = (
    "pk", "title", "state", "phase", "type", "version", "planned_from", "planned_to", "service_id", "team_id",
    "assignee_id", "assignee__name", "organization_id", "requester_id",
)  # fmt: skip


@dataclass(kw_only=True)
class ChangeEntry(CalendarEntry):
    """
    A change in its planned window, with what conflicts are found by.

    :ivar number: of the change; of busy ones too, for comparing alone.
    :ivar all_service_ids: also those that the viewer may not see; `service_ids` are those that they may.
    :ivar mover: the viewer, where it is asked what they may move.
    """

    number: int
    type: str = Type.NORMAL
    version: int = 1
    assignee_id: int | None = None
    organization_id: int | None = None
    requester_id: int | None = None
    all_service_ids: frozenset[int] = field(default_factory=frozenset)
    item_ids: frozenset[int] = field(default_factory=frozenset)
    mover: Access | None = None

    @property
    def can_move(self) -> bool:
        """Whether the viewer may reschedule it. Asked of what is written out, not of everything in a month."""
        if self.mover is None or self.state_name != State.SCHEDULED:
            return False
        return self.mover.allows_on("change.schedule", self)

    @property
    def is_booked(self) -> bool:
        return self.state_name in BOOKED

    @property
    def is_emergency(self) -> bool:
        return self.type == Type.EMERGENCY


@dataclass(kw_only=True)
class WindowEntry(CalendarEntry):
    """
    One time of a freeze or maintenance window.

    :ivar is_for_all: it is about every service. :ivar organization_id: about whose changes alone; None for everybody's.
    """

    window_id: int
    zone: str
    is_for_all: bool
    allows_emergencies: bool
    organization_id: int | None = None

    def is_about(self, change: ChangeEntry) -> bool:
        return self.organization_id in (None, change.organization_id) and (
            self.is_for_all or not self.service_ids.isdisjoint(change.all_service_ids)
        )


@dataclass(frozen=True)
class ServiceFace:
    """:ivar zone: of the calendar of its support team; empty where there is none."""

    name: str
    slug: str
    zone: str


Faces = dict[int, ServiceFace]


@dataclass
class Schedule:
    """
    Everything in [start, end), entries by their beginning.

    :ivar services: by key, those that the viewer may see, by name. :ivar teams: likewise.
    """

    start: datetime
    end: datetime
    entries: list[CalendarEntry]
    windows: list[WindowEntry]
    holidays: dict[date, list[str]]
    services: Faces
    teams: dict[int, str]

    @property
    def changes(self) -> list[ChangeEntry]:
        return [each for each in self.entries if isinstance(each, ChangeEntry)]

    def names_of(self, entry: CalendarEntry) -> list[str]:
        """Services of the entry that the viewer may see, by name."""
        return sorted(self.services[key].name for key in entry.service_ids if key in self.services)


def schedule(
    user: Any, start: datetime, end: datetime, *, states: Collection[str] = (), can_move_at: datetime | None = None
) -> Schedule:
    """
    Read the calendar of [start, end).

    :param states: of changes, instead of all but the rejected and the cancelled. Then nothing else is read as an entry.
    :param can_move_at: mark what this person may move as of this moment; nothing is marked when left out.
    """
    access = access_of(user)
    services = {
        key: ServiceFace(name, slug, zone or "")
        for key, name, slug, zone in services_visible_to(user)
        .order_by("name")
        .values_list("pk", "name", "slug", "support_team__calendar__zone")
    }
    entries: list[CalendarEntry] = list(_changes(access, start, end, services, states=states, can_move_at=can_move_at))
    if not states:
        entries += _busy(access, start, end, services)
        entries += calendar_entries.between(access, start, end)
    entries.sort(key=_order)
    return Schedule(
        start=start,
        end=end,
        entries=entries,
        windows=_windows(user, start, end, services),
        holidays=_holidays(access, start, end),
        services=services,
        teams=dict(teams_visible_to(user).order_by("name").values_list("pk", "name")),
    )


def _order(entry: CalendarEntry) -> Any:
    return entry.starts_at, entry.ends_at, entry.kind, entry.record_id or 0, entry.reference


def _changes(
    access: Access, start: datetime, end: datetime, services: Faces, *, states: Collection[str],
    can_move_at: datetime | None,
) -> Iterable[ChangeEntry]:  # fmt: skip
    rows = Change.objects.visible_to(access.user).in_period(start, end)
    rows = rows.filter(state__in=states) if states else rows.exclude(state__in=LEFT_OUT)
    found = list(rows.values_list(*COLUMNS, named=True))
    mover = access if can_move_at is not None and access.allows("change.schedule") else None
    touched, items = _touched(found), _items([row.pk for row in found])
    labels = {state.value: str(state.label) for state in State}
    seen = services.keys()
    for row in found:
        reference = format_reference("CHG", row.pk)
        everything = frozenset(touched[row.pk])
        yield ChangeEntry(
            kind=KIND,
            starts_at=row.planned_from,
            ends_at=row.planned_to,
            title=row.title,
            reference=reference,
            url=f"/changes/{reference}/",
            record_id=row.pk,
            number=row.pk,
            state=labels[row.state],
            state_name=row.state,
            phase=row.phase,
            person=row.assignee__name or "",
            team_id=row.team_id,
            service_ids=everything if everything <= seen else everything & seen,
            type=row.type,
            version=row.version,
            assignee_id=row.assignee_id,
            organization_id=row.organization_id,
            requester_id=row.requester_id,
            all_service_ids=everything,
            item_ids=frozenset(items[row.pk]) if row.pk in items else NONE,
            mover=mover,
        )


def _touched(rows: Collection[Any]) -> dict[int, set[int]]:
    """Services of each change: those it names, and its main one."""
    found = linked(Change.services.through, "change", "service", [row.pk for row in rows])
    for row in rows:
        if row.service_id:
            found[row.pk].add(row.service_id)
    return found


def _items(keys: Collection[int]) -> dict[int, set[int]]:
    return linked(Change.items.through, "change", "configurationitem", keys)


def _busy(access: Access, start: datetime, end: datetime, services: Faces) -> Iterable[ChangeEntry]:
    """Booked changes that the viewer may not see, on services or items that they may: the time is taken."""
    if sees_every_record(access):
        return
    mine = list(services)
    named = Change.services.through.objects.filter(change_id=OuterRef("pk"), service_id__in=mine)
    touched_items = Change.items.through.objects.filter(
        change_id=OuterRef("pk"), configurationitem__in=items_visible_to(access.user)
    )
    rows = (
        Change.objects.booked()
        .in_period(start, end)
        .filter(Q(service_id__in=mine) | Q(Exists(named)) | Q(Exists(touched_items)))
        .exclude(pk__in=Change.objects.visible_to(access.user).in_period(start, end).values("pk"))
    )
    found = list(rows.values_list("pk", "state", "planned_from", "planned_to", "service_id", named=True))
    touched, items = _touched(found), _items([row.pk for row in found])
    for row in found:
        everything = frozenset(touched[row.pk])
        yield ChangeEntry(
            kind=KIND,
            starts_at=row.planned_from,
            ends_at=row.planned_to,
            number=row.pk,
            state_name=row.state,
            service_ids=everything & services.keys(),
            all_service_ids=everything,
            item_ids=frozenset(items[row.pk]),
        )


def sees_every_record(access: Access) -> bool:
    """Whether no record is hidden from the person, so that nothing can be busy for reasons unknown to them."""
    nothing = Q(pk__in=[])
    return not access.rows("record.view", own=nothing) and not access.rows("record.read_notes", own=nothing)


def _windows(user: Any, start: datetime, end: datetime, services: Faces) -> list[WindowEntry]:
    """Times of freezes and maintenance windows of all services or one that the viewer may see, likewise by whose."""
    spans = windows_in(start, end, organizations=organizations_visible_to(user).values("pk"))
    of_windows = linked(
        CalendarWindow.services.through, "calendarwindow", "service", {span.window.pk for span in spans}
    )
    found = []
    for span in spans:
        touched = frozenset(of_windows[span.window.pk])
        if touched and not touched & services.keys():
            continue
        found.append(
            WindowEntry(
                kind=FREEZE if span.window.kind == WindowKind.FREEZE else MAINTENANCE,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                title=span.window.name,
                service_ids=touched & services.keys(),
                window_id=span.window.pk,
                zone=span.window.zone,
                is_for_all=not touched,
                allows_emergencies=span.window.allows_emergencies,
                organization_id=span.window.organization_id,
            )
        )
    return found


def _holidays(access: Access, start: datetime, end: datetime) -> dict[date, list[str]]:
    """Public holidays of calendars in use, by day: the name, and the calendars that have it."""
    if not access.allows("calendar.view"):
        return {}
    rows = CalendarException.objects.filter(
        kind=ExceptionKind.HOLIDAY,
        calendar__is_active=True,
        date__gte=localtime(start).date(),
        date__lte=localtime(end).date(),
    )
    found: dict[tuple[date, str], list[str]] = defaultdict(list)
    for day, name, calendar in rows.order_by("date", "calendar__name").values_list("date", "name", "calendar__name"):
        found[day, name].append(calendar)
    named: dict[date, list[str]] = defaultdict(list)
    for (day, name), calendars in found.items():
        named[day].append(f"{name} ({', '.join(calendars)})" if name else ", ".join(calendars))
    return named
