"""Read the recent incidents in sets and find the clusters among them; nothing is written here."""

import hashlib
import heapq
from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef

from records import practices
from records.enums import LinkKind
from records.models import Link

from ..queries.lost import minutes_lost
from . import text
from .grouping import Found, Grouper
from .models import Cluster
from .text import Weights

DAYS = 90
MOST_INCIDENTS = 100_000
SMALLEST = 5
MOST_PROPOSED = 100
_CHUNK = 2_000

Place = tuple[bool, int | None, int | None, int | None]


@dataclass(frozen=True)
class Window:
    """The days looked at, the end not included."""

    at_from: datetime
    at_to: datetime

    @property
    def middle(self) -> datetime:
        return self.at_from + (self.at_to - self.at_from) / 2


@dataclass
class Candidate:
    """A cluster with its figures. `key` is that of the stored cluster it continues, None for a new one."""

    place: Place
    key: int | None
    subject: str
    members: "array[int]"
    likeness: "array[int]"
    figures: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.place, self.subject)

    @property
    def lost_minutes(self) -> int:
        return self.figures["lost_minutes"]


@dataclass
class Gathered:
    """What a look through the incidents brought: clusters known before, and new ones, those that cost most first."""

    window: Window
    incident_count: int = 0
    known: list[Candidate] = field(default_factory=list)
    new: list[Candidate] = field(default_factory=list)


def fingerprint(place: Place, subject: str) -> str:
    """The same for the same service, category, item and words, whatever their case, accents and punctuation."""
    told = "|".join(map(str, place)) + "|" + " ".join(text.words_of(subject))
    return hashlib.sha256(told.encode()).hexdigest()


def window_of(at: datetime, *, days: int = DAYS, is_sample: bool = False) -> Window:
    """
    The days before `at`; fewer when more than 100,000 incidents fall into them, so that work and memory are bounded.

    They begin with the first report, or the first weeks of an installation would see everything rise. Where nothing
    was reported in these days, those before the latest report: a log of last year is worth a look too.
    """
    everything = incidents().filter(opened_at__lt=at, is_sample=is_sample).order_by("-opened_at", "-pk")
    latest = everything.values_list("opened_at", flat=True).first()
    if latest is not None and latest < at - timedelta(days=days):
        at = latest + timedelta(microseconds=1)
    window = Window(at - timedelta(days=days), at)
    newest = everything.filter(opened_at__gte=window.at_from).values_list("opened_at", flat=True)
    over = newest[MOST_INCIDENTS : MOST_INCIDENTS + 1]
    first = newest.reverse()[:1]
    return Window(max([window.at_from, *first, *(moment + timedelta(microseconds=1) for moment in over)]), at)


def incidents() -> Any:
    """
    Incidents that no problem explains yet.

    Those that were cancelled were none. The practice of incidents is known by its kind only.
    """
    explained = Link.objects.filter(
        from_record=OuterRef("pk"), kind=LinkKind.CAUSED_BY, to_record__kind="problem"
    )  # fmt: skip
    every = practices.of("incident").model._default_manager
    return every.exclude(state="cancelled").exclude(Exists(explained))


def gather(window: Window, *, is_sample: bool = False) -> Gathered:
    """
    Find the clusters of these days, among real incidents or those of the sample.

    One pass learns which words are common, one puts subjects together.
    At most one service, category and item at a time is in memory, besides the clusters found.
    """
    looked_at = incidents().filter(opened_at__gte=window.at_from, opened_at__lt=window.at_to, is_sample=is_sample)
    weights = Weights()
    subjects = looked_at.order_by().values_list("title", flat=True)
    for subject in subjects.iterator(chunk_size=_CHUNK):
        weights.count(text.words_of(subject))
    found = Gathered(window)
    stored = _stored()
    grouper = Grouper(weights)
    cheapest: list[tuple[int, int, Candidate]] = []
    for place, names, rows in _places(looked_at, window.at_to):
        found.incident_count += len(rows)
        for each in _clusters(grouper, place, names, rows, stored.get(place, [])):
            if each.key is None and len(each.members) < SMALLEST:
                continue
            candidate = _candidate(place, each, rows, window)
            if candidate.key is not None:
                found.known.append(candidate)
            elif len(cheapest) < MOST_PROPOSED:
                heapq.heappush(cheapest, (candidate.lost_minutes, -candidate.members[0], candidate))
            else:
                heapq.heappushpop(cheapest, (candidate.lost_minutes, -candidate.members[0], candidate))
    found.new = [candidate for _lost, _first, candidate in sorted(cheapest, reverse=True)]
    return found


@dataclass(frozen=True, slots=True)
class _Row:
    title: str
    opened_at: datetime
    organization_id: int
    lost_minutes: int


def _places(looked_at: Any, at: datetime) -> Iterator[tuple[Place, list[str], dict[int, _Row]]]:
    """The incidents of one service, category and item after another, the older first, with the names of the three."""
    place = ("is_sample", "service_id", "category_id", "item_id")
    names = ("service__name", "category__name", "category__parent__name", "item__name")
    rows = (
        looked_at.annotate(lost=minutes_lost(at))
        .order_by(*place, "opened_at", "pk")
        .values_list(*place, *names, "pk", "title", "opened_at", "organization_id", "lost")
    )
    for key, told in groupby(rows.iterator(chunk_size=_CHUNK), key=lambda row: row[:8]):
        yield key[:4], [name for name in key[4:] if name], {row[8]: _Row(*row[9:]) for row in told}


def _stored() -> dict[Place, list[tuple[int, str]]]:
    """Clusters of earlier runs by place, those decided first: they have the first claim on what is like them."""
    found: dict[Place, list[tuple[int, str]]] = defaultdict(list)
    rows = Cluster.objects.order_by("decided_at", "pk").values_list(
        "is_sample", "service_id", "category_id", "item_id", "pk", "subject"
    )
    for *place, key, subject in rows:
        found[tuple(place)].append((key, subject))  # type: ignore[index] # four columns, as in a place
    return found


def _clusters(
    grouper: Grouper, place: Place, names: list[str], rows: dict[int, _Row], known: list[tuple[int, str]]
) -> list[Found]:
    return grouper.clusters(
        ((key, row.title) for key, row in rows.items()),
        coded=names,
        known=known,
        # To share a service alone, without a word, is no likeness.
        by_fields=place[2] is not None or place[3] is not None,
    )


def _candidate(place: Place, found: Found, rows: dict[int, _Row], window: Window) -> Candidate:
    members = [rows[key] for key in found.members]
    later = sum(row.opened_at >= window.middle for row in members)
    return Candidate(
        place=place,
        key=found.key,
        subject=found.subject,
        members=found.members,
        likeness=found.likeness,
        figures={
            "member_count": len(members),
            "likeness": sum(found.likeness) // len(members),
            "first_at": min(row.opened_at for row in members),
            "latest_at": max(row.opened_at for row in members),
            "lost_minutes": sum(row.lost_minutes for row in members),
            "earlier_count": len(members) - later,
            "later_count": later,
            "organization_ids": sorted({row.organization_id for row in members}),
        },
    )
