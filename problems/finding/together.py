"""Bursts among the incidents that a person may see: read, named, and with the addresses of what they count."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.dateparse import parse_datetime

from common.refs import format_reference
from records import practices

from .bursts import Burst, Came, bursts
from .dimensions import DIMENSIONS, Dimension
from .gathering import incidents, window_of
from .pareto import incidents_seen

# What the tickets of an outage share. Where they come from is left out: on a real log it pointed at no problem.
FIELDS = ("service", "item", "category", "subcategory", "symptom", "team")
# Of these a page is made while somebody waits.
MOST_LOOKED_AT = 20_000
MOST_OPENED = 300
SHOWN = 50


@dataclass(frozen=True)
class Shown:
    """A burst in words. :param also: under which other fields most of the same incidents stand out: label and value."""

    burst: Burst
    label: str
    value: str
    also: list[tuple[str, str]]

    @property
    def count(self) -> int:
        return len(self.burst.keys)

    @property
    def url(self) -> str:
        """The list of its incidents."""
        said = {
            "by": self.burst.name,
            "value": DIMENSIONS[self.burst.name].slug(self.burst.value),
            "from": self.burst.first_at.isoformat(),
            "to": self.burst.latest_at.isoformat(),
        }
        return f"/problems/together/incidents/?{urlencode(said)}"

    @property
    def references(self) -> list[str]:
        prefix = practices.of("incident").prefix
        return [format_reference(prefix, key) for key in self.burst.keys]

    @property
    def new_problem_url(self) -> str:
        """A new problem from them, 300 at most: a longer address is cut on its way."""
        return f"/problems/new/?{urlencode({'from': ','.join(self.references[:MOST_OPENED])})}"


@dataclass(frozen=True)
class Look:
    """What one person gets to see, and of which days: those of the first and the latest incident looked at."""

    first_at: datetime
    latest_at: datetime
    incident_count: int
    shown: list[Shown]


def look(viewer: Any, *, at: datetime) -> Look:
    """
    The bursts of the latest 90 days among the incidents that no problem explains yet; the newest 20,000 at most.

    A few statements for each of real and sample incidents, which never meet, and one or two for each field's names.
    """
    found: list[Burst] = []
    looked_at = []
    for is_sample in (False, True):
        window = window_of(at, is_sample=is_sample)
        came = _came(viewer, window.at_from, window.at_to, is_sample=is_sample)
        looked_at += [each.at for each in came]
        found += bursts(came, most=SHOWN)
    found.sort(key=lambda each: (-each.surprise, each.keys[0]))
    return Look(min(looked_at, default=at), max(looked_at, default=at), len(looked_at), _named(found[:SHOWN]))


def _came(viewer: Any, at_from: datetime, at_to: datetime, *, is_sample: bool) -> list[Came]:
    rows = (
        incidents()
        .filter(pk__in=incidents_seen(viewer), opened_at__gte=at_from, opened_at__lt=at_to, is_sample=is_sample)
        .annotate(**{f"in_{name}": DIMENSIONS[name].column() for name in FIELDS})
        .order_by("-opened_at", "-pk")
        .values_list("pk", "opened_at", *(f"in_{name}" for name in FIELDS))[:MOST_LOOKED_AT]
    )
    return [
        Came(key, moment, {name: value for name, value in zip(FIELDS, values, strict=True) if value not in (None, "")})
        for key, moment, *values in rows
    ]


def _named(found: list[Burst]) -> list[Shown]:
    keys: dict[str, set[Any]] = {}
    for burst in found:
        for name, value in [(burst.name, burst.value), *burst.also.items()]:
            keys.setdefault(name, set()).add(value)
    names = {name: DIMENSIONS[name].shown(values) for name, values in keys.items()}
    return [
        Shown(
            burst=burst,
            label=str(DIMENSIONS[burst.name].label),
            value=names[burst.name][burst.value].label,
            # A category without a parent reads the same as its subcategory.
            also=[
                (str(DIMENSIONS[name].label), names[name][value].label)
                for name, value in burst.also.items()
                if names[name][value].label != names[burst.name][burst.value].label
            ],
        )
        for burst in found
    ]


@dataclass(frozen=True)
class Asked:
    """One burst as its address names it."""

    dimension: Dimension
    key: Any
    first_at: datetime
    latest_at: datetime


def read(query: Any) -> Asked:
    """:raises ValueError: the address names no burst."""
    dimension = DIMENSIONS[query.get("by", "")] if query.get("by") in FIELDS else None
    first_at, latest_at = (parse_datetime(query.get(name, "")) for name in ("from", "to"))
    if dimension is None or first_at is None or latest_at is None or not (first_at.tzinfo and latest_at.tzinfo):
        raise ValueError("no burst")
    return Asked(dimension, dimension.key(query.get("value", "")), first_at, latest_at)


def rows_behind(asked: Asked, viewer: Any) -> Any:
    """The incidents of a burst that no problem explains yet."""
    rows = incidents().filter(pk__in=incidents_seen(viewer)).annotate(value=asked.dimension.column())
    return rows.filter(value=asked.key, opened_at__gte=asked.first_at, opened_at__lte=asked.latest_at)
