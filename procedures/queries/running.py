"""The procedure of a record: its steps with who ticked them, tags of frameworks, and where it was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from records.processes import step_label

from ..models import ProcedureStep, ProcedureVersion, Tick, Visit
from ..tagging import Tag, key_of, tags_of


@dataclass(frozen=True)
class ShownStep:
    """:param tick: the one that stands. :param undone: those taken back, in order."""

    step: ProcedureStep
    key: str
    tick: Tick | None
    undone: list[Tick]
    tags: list[Tag]


@dataclass(frozen=True)
class Pane:
    """Where a record is. :param earlier: the steps of its process before, the latest first."""

    record: Any
    visit: Visit | None
    steps: list[ShownStep]
    earlier: Sequence[Visit]

    @property
    def version(self) -> ProcedureVersion | None:
        return self.visit.version if self.visit else None

    @property
    def step_label(self) -> Any:
        return step_label(self.visit.process, self.visit.step) if self.visit else ""

    @property
    def done_count(self) -> int:
        return sum(each.tick is not None for each in self.steps)


def beside(record: Any) -> Pane:
    """The pane of one record: four statements at most."""
    visits = Visit.objects.filter(record_id=record.pk).select_related("version__procedure", "version__procedure__owner")
    counted = visits.annotate(
        tick_count=Count("ticks", filter=Q(ticks__undone_at=None)),
    ).order_by("-pk")
    found = list(counted[:30])
    here = next((each for each in found if each.left_at is None), None)
    earlier = [each for each in found if each.left_at is not None]
    for each in earlier:
        each.label = step_label(each.process, each.step)  # type: ignore[attr-defined] # for the page
    return Pane(record=record, visit=here, steps=steps_of(here) if here else [], earlier=earlier)


def steps_of(visit: Visit) -> list[ShownStep]:
    """Every step of the version, in order."""
    steps = list(ProcedureStep.objects.filter(version=visit.version_id))
    ticks: dict[int, list[Tick]] = {}
    for tick in Tick.objects.filter(visit=visit).select_related("ticked_by", "undone_by"):
        ticks.setdefault(tick.step_id, []).append(tick)
    slug = visit.version.procedure.slug
    tags = tags_of(key_of(slug, step.slug) for step in steps)
    return [
        ShownStep(
            step=step,
            key=key_of(slug, step.slug),
            tick=next((each for each in ticks.get(step.pk, []) if each.undone_at is None), None),
            undone=[each for each in ticks.get(step.pk, []) if each.undone_at is not None],
            tags=tags.get(key_of(slug, step.slug), []),
        )
        for step in steps
    ]
