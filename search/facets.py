"""What the tickets found have in common: kinds, phases, services, organizations and teams, each with its number."""

from collections import Counter
from collections.abc import Mapping, Sequence
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
    wanted = Record.objects.filter(pk__in=keys)
    rows = list(wanted.values_list(
        "kind", "phase", "service__slug", "service__name", "organization__slug", "organization__name",
        "team__slug", "team__name",
    ))  # fmt: skip
    # Counted column by column first: words are put to the few different values, not to every ticket.
    kinds, phases, *places = zip(*rows, strict=True) if rows else [()] * 8
    service, organization, team = (Counter(zip(*places[at : at + 2], strict=True)) for at in (0, 2, 4))
    counts: dict[str, dict[tuple[str, Any], int]] = {
        "kind": {(kind, str(practices.of(kind).label_plural)): count for kind, count in Counter(kinds).items()},
        "is": _finished(phases),
        "service": service,
        "org": organization if is_staff else {},
        "team": team if is_staff else {},
    }
    found = {name: {key: count for key, count in each.items() if key[0] is not None} for name, each in counts.items()}
    return [
        Facet(name, label, _options(name, found[name], query, "+" if is_capped else ""))
        for name, label in _labels()
        if len(found[name]) > 1
    ]


def _finished(phases: Sequence[str]) -> dict[tuple[str, Any], int]:
    done = sum(phase == "done" for phase in phases)
    counts = {("open", _("not done")): len(phases) - done, ("done", _("done")): done}
    return {key: count for key, count in counts.items() if count}


def _labels() -> list[tuple[str, Any]]:
    return [
        ("kind", _("Kind")),
        ("is", _("State")),
        ("service", _("Service")),
        ("org", _("Organization")),
        ("team", _("Team")),
    ]


def _options(name: str, found: Mapping[tuple[str, Any], int], query: Query, more: str) -> list[Option]:
    return [
        Option(label, f"{count}{more}", render(replace(query, parts=(*query.parts, Term(name, (Value(value),))))))
        for (value, label), count in sorted(found.items(), key=lambda each: (-each[1], each[0][1]))[:SHOWN]
    ]
