"""
What stands in the way of a window: freezes, and other changes that touch the same at the same time.

The same answer is shown before submission, asked again inside the transaction that schedules, and decides which windows
are proposed. What the viewer may not see is counted all the same, and is called “another change”, without its window.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.crypto import salted_hmac
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
ALWAYS_FROM, ALWAYS_TO = datetime(1900, 1, 1, tzinfo=UTC), datetime(2500, 1, 1, tzinfo=UTC)
READ = (
    "kind", "state", "requester_id", "organization_id", "assignee_id", "service_id", "service__name", "planned_from",
    "planned_to",
)  # fmt: skip


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
    :param mark: names this very overlap; it changes when either window moves. Kept, never shown.
    :param key: the same for doors; it says nothing of a change that the viewer may not see.
    :param other: the other change, or the freeze; None when the viewer may not see it.
    :param sentence: for the viewer. :param plain_sentence: for everybody, as in the history: it names no other change.
    :param starts_at: from here to `ends_at` it is in the way. :param accepted: why somebody accepted it, empty while
        nobody did.
    """

    mark: str
    key: str
    reason: Reason
    other: Any
    sentence: str
    plain_sentence: str
    starts_at: datetime
    ends_at: datetime
    accepted: str = ""
    accepted_by: Any = None

    @property
    def is_open(self) -> bool:
        return not self.accepted

    @property
    def is_freeze(self) -> bool:
        return self.reason == Reason.FREEZE

    def touches(self, start: datetime, end: datetime) -> bool:
        return self.starts_at < end and self.ends_at > start


def conflicts(change: Change, start: datetime, end: datetime, *, viewer: Any = None) -> list[Conflict]:
    """
    Everything that collides with the change in [start, end), freezes first; accepted ones among them.

    :param viewer: who reads the sentences; None for Steward itself, which names no other change.
    """
    services = set(change.services.values_list("pk", flat=True)) if change.pk else set()
    if change.service_id:
        services.add(change.service_id)
    items = set(change.items.values_list("pk", flat=True)) if change.pk else set()
    found = [
        *_freezes(change, services, start, end),
        *_overlaps(change, services, items, start, end, viewer=viewer),
        *(each for each in _prerequisites(change, viewer) if each.touches(start, end)),
    ]
    said = {row.key: row for row in Acknowledgment.objects.filter(change=change.pk).select_related("by")}
    return [
        replace(each, accepted=said[each.mark].reason, accepted_by=said[each.mark].by) if each.mark in said else each
        for each in found
    ]


def _freezes(change: Change, services: set[int], start: datetime, end: datetime) -> Iterator[Conflict]:
    exemptions = {row.window_id: row for row in Exemption.objects.filter(change=change.pk).select_related("by")}
    for span in windows_in(
        start, end, kind=WindowKind.FREEZE, services=services, organizations=[change.organization_id]
    ):
        if change.is_emergency and span.window.allows_emergencies:
            continue
        exemption = exemptions.get(span.window.pk)
        mark = f"freeze:{span.window.pk}:{span.starts_at:%Y%m%dT%H%M}"
        said = {"name": span.window.name, "period": period(span.starts_at, span.ends_at)}
        sentence = _("It falls into the freeze “%(name)s”, %(period)s.") % said
        yield Conflict(
            mark=mark,
            key=mark,
            reason=Reason.FREEZE,
            other=span.window,
            sentence=sentence,
            plain_sentence=sentence,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            accepted=exemption.reason if exemption else "",
            accepted_by=exemption.by if exemption else None,
        )


def _overlaps(
    change: Change, services: set[int], items: set[int], start: datetime, end: datetime, *, viewer: Any
) -> Iterator[Conflict]:
    rows = Change.objects.booked().in_period(start, end).exclude(pk=change.pk)
    others = list(
        rows.select_related("service")
        .only(*READ)
        .prefetch_related("items", "services")
        .order_by("planned_from", "pk")
    )  # fmt: skip
    if not others:
        return
    nearby = _depending_on(items, services)
    seen = _seen_by(viewer, [other.pk for other in others])
    for other in others:
        for reason, how in _meetings(change, other, items, services, nearby):
            yield _overlap(other, reason, how, is_seen=other.pk in seen)


