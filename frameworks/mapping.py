"""
The practice map: frameworks by steps, where each step is done here and how much of it there is now.

Some statements, whatever the number of packs, practices and records: the practices of the packs that are switched on,
the open records by kind and state as this person may see them, and the improvements that gaps became.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from people.access import access_of
from records import practices as kinds
from records.enums import Phase
from records.models import Record

from . import places, targets
from .models import GapImprovement, Pack, Practice
from .places import Page, Place
from .spine import Step


@dataclass(frozen=True)
class Here:
    """A place as one person finds it. :param url: empty where they may not open it. :param count: None for pages."""

    label: str
    url: str
    count: int | None = None


@dataclass
class Row:
    """A step with the practices that plug in there: by the short name of their pack."""

    step: Step
    here: list[Here]
    procedure: targets.InForce | None = None
    practices: dict[str, list[Practice]] = field(default_factory=dict)

    @property
    def is_done_here(self) -> bool:
        """It has a place in the product, or a procedure in force that somebody owns or answers for."""
        return self.is_worked_here or (self.procedure is not None and bool(self.procedure.answers))

    @property
    def is_worked_here(self) -> bool:
        """It has a place in the product, or somebody made its procedure their own."""
        return bool(self.here) or (self.procedure is not None and bool(self.procedure.owner))

    @property
    def is_only_written(self) -> bool:
        """A procedure is in force and a role answers for it; nothing else shows that it is done."""
        return self.is_done_here and not self.is_worked_here

    @property
    def all_practices(self) -> list[Practice]:
        return [each for one in self.practices.values() for each in one]

    @property
    def practice_count(self) -> int:
        return sum(len(each) for each in self.practices.values())

    @property
    def is_overlap(self) -> bool:
        """Two frameworks ask for it; here it is done once."""
        return len(self.practices) > 1

    @property
    def is_orphan(self) -> bool:
        """It is done here, and no framework asks for it."""
        return self.is_worked_here and not self.practices

    @property
    def records_count(self) -> int:
        return sum(each.count or 0 for each in self.here)

    @property
    def url(self) -> str:
        return reverse("frameworks:step", args=[self.step.id])


@dataclass(frozen=True)
class Gap:
    """
    A practice of which no step is done here, or of which nothing shows but a procedure.

    :param improvement: what it became, if the person may see that. :param is_taken: that has not ended yet.
    :param is_written: procedures of its steps are in force, and somebody answers for them.
    """

    practice: Practice
    rows: list[Row]
    improvement: Record | None
    is_taken: bool
    is_written: bool = False

    @property
    def reason(self) -> str:
        if not self.practice.steps:
            return _("It names no step.")
        if self.is_written:
            return _("It is written down and somebody answers for it; nothing in the product shows that it is done.")
        if any(row.procedure for row in self.rows):
            return _("Nothing of it is done in the product, and nobody has the role that answers for its steps.")
        return _("None of its steps is done here.")


class Map:
    """The map as one person sees it. Built once for a request."""

    def __init__(self, viewer: Any, *, packs: Iterable[Pack] | None = None) -> None:
        self.viewer = viewer
        self._packs = None if packs is None else list(packs)

    @cached_property
    def packs(self) -> list[Pack]:
        """Those that are switched on, by name."""
        return list(Pack.objects.active().defer("document")) if self._packs is None else self._packs

    @cached_property
    def practices(self) -> list[Practice]:
        """All practices of these packs, pack by pack, in their order."""
        by_id = {each.pk: each for each in self.packs}
        found = list(Practice.objects.filter(pack__in=by_id).order_by("pack", "position")) if by_id else []
        for each in found:
            each.pack = by_id[each.pack_id]
        order = {each.pk: place for place, each in enumerate(self.packs)}
        return sorted(found, key=lambda each: (order[each.pack_id], each.position))

    @cached_property
    def counts(self) -> dict[tuple[str, str], int]:
        """Open records by kind and state, of those that the person may see. One statement."""
        if not access_of(self.viewer).allows("record.queue"):
            return {}
        rows = Record.objects.visible_to(self.viewer).exclude(phase=Phase.DONE).order_by()
        return {
            (kind, state): count
            for kind, state, count in rows.values_list("kind", "state").annotate(count=Count("pk"))
        }  # fmt: skip

    @cached_property
    def rows(self) -> list[Row]:
        """Every step of the spine, in its order, with what plugs in there."""
        return list(self.by_step.values())

    @cached_property
    def by_step(self) -> dict[str, Row]:
        procedures = targets.procedures_for(self.viewer)
        steps = targets.with_own(procedures, (target for each in self.practices for target in each.steps))
        found = {
            step.id: Row(step, [h for place in places.of(step.id) if (h := self._here(place))], procedures.get(step.id))
            for step in steps.values()
        }
        for practice in self.practices:
            for step_id in _steps_of(practice):
                if step_id in found:
                    found[step_id].practices.setdefault(practice.pack.slug, []).append(practice)
        return found

    def _here(self, place: Place) -> Here | None:
        access = access_of(self.viewer)
        if isinstance(place, Page):
            return Here(str(place.label), _address(place.url_name, access))
        known = {each.kind: each for each in kinds.all_practices()}
        if place.kind not in known:
            return None
        practice = known[place.kind]
        states = ", ".join(str(practice.state_label(state)) for state in place.states)
        label = _("%(records)s: %(states)s") % {"records": practice.label_plural, "states": states}
        if not access.allows("record.queue"):
            return Here(label, "")
        count = sum(self.counts.get((place.kind, state), 0) for state in place.states)
        return Here(label, f"{reverse('records:queue')}?{urlencode({'q': place.query})}", count)

    @property
    def gaps(self) -> list[Gap]:
        """Practices of which nothing is done here, with what became of each."""
        return [each for each in self.unproven if not each.is_written]

    @property
    def written(self) -> list[Gap]:
        """Practices of which only procedures are there, with what became of each."""
        return [each for each in self.unproven if each.is_written]

    @cached_property
    def unproven(self) -> list[Gap]:
        """Both, in the order of the frameworks. Headings are not counted."""
        missing = [
            each
            for each in self.practices
            if not each.is_heading and not any(row.is_worked_here for row in self.rows_of(each))
        ]
        if not missing:
            return []
        rows = GapImprovement.objects.filter(pack_slug__in={each.pack.slug for each in missing})
        known = {
            (slug, key): (number, phase != Phase.DONE)
            for slug, key, number, phase in rows.values_list("pack_slug", "practice_key", "record", "record__phase")
        }  # fmt: skip
        seen = Record.objects.visible_to(self.viewer).in_bulk([number for number, _is_open in known.values()])
        found = []
        for each in missing:
            number, is_taken = known.get((each.pack.slug, each.key), (0, False))
            rows_of_it = self.rows_of(each)
            is_written = any(row.is_only_written for row in rows_of_it)
            found.append(Gap(each, rows_of_it, seen.get(number), is_taken, is_written))
        return found

    def rows_of(self, practice: Practice) -> list[Row]:
        """The steps at which a practice plugs in."""
        return [self.by_step[step] for step in _steps_of(practice) if step in self.by_step]

    @property
    def figures(self) -> "Figures":
        used = [row for row in self.rows if row.practices]
        return Figures(
            frameworks=len(self.packs),
            practices=sum(not each.is_heading for each in self.practices),
            attachments=sum(row.practice_count for row in used),
            steps_used=len(used),
            steps=len(self.rows),
            overlaps=sum(row.is_overlap for row in used),
            orphans=sum(row.is_orphan for row in self.rows),
            gaps=len(self.gaps),
        )


@dataclass(frozen=True)
class Figures:
    """
    What the map comes to.

    :ivar attachments: points at which practices plug in; each would be a step of its own, were every framework rolled
        out by itself.
    """

    frameworks: int
    practices: int
    attachments: int
    steps_used: int
    steps: int
    overlaps: int
    orphans: int
    gaps: int

    @property
    def avoided(self) -> int:
        """Steps that would stand twice or more often if each practice had its own."""
        return self.attachments - self.steps_used

    @property
    def pairs(self) -> int:
        """Alignments between frameworks, two by two, that nobody has to keep up."""
        return self.frameworks * (self.frameworks - 1) // 2


def _steps_of(practice: Practice) -> list[str]:
    """The steps of a practice, each once, however many steps of one procedure it names."""
    return list(dict.fromkeys(targets.step_of(each) for each in practice.steps))


def _address(url_name: str, access: Any) -> str:
    """The page's address for those whom its door lets in."""
    url = reverse(url_name)
    operation = getattr(resolve(url).func, "operation", None)
    return url if operation is None or access.allows(operation) else ""


def by_process(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    """Rows by the process that they belong to, in the order of the processes."""
    found: dict[str, list[Row]] = {name: [] for name in kinds.PROCESSES}
    for row in rows:
        found[row.step.process].append(row)
    return {name: each for name, each in found.items() if each}
