"""
What stands in the way of a window: freezes, and other changes that touch the same at the same time.

The same answer is shown before submission and asked again inside the transaction that schedules.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.enums import LinkKind, Phase
from records.models import Link
from services.impact import Direction, walk

from ..enums import WindowKind
from ..models import Acknowledgment, Change, Exemption
from .windows import windows_in

DEPENDENCY_STEPS = 2


class Reason(TextChoices):
    FREEZE = "freeze", gettext_lazy("freeze")
    ITEM = "item", gettext_lazy("same item")
    SERVICE = "service", gettext_lazy("same service")
    DEPENDENCY = "dependency", gettext_lazy("depends on it")
    IMPLEMENTER = "implementer", gettext_lazy("same implementer")
    PREREQUISITE = "prerequisite", gettext_lazy("comes first")


@dataclass(frozen=True)
class Conflict:
    """
    :param key: names this very overlap; it changes when either window moves.
    :param other: the other change, or the freeze. :param accepted: why somebody accepted it; empty while nobody did.
    """

    key: str
    reason: Reason
    other: Any
    sentence: str
    accepted: str = ""
    accepted_by: Any = None

    @property
    def is_open(self) -> bool:
        return not self.accepted

    @property
    def is_freeze(self) -> bool:
        return self.reason == Reason.FREEZE


def conflicts(change: Change, start: datetime, end: datetime) -> list[Conflict]:
    """Everything that collides with the change in [start, end), freezes first; accepted ones among them."""
    services = set(change.services.values_list("pk", flat=True)) if change.pk else set()
    if change.service_id:
        services.add(change.service_id)
    items = set(change.items.values_list("pk", flat=True)) if change.pk else set()
    found = [*_freezes(change, services, start, end), *_overlaps(change, services, items, start, end)]
    found += _prerequisites(change, start)
    said = {row.key: row for row in Acknowledgment.objects.filter(change=change.pk).select_related("by")}
    return [
        Conflict(each.key, each.reason, each.other, each.sentence, said[each.key].reason, said[each.key].by)
        if each.key in said
        else each
        for each in found
    ]


def _freezes(change: Change, services: set[int], start: datetime, end: datetime) -> Iterable[Conflict]:
    exemptions = {row.window_id: row for row in Exemption.objects.filter(change=change.pk).select_related("by")}
    for span in windows_in(start, end, kind=WindowKind.FREEZE, services=services):
        if change.is_emergency and span.window.allows_emergencies:
            continue
        exemption = exemptions.get(span.window.pk)
        yield Conflict(
            key=f"freeze:{span.window.pk}:{span.starts_at:%Y%m%dT%H%M}",
            reason=Reason.FREEZE,
            other=span.window,
            sentence=_("It falls into the freeze “%(name)s”, %(period)s.")
            % {"name": span.window.name, "period": _period(span.starts_at, span.ends_at)},
            accepted=exemption.reason if exemption else "",
            accepted_by=exemption.by if exemption else None,
        )


def _overlaps(
    change: Change, services: set[int], items: set[int], start: datetime, end: datetime
) -> Iterable[Conflict]:
    others = list(
        Change.objects.booked()
        .in_period(start, end)
        .exclude(pk=change.pk)
        .prefetch_related("items", "services")
        .order_by("planned_from", "pk")
    )
    if not others:
        return
    nearby = _depending_on(items, services)
    for other in others:
        its_items = {item.pk: item for item in other.items.all()}
        its_services = {service.pk: service for service in other.services.all()}
        if other.service_id and other.service_id not in its_services and other.service is not None:
            its_services[other.service_id] = other.service
        same_items, same_services = its_items.keys() & items, its_services.keys() & services
        if same_items:
            names = ", ".join(sorted(its_items[key].name for key in same_items))
            yield _overlap(other, Reason.ITEM, _("on the same item: %(names)s") % {"names": names})
        elif same_services:
            names = ", ".join(sorted(its_services[key].name for key in same_services))
            yield _overlap(other, Reason.SERVICE, _("on the same service: %(names)s") % {"names": names})
        elif nearby & (its_items.keys() | {-key for key in its_services}):
            yield _overlap(other, Reason.DEPENDENCY, _("on something that one of the two depends on"))
        if change.assignee_id and other.assignee_id == change.assignee_id:
            yield _overlap(other, Reason.IMPLEMENTER, _("with the same implementer"))


def _overlap(other: Change, reason: Reason, how: str) -> Conflict:
    return Conflict(
        key=f"{reason}:{other.pk}:{other.planned_from:%Y%m%dT%H%M}-{other.planned_to:%Y%m%dT%H%M}",
        reason=reason,
        other=other,
        sentence=_("It overlaps %(reference)s, %(period)s, %(how)s.")
        % {"reference": other.reference, "period": _period(other.planned_from, other.planned_to), "how": how},
    )


def _depending_on(items: set[int], services: set[int]) -> set[int]:
    """Keys of what is at most two steps away, in either direction; services with a minus."""
    start = [*items, *(-key for key in services)]
    if not start:
        return set()
    hit = walk(start, Direction.HIT, depth=DEPENDENCY_STEPS)
    needs = walk(start, Direction.NEEDS, depth=DEPENDENCY_STEPS)
    return set(hit) | set(needs)


def _prerequisites(change: Change, start: datetime) -> Iterable[Conflict]:
    if not change.pk:
        return
    links = Link.objects.filter(from_record=change.pk, kind=LinkKind.NEEDS, to_record__kind="change")
    for first in Change.objects.filter(pk__in=links.values("to_record")).order_by("pk"):
        is_done = first.phase == Phase.DONE and first.state == "closed"
        if is_done or (first.planned_to is not None and first.planned_to <= start and not first.is_done):
            continue
        yield Conflict(
            key=f"{Reason.PREREQUISITE}:{first.pk}:{first.state}",
            reason=Reason.PREREQUISITE,
            other=first,
            sentence=_("%(reference)s has to be done first, and is %(state)s.")
            % {"reference": first.reference, "state": first.state_label},
        )


def _period(start: Any, end: Any) -> str:
    begin, stop = localtime(start), localtime(end)
    same_day = begin.date() == stop.date()
    return f"{date_format(begin, 'D j M H:i')} – {date_format(stop, 'H:i' if same_day else 'D j M H:i')}"
