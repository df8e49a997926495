"""
Every conflict among what the calendar shows, found in sets: the same rules as `conflicts` has for one change.

A change that lies ahead collides with booked ones on the same item or service, on something two steps of dependency
away, or by the same implementer; with a freeze that it has no exemption from; and with what has to come first.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from common.keys import AnyOf
from common.refs import format_reference
from records.enums import LinkKind, Phase
from records.models import Link, Record
from services.impact import Nearby, next_to
from services.models import ConfigurationItem

from ..enums import State
from ..models import Acknowledgment, Exemption
from .conflicts import Reason, overlap_mark
from .schedule import FREEZE, ChangeEntry, Schedule, WindowEntry

AHEAD = frozenset({State.DRAFT, State.ASSESSING, State.AUTHORIZING, State.SCHEDULED})
MOST_STARTS = 2_000


@dataclass(frozen=True)
class First:
    """What has to come first, and is not planned to end before. :ivar url: empty when the viewer may not see it."""

    reference: str
    state: str
    url: str


@dataclass(frozen=True)
class Collision:
    """
    :param one: the change that has it; of two that are booked the later one.
    :param other: the other change, the time of the freeze, or what has to come first.
    :param shared: names of the items or services that both touch, as far as the viewer may know them.
    """

    one: ChangeEntry
    reason: Reason
    other: ChangeEntry | WindowEntry | First
    shared: tuple[str, ...] = ()

    @property
    def how(self) -> str:
        """What two changes meet in, in words: on the same item: vpn-gw-2. Most of a month is counted, not told."""
        if self.reason == Reason.ITEM:
            return _("on the same item: %(names)s") % {"names": ", ".join(self.shared)}
        if self.reason == Reason.SERVICE:
            return _("on the same service: %(names)s") % {"names": ", ".join(self.shared)}
        if self.reason == Reason.DEPENDENCY:
            return _("on something that one of the two depends on")
        return _("with the same implementer") if self.reason == Reason.IMPLEMENTER else ""


@dataclass(frozen=True)
class Found:
    """:param is_cut: more depends on the services and items shown than was looked at; a change's own page says all."""

    collisions: list[Collision]
    is_cut: bool = False

    def by_record(self) -> dict[int, list[Collision]]:
        """By the number of each change that is part of one."""
        found: dict[int, list[Collision]] = defaultdict(list)
        for each in self.collisions:
            for entry in (each.one, each.other):
                if isinstance(entry, ChangeEntry) and entry.record_id:
                    found[entry.record_id].append(each)
        return found


def collisions(shown: Schedule, *, user: Any, at: datetime) -> Found:
    """
    What collides among the changes shown and nobody accepted, by time. Four statements and, where something overlaps
    on different services, two steps along dependencies.
    """
    changes = shown.changes
    ahead = [each for each in changes if each.state_name in AHEAD and each.ends_at > at and not each.is_busy]
    if not ahead:
        return Found([])
    keys = [each.number for each in ahead]
    accepted = set(Acknowledgment.objects.filter(AnyOf("change_id", keys)).values_list("change_id", "key"))
    exempted = set(Exemption.objects.filter(AnyOf("change_id", keys)).values_list("change_id", "window_id"))
    pairs = list(_pairs(ahead, [each for each in changes if each.is_booked]))
    around = _surroundings(pairs)
    found = list(_overlaps(pairs, around, _item_names(pairs), shown))
    if accepted:
        found = [each for each in found if not _is_accepted(each, accepted)]
    found += _freezes(ahead, shown.windows, exempted)
    found += _prerequisites(ahead, user)
    found.sort(key=lambda each: (each.one.starts_at, each.one.number, each.reason != Reason.FREEZE))
    return Found(found, around.is_cut)


class Pair(NamedTuple):
    """Two changes at the same time, with the keys of what both touch."""

    one: ChangeEntry
    other: ChangeEntry
    items: frozenset[int]
    services: frozenset[int]


def _pairs(ahead: Iterable[ChangeEntry], booked: list[ChangeEntry]) -> Iterator[Pair]:
    """Each change ahead with each booked one that it overlaps; of two booked ones the later comes first."""
    booked = sorted(booked, key=lambda each: each.starts_at)
    going: list[ChangeEntry] = []
    at = 0
    for one in sorted(ahead, key=lambda each: each.starts_at):
        while at < len(booked) and booked[at].starts_at < one.ends_at:
            going.append(booked[at])
            at += 1
        going = [other for other in going if other.ends_at > one.starts_at]
        for other in going:
            if other.starts_at >= one.ends_at or other is one:
                continue
            is_both = one.is_booked and other.state_name in AHEAD and not other.is_busy
            if is_both and (other.starts_at, other.number) > (one.starts_at, one.number):
                continue
            yield Pair(one, other, one.item_ids & other.item_ids, one.all_service_ids & other.all_service_ids)