def _meetings(
    change: Change, other: Change, items: set[int], services: set[int], nearby: set[int]
) -> Iterator[tuple[Reason, str]]:
    """Where two changes of the same time meet: the closest thing, and the person."""
    its_items = {item.pk: item for item in other.items.all()}
    its_services = {service.pk: service for service in other.services.all()}
    if other.service_id and other.service is not None:
        its_services.setdefault(other.service_id, other.service)
    same_items, same_services = its_items.keys() & items, its_services.keys() & services
    if same_items:
        names = ", ".join(sorted(its_items[key].name for key in same_items))
        yield Reason.ITEM, _("on the same item: %(names)s") % {"names": names}
    elif same_services:
        names = ", ".join(sorted(its_services[key].name for key in same_services))
        yield Reason.SERVICE, _("on the same service: %(names)s") % {"names": names}
    elif nearby & (its_items.keys() | {-key for key in its_services}):
        yield Reason.DEPENDENCY, _("on something that one of the two depends on")
    if change.assignee_id and other.assignee_id == change.assignee_id:
        yield Reason.IMPLEMENTER, _("with the same implementer")


def overlap_mark(reason: Reason, other: int, start: datetime, end: datetime) -> str:
    """Names the overlap with another change in its window, so that a moved one is another overlap."""
    return f"{reason}:{other}:{start:%Y%m%dT%H%M}-{end:%Y%m%dT%H%M}"


def _overlap(other: Change, reason: Reason, how: str, *, is_seen: bool) -> Conflict:
    start, end = other.planned_from, other.planned_to
    assert start is not None and end is not None  # booked changes have a window
    mark = overlap_mark(reason, other.pk, start, end)
    # Of a change that the reader may not see, nothing but where the two meet: neither its name nor its window.
    plain = _("It overlaps another change, %(how)s.") % {"how": how}
    said = {"reference": other.reference, "period": period(start, end), "how": how}
    return Conflict(
        mark=mark,
        key=mark if is_seen else _masked(mark),
        reason=reason,
        other=other if is_seen else None,
        sentence=_("It overlaps %(reference)s, %(period)s, %(how)s.") % said if is_seen else plain,
        plain_sentence=plain,
        starts_at=start,
        ends_at=end,
    )


def _depending_on(items: set[int], services: set[int]) -> set[int]:
    """Keys of what is at most two steps away, in either direction; services with a minus."""
    start = [*items, *(-key for key in services)]
    if not start:
        return set()
    hit = walk(start, Direction.HIT, depth=DEPENDENCY_STEPS)
    needs = walk(start, Direction.NEEDS, depth=DEPENDENCY_STEPS)
    return set(hit) | set(needs)


def _prerequisites(change: Change, viewer: Any) -> Iterator[Conflict]:
    """Changes that have to be done first; they are in the way up to the end of their window, or for good."""
    if not change.pk:
        return
    links = Link.objects.filter(from_record=change.pk, kind=LinkKind.NEEDS, to_record__kind="change")
    firsts = list(Change.objects.filter(pk__in=links.values("to_record")).order_by("pk"))
    if not firsts:
        return
    seen = _seen_by(viewer, [first.pk for first in firsts])
    for first in firsts:
        if first.phase == Phase.DONE and first.state == "closed":
            continue
        is_planned = first.planned_to is not None and not first.is_done
        mark = f"{Reason.PREREQUISITE}:{first.pk}:{first.state}"
        said, is_seen = _("%(reference)s has to be done first, and is %(state)s."), first.pk in seen
        plain = said % {"reference": _("Another change"), "state": first.state_label}
        yield Conflict(
            mark=mark,
            key=mark if is_seen else _masked(mark),
            reason=Reason.PREREQUISITE,
            other=first if is_seen else None,
            sentence=said % {"reference": first.reference, "state": first.state_label} if is_seen else plain,
            plain_sentence=plain,
            starts_at=ALWAYS_FROM,
            ends_at=first.planned_to if is_planned and first.planned_to is not None else ALWAYS_TO,
        )


def _seen_by(viewer: Any, keys: Iterable[int]) -> set[int]:
    if viewer is None:
        return set()
    return set(Change.objects.visible_to(viewer).filter(pk__in=list(keys)).values_list("pk", flat=True))


def _masked(mark: str) -> str:
    """A key that tells neither the number nor the reference, and can't be guessed from the window."""
    return f"hidden:{salted_hmac('changes.conflict', mark, algorithm='sha256').hexdigest()[:32]}"


def period(start: Any, end: Any) -> str:
    """`Thu 5 Mar 20:00 – 22:00`, in the zone of the reader; with the years where it ends in another one."""
    begin, stop = localtime(start), localtime(end)
    moment = "D j M H:i" if begin.year == stop.year else "D j M Y H:i"
    same_day = begin.date() == stop.date()
    return f"{date_format(begin, moment)} – {date_format(stop, 'H:i' if same_day else moment)}"
