"""What the tickets found have in common: kinds, phases, services, organizations and teams, each with its number."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from records import practices
from records.models import Record
from records.query import Query, Term, render
from records.query.ast import Value

SHOWN = 6


@dataclass(frozen=True)
class Option:
    """:param query: the query narrowed to this. :param count: among the tickets found, as it is shown."""

    label: Any
    count: str
    query: str


@dataclass(frozen=True)
class Facet:
    name: str
    label: Any
    options: list[Option]


def facets_of(keys: Sequence[int], query: Query, *, is_capped: bool, is_staff: bool) -> list[Facet]:
    """
    Group the tickets found; one statement over their keys, which are 500 at most.

    A facet that would not narrow anything is left out. With a capped list the numbers are those of its newest 500.

    :param is_staff: also by organization and team, which are no concern of those who asked for help.
    """
    rows = Record.objects.filter(pk__in=keys).values_list(
        "kind", "phase", "service__slug", "service__name", "organization__slug", "organization__name",
        "team__slug", "team__name",
    )  # fmt: skip
    counts: dict[str, Counter[tuple[str, Any]]] = {}
    for kind, phase, service, service_name, organization, organization_name, team, team_name in rows:
        for name, value, label in (
            ("kind", kind, practices.of(kind).label_plural),
            ("is", "done" if phase == "done" else "open", _("done") if phase == "done" else _("not done")),
            ("service", service, service_name),
            ("org", organization if is_staff else None, organization_name),
            ("team", team if is_staff else None, team_name),
        ):
            if value is not None:
                counts.setdefault(name, Counter())[value, str(label)] += 1
    return [
        Facet(name, label, _options(name, counts[name], query, "+" if is_capped else ""))
        for name, label in _labels()
        if len(counts.get(name, ())) > 1
    ]


def _labels() -> list[tuple[str, Any]]:
    return [
        ("kind", _("Kind")),
        ("is", _("State")),
        ("service", _("Service")),
        ("org", _("Organization")),
        ("team", _("Team")),
    ]


def _options(name: str, found: Counter[tuple[str, Any]], query: Query, more: str) -> list[Option]:
    return [
        Option(label, f"{count}{more}", render(replace(query, parts=(*query.parts, Term(name, (Value(value),))))))
        for (value, label), count in sorted(found.items(), key=lambda each: (-each[1], each[0][1]))[:SHOWN]
    ]