class _Surroundings:
    """
    What stands at most one step away from what each change touches, by the change's number.

    :ivar hits: what it touches, and what that hits when it fails. :ivar needs: likewise, and what that is hit by.
    """

    def __init__(self, touched: dict[int, set[int]], near: Nearby) -> None:
        self.is_cut = near.is_cut
        self.hits = {number: _with_next(keys, near.hits) for number, keys in touched.items()}
        self.needs = {number: _with_next(keys, near.needs) for number, keys in touched.items()}

    def are_near(self, one: ChangeEntry, other: ChangeEntry) -> bool:
        """
        Whether one of the two depends on the other over at most two steps, as `conflicts.DEPENDENCY_STEPS` says.

        Two steps from the one meet where one step from each does, which costs a third of walking them.
        """
        return not (
            self.hits[one.number].isdisjoint(self.needs[other.number])
            and self.needs[one.number].isdisjoint(self.hits[other.number])
        )


def _with_next(keys: set[int], next_to_them: dict[int, set[int]]) -> set[int]:
    return keys.union(*[next_to_them[key] for key in keys if key in next_to_them])


def _surroundings(pairs: list[Pair]) -> _Surroundings:
    """Of changes that overlap and share nothing. Three statements; none where every pair shares something already."""
    alone = {each.number: each for pair in pairs if not pair.items and not pair.services for each in pair[:2]}
    # Keys as walks know them: items, and services with a minus.
    touched = {key: {*each.item_ids, *(-service for service in each.all_service_ids)} for key, each in alone.items()}
    starts = set().union(*touched.values())
    if not starts:
        return _Surroundings(touched, Nearby())
    chosen = sorted(starts)[:MOST_STARTS]
    near = next_to(chosen)
    near.is_cut |= len(chosen) < len(starts)
    return _Surroundings(touched, near)


def _item_names(pairs: list[Pair]) -> dict[int, str]:
    shared = set().union(*(pair.items for pair in pairs))
    return dict(ConfigurationItem.objects.filter(AnyOf("pk", shared)).values_list("pk", "name")) if shared else {}


def _overlaps(pairs: list[Pair], around: _Surroundings, names: dict[int, str], shown: Schedule) -> Iterator[Collision]:
    for one, other, items, services in pairs:
        if items:
            yield Collision(one, Reason.ITEM, other, tuple(sorted(names[key] for key in items if key in names)))
        elif services:
            seen = sorted(shown.services[key].name for key in services if key in shown.services)
            yield Collision(one, Reason.SERVICE, other, tuple(seen))
        elif around.are_near(one, other):
            yield Collision(one, Reason.DEPENDENCY, other)
        if one.assignee_id and one.assignee_id == other.assignee_id:
            yield Collision(one, Reason.IMPLEMENTER, other)


def _is_accepted(found: Collision, accepted: set[tuple[int, str]]) -> bool:
    """Accepted at either end: whoever was scheduled later had to."""
    one, other = found.one, found.other
    if not isinstance(other, ChangeEntry):
        return False
    return any(
        (here.number, overlap_mark(found.reason, there.number, there.starts_at, there.ends_at)) in accepted
        for here, there in ((one, other), (other, one))
    )


def _freezes(
    ahead: Iterable[ChangeEntry], windows: Iterable[WindowEntry], exempted: set[tuple[int, int]]
) -> Iterator[Collision]:
    freezes = [each for each in windows if each.kind == FREEZE]
    for one in ahead:
        for freeze in freezes:
            if freeze.starts_at >= one.ends_at:
                break
            if freeze.ends_at <= one.starts_at or not freeze.is_about(one):
                continue
            if (one.is_emergency and freeze.allows_emergencies) or (one.number, freeze.window_id) in exempted:
                continue
            yield Collision(one, Reason.FREEZE, freeze)


def _prerequisites(ahead: Iterable[ChangeEntry], user: Any) -> Iterator[Collision]:
    by_key = {each.number: each for each in ahead}
    links = Link.objects.filter(AnyOf("from_record_id", by_key), kind=LinkKind.NEEDS, to_record__kind="change")
    rows = list(
        links.order_by("to_record").values_list(
            "from_record", "to_record", "to_record__state", "to_record__phase", "to_record__change__planned_to"
        )
    )
    if not rows:
        return
    seen = set(Record.objects.visible_to(user).filter(pk__in={row[1] for row in rows}).values_list("pk", flat=True))
    for key, first, state, phase, planned_to in rows:
        one = by_key[key]
        is_ended = phase == Phase.DONE
        if (is_ended and state == State.CLOSED) or (not is_ended and planned_to and planned_to <= one.starts_at):
            continue
        reference = format_reference("CHG", first)
        label = str(State(state).label)
        yield Collision(
            one, Reason.PREREQUISITE, First(reference, label, f"/changes/{reference}/" if first in seen else "")
        )
