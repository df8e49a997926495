"""Whose numbers: what a person may see, and what they asked to see of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from people.access import EVERYWHERE, access_of
from people.enums import Relation
from people.matrix import rule
from people.models import Organization

from .cells import keys_in
from .models import Cube, Reading
from .singles import Array

SAMPLE, REAL = "sample", "real"
DATA = (SAMPLE, REAL)
FILTERS = {"service": "service_id", "team": "team_id", "priority": "priority", "organization": "organization_id"}


@dataclass(frozen=True)
class Scope:
    """
    The cells that a question is about.

    :param organizations: those that the viewer's roles cover; None means all.
    :param has_sample: whether there is a sample to choose.
    :param filters: dimension (`service`, `team`, `priority`, `organization`) -> key; 0 means none.
    """

    viewer: Any
    organizations: frozenset[int] | None
    is_sample: bool = False
    has_sample: bool = False
    filters: Mapping[str, int] = field(default_factory=dict)

    def narrowed(self, **filters: int) -> "Scope":
        return replace(self, filters={**self.filters, **filters})

    @property
    def is_empty(self) -> bool:
        return self.organizations is not None and not self.organizations

    def cube_for(self, *dimensions: str) -> Cube:
        """The smallest cube that can answer by these dimensions."""
        wanted = {*self.filters, *dimensions}
        if self.organizations is not None:
            wanted.add("organization")
        if not wanted:
            return Cube.TOTAL
        if wanted <= {"service", "team"}:
            return Cube.WORK
        return Cube.CUSTOMER if wanted <= {"organization", "priority"} else Cube.ALL

    def covers(self, places: Array) -> Array:
        """Which of the places the question is about; those of the sample, or of what is real, were read before."""
        found = np.ones(len(places), bool)
        if self.organizations is not None:
            found &= np.isin(keys_in(places, "organization_id"), sorted(self.organizations))
        for name, key in self.filters.items():
            found &= keys_in(places, FILTERS[name]) == key
        return found

    def conditions(self) -> tuple[list[str], dict[str, Any]]:
        """SQL conditions on the record `r`, and their parameters."""
        wanted = ["r.is_sample = %(is_sample)s"]
        parameters: dict[str, Any] = {"is_sample": self.is_sample}
        if self.organizations is not None:
            wanted.append("r.organization_id = ANY(%(organizations)s)")
            parameters["organizations"] = sorted(self.organizations)
        for name, key in self.filters.items():
            column = f"r.{FILTERS[name]}"
            if name in ("service", "team"):
                column = f"coalesce({column}, 0)"
            wanted.append(f"{column} = %(f_{name})s")
            parameters[f"f_{name}"] = key
        return wanted, parameters


def organizations_of(viewer: Any, operation: str = "kpi.view") -> frozenset[int] | None:
    """The organizations in which the person may do the operation; None means all, the empty set none."""
    access = access_of(viewer)
    if not access.allows(operation):
        return frozenset()
    found: set[int] = set()
    for role, relation in rule(operation).roles.items():
        reach = access.reach.get(role, set())
        if reach is EVERYWHERE and relation in (Relation.SCOPE, Relation.GLOBAL):
            return None
        if relation == Relation.SCOPE and reach:
            found |= reach
    return frozenset(found)


def has_sample() -> bool:
    """Whether the sample workspace is here."""
    return Organization.objects.filter(is_sample=True).exists()


def is_nothing_real() -> bool:
    """Whether only sample data has been counted so far; then the sample is shown unless asked otherwise."""
    return not Reading.objects.filter(is_sample=False).exists()


def scope_of(viewer: Any, *, operation: str = "kpi.view", data: str = "", **filters: int) -> Scope:
    """
    What the person may see, narrowed by filters.

    :param data: `sample` or `real`; else the sample as long as nothing real has been counted.
    """
    is_here = has_sample()
    return Scope(
        viewer=viewer,
        organizations=organizations_of(viewer, operation),
        has_sample=is_here,
        is_sample=is_here and (is_nothing_real() if data not in DATA else data == SAMPLE),
        filters=filters,
    )
