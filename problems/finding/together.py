"""Bursts among the incidents that a person may see: read, named, and with the addresses of what they count."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.dateparse import parse_datetime

from common.refs import format_reference
from records import practices

from . import decided
from .bursts import Burst, Came, bursts
from .dimensions import DIMENSIONS, Dimension
from .gathering import incidents, window_of
from .pareto import incidents_seen

# What the tickets of an outage share. Where they come from is left out: on a real log it pointed at no problem.
FIELDS = ("service", "item", "category", "subcategory", "symptom", "team")
# Of these a page is made while somebody waits.
MOST_LOOKED_AT = 20_000
SHOWN = 50
# So many are found at most; those that were dismissed are left out of them.
MOST_FOUND = 500


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
    def slug(self) -> str:
        return DIMENSIONS[self.burst.name].slug(self.burst.value)

    @property
    def address(self) -> dict[str, str]:
        """What names it in addresses and forms."""
        first, latest = self.burst.first_at.isoformat(), self.burst.latest_at.isoformat()
        return {"by": self.burst.name, "value": self.slug, "from": first, "to": latest}

    @property
    def url(self) -> str:
        """Its page, with the list of its incidents."""
        return f"/problems/together/incidents/?{urlencode(self.address)}"

    @property
    def references(self) -> list[str]:
        prefix = practices.of("incident").prefix
        return [format_reference(prefix, key) for key in self.burst.keys]

    @property
    def subject(self) -> str:
        """What a problem opened from it is called unless somebody says otherwise."""
        return decided.subject_of(self.value, self.burst.first_at)


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
    Those that somebody dismissed are left out until they have grown.

    A few statements for each of real and sample incidents, which never meet, and one or two for each field's names.
    """
    found: list[Burst] = []
    looked_at = []
    for is_sample in (False, True):
        window = window_of(at, is_sample=is_sample)
        came = _came(viewer, window.at_from, window.at_to, is_sample=is_sample)
        looked_at += [each.at for each in came]
        found += decided.without_dismissed(bursts(came, most=MOST_FOUND), is_sample=is_sample)
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


def find(asked: "Asked", viewer: Any, *, at: datetime) -> Shown | None:
    """The proposed burst of this field and value that touches these hours, with what joined it since."""
    for each in look(viewer, at=at).shown:
        burst = each.burst
        is_same = (burst.name, burst.value) == (asked.dimension.name, asked.key)
        if is_same and burst.first_at <= asked.latest_at and burst.latest_at >= asked.first_at:
            return each
    return None


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
