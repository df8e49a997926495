"""What a freeze or maintenance window means before it is saved: its next times, and the changes that a freeze hits."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from people.access import access_of
from people.models import Organization
from people.queries import organizations_visible_to
from services.queries import services_visible_to

from ..enums import Type, WindowKind
from ..models import CalendarWindow, Change, Exemption
from .collisions import AHEAD
from .schedule import sees_every_record
from .windows import Span, spans

LOOKED_AHEAD = timedelta(days=366)
SHOWN_TIMES = 6
SHOWN_CHANGES = 50


@dataclass(frozen=True)
class Effect:
    """
    :ivar times: the next ones. :ivar hit: changes ahead that it would block, the first 50; `count` of all of them.
    :ivar hidden: further ones that the viewer may not see.
    """

    times: list[Span]
    hit: list[Change]
    count: int
    hidden: int

    @property
    def total(self) -> int:
        return self.count + self.hidden


def windows_visible_to(user: Any) -> Any:
    """Windows of all services and of those that the person may see, about everybody's changes or those they may see."""
    of_mine = CalendarWindow.services.through.objects.filter(
        calendarwindow_id=OuterRef("pk"), service__in=services_visible_to(user)
    )
    of_any = CalendarWindow.services.through.objects.filter(calendarwindow_id=OuterRef("pk"))
    of_whom = Q(organization=None) | Q(organization__in=organizations_visible_to(user).values("pk"))
    return CalendarWindow.objects.filter(of_whom, ~Exists(of_any) | Exists(of_mine)).select_related("organization")


def organizations_planned_by(user: Any) -> tuple[QuerySet[Organization], bool]:
    """For whose changes the person sets freezes and maintenance windows, and whether also for everybody's at once."""
    theirs = access_of(user).rows("change.plan_calendar", own=Q(pk__in=[]), organization="pk")
    return Organization.objects.filter(theirs, is_active=True).order_by("name"), not theirs


def times_of(window: CalendarWindow, at: datetime) -> Iterator[Span]:
    """The times from `at` on: those within a year, or the first one where that begins later."""
    return spans(window, at, max(at + LOOKED_AHEAD, window.ends_at))


def effect_of(window: CalendarWindow, services: Collection[int], *, user: Any, at: datetime) -> Effect:
    """
    What the window, saved or not, does from `at` on, looking as far as `times_of` does.

    Changes with an exemption from it count as not hit.

    :param services: keys of its services; none for all.
    """
    ahead = list(times_of(window, at))
    times = list(islice(ahead, SHOWN_TIMES))
    if window.kind != WindowKind.FREEZE or not ahead:
        return Effect(times, [], 0, 0)
    rows = Change.objects.in_period(ahead[0].starts_at, ahead[-1].ends_at).filter(state__in=AHEAD, planned_to__gt=at)
    if services:
        named = Change.services.through.objects.filter(change_id=OuterRef("pk"), service_id__in=services)
        rows = rows.filter(Q(service_id__in=services) | Q(Exists(named)))
    if window.organization_id is not None:
        rows = rows.filter(organization=window.organization_id)
    if window.allows_emergencies:
        rows = rows.exclude(type=Type.EMERGENCY)
    if window.pk:
        rows = rows.exclude(pk__in=Exemption.objects.filter(window=window.pk).values("change_id"))
    seen = _hit(rows.visible_to(user), ahead)
    hidden = 0
    if not sees_every_record(access_of(user)):
        hidden = len(_hit(rows.exclude(pk__in=Change.objects.visible_to(user).values("pk")), ahead))
    shown = Change.objects.filter(pk__in=seen[:SHOWN_CHANGES]).select_related("service", "assignee")
    return Effect(times, list(shown.order_by("planned_from", "pk")), len(seen), hidden)


def _hit(rows: Any, ahead: list[Span]) -> list[int]:
    """Keys of the changes whose window touches one of the times, by time."""
    found, at = [], 0
    for key, start, end in rows.order_by("planned_from", "pk").values_list("pk", "planned_from", "planned_to"):
        while at < len(ahead) and ahead[at].ends_at <= start:
            at += 1
        if at < len(ahead) and ahead[at].starts_at < end:
            found.append(key)
    return found
