"""What follows for a service from those it needs: one after the other, and side by side where some suffice."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from services.models import Service

from .arithmetic import at_least, serial
from .models import Redundancy
from .writing import share


@dataclass(frozen=True)
class Part:
    """A service that is needed, with the availability it had; None where nothing was agreed for it."""

    service: Service
    availability: Fraction | None

    @property
    def text(self) -> str:
        return share(self.availability)


@dataclass(frozen=True)
class Link:
    """One step of the chain: a service alone, or several of which some suffice."""

    name: str
    parts: Sequence[Part]
    needed: int
    key: int | None = None

    @property
    def availability(self) -> Fraction | None:
        """None where too little is known of the parts."""
        known = [each.availability for each in self.parts if each.availability is not None]
        return at_least(self.needed, known) if len(known) == len(self.parts) >= self.needed else None

    @property
    def text(self) -> str:
        return share(self.availability)

    @property
    def formula(self) -> str:
        """How the availability comes about."""
        if len(self.parts) == 1:
            return self.parts[0].text
        if self.needed == len(self.parts):
            return " × ".join(each.text for each in self.parts)
        if self.needed == 1:
            return "1 − " + " × ".join(f"(1 − {each.text})" for each in self.parts)
        return _("at least %(needed)s of %(count)s") % {"needed": self.needed, "count": len(self.parts)}


@dataclass(frozen=True)
class Chain:
    """Everything that a service needs, and what follows from it. It never stands in for what was measured."""

    links: Sequence[Link]

    @property
    def availability(self) -> Fraction | None:
        known = [each.availability for each in self.links]
        return serial(each for each in known if each is not None) if None not in known and known else None

    @property
    def text(self) -> str:
        return share(self.availability)

    @property
    def formula(self) -> str:
        return " × ".join(each.text for each in self.links)

    @property
    def unknown(self) -> list[Service]:
        """The parts for which nothing was agreed."""
        return [part.service for link in self.links for part in link.parts if part.availability is None]


def needs_of(service: Service, visible: Any) -> tuple[list[Service], list[Redundancy]]:
    """
    What a service needs: the services it names and its children, and which of these stand in for each other.

    Three statements.

    :param visible: the services that the reader may see; others are left out.
    """
    needed = visible.filter(dependents__service=service) | visible.filter(parent=service)
    groups = list(service.redundancies.prefetch_related("members"))
    return list(needed.exclude(stage="retired").order_by("name").distinct()), groups


def chain_of(needed: Sequence[Service], groups: Sequence[Redundancy], measured: dict[int, Fraction | None]) -> Chain:
    """
    Put the chain together. A member of a group that is no longer needed drops out of it; so does a group without two.

    :param measured: by service; those that are missing count as not known.
    """
    parts = {each.pk: Part(each, measured.get(each.pk)) for each in needed}
    links, grouped = [], set()
    for group in groups:
        members = [parts[each.pk] for each in group.members.all() if each.pk in parts and each.pk not in grouped]
        if len(members) < 2:
            continue
        grouped |= {each.service.pk for each in members}
        links.append(Link(group.name, members, min(group.needed, len(members)), group.pk))
    alone = [Link(each.service.name, [each], 1) for key, each in parts.items() if key not in grouped]
    return Chain([*alone, *links])
