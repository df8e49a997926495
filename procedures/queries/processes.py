"""What runs in a process now, step by step, and in the eight workflows; every count opens its records."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from people.access import access_of
from people.enums import Role
from records import practices, undertakings
from records.enums import Phase
from records.models import Link, Record
from records.processes import PURPOSES, STEPS, WORKFLOWS, Workflow
from records.undertakings import Standing, Undertaking

from ..enums import Part, VersionState
from ..models import Duty, Procedure


@dataclass(frozen=True)
class Running:
    """What is open of one kind in one state: records, or an app's own. :param url: the list of them."""

    kind: str
    state: str
    kind_label: Any
    state_label: Any
    count: int
    breached: int
    url: str


@dataclass
class StepRow:
    """One step of a process: what runs there, by which procedures, and who answers for it."""

    name: str
    label: Any
    running: list[Running] = field(default_factory=list)
    procedures: list[Procedure] = field(default_factory=list)
    duty: Duty | None = None

    @property
    def accountable(self) -> Any:
        return Role(self.duty.accountable).label if self.duty else ""

    @property
    def responsible(self) -> list[Any]:
        parts = self.duty.parts.all() if self.duty else ()
        return [Role(each.role).label for each in parts if each.part == Part.RESPONSIBLE]

    @property
    def count(self) -> int:
        return sum(each.count for each in self.running)


@dataclass(frozen=True)
class ProcessPage:
    """:param waiting: open records in states that belong to no single step."""

    name: str
    label: Any
    purpose: Any
    steps: list[StepRow]
    waiting: list[Running]
    kinds: list[practices.Practice]
    undertakings: list[Undertaking]

    @property
    def done_on(self) -> list[Any]:
        """What goes through it, in the plural."""
        return [*(each.label_plural for each in self.kinds), *(each.label_plural for each in self.undertakings)]

    @property
    def count(self) -> int:
        return sum(step.count for step in self.steps) + sum(each.count for each in self.waiting)


def kinds_of(process: str) -> list[practices.Practice]:
    return [practice for practice in practices.all_practices() if practice.process == process]


def open_counts(viewer: Any, kinds: list[str]) -> dict[tuple[str, str], tuple[int, int]]:
    """Kind and state -> how many open records the viewer may see, and how many of them missed a target."""
    rows = Record.objects.visible_to(viewer).filter(kind__in=kinds).exclude(phase=Phase.DONE).order_by()
    counted = rows.values("kind", "state").annotate(count=Count("pk"), breached=Count("pk", filter=Q(is_breached=True)))
    return {(row["kind"], row["state"]): (row["count"], row["breached"]) for row in counted}


def page_of(process: str, viewer: Any) -> ProcessPage:
    """
    The process as this person may see it: four statements, and those of what goes through it without being a record.

    Procedures and names are for those who may see them.
    """
    access = access_of(viewer)
    kinds = kinds_of(process)
    counts = open_counts(viewer, [practice.kind for practice in kinds])
    rows = {name: StepRow(name, label) for name, label in STEPS[process].items()}
    waiting: list[Running] = []
    for practice in kinds:
        places = {str(state): step for state, step in practice.steps.items()}
        for state in practice.states.values:  # type: ignore[attr-defined] # a class of choices
            if (practice.kind, state) in counts:
                found = _running(practice, state, *counts[practice.kind, state])
                rows[places[state]].running.append(found) if state in places else waiting.append(found)
    for undertaking in undertakings.of(process):
        for standing in undertaking.standing(viewer):
            rows[standing.step].running.append(_undertaken(undertaking, standing))
    procedures = Procedure.objects.filter(process=process, versions__state=VersionState.IN_FORCE)
    if not access.allows("procedure.view"):
        procedures = procedures.none()
    for procedure in procedures:
        if procedure.step in rows:
            rows[procedure.step].procedures.append(procedure)
    for duty in Duty.objects.filter(process=process).select_related("person").prefetch_related("parts"):
        if duty.step in rows:
            rows[duty.step].duty = duty
            if not access.allows("duty.view"):
                duty.person = None
    label, purpose = practices.PROCESSES[process], PURPOSES[process]
    return ProcessPage(process, label, purpose, list(rows.values()), waiting, kinds, undertakings.of(process))


def _undertaken(undertaking: Undertaking, found: Standing) -> Running:
    return Running(undertaking.kind, found.state, undertaking.label, found.label, found.count, 0, found.url)


def _running(practice: practices.Practice, state: str, count: int, breached: int) -> Running:
    query = urlencode({"q": f"kind:{practice.kind} state:{state}"})
    return Running(
        practice.kind, state, practice.label, practice.state_label(state), count, breached, f"/queue/?{query}"
    )


@dataclass(frozen=True)
class Card:
    """A process or workflow in the overview."""

    name: str
    label: Any
    detail: Any
    count: int
    breached: int
    url: str


def overview(viewer: Any) -> list[Card]:
    """The five processes with what is open in them; one statement, and those of what is no record."""
    by_kind: dict[str, tuple[int, int]] = {}
    every = [practice.kind for practice in practices.all_practices()]
    for (kind, _state), (count, breached) in open_counts(viewer, every).items():
        process = practices.of(kind).process
        before = by_kind.get(process, (0, 0))
        by_kind[process] = (before[0] + count, before[1] + breached)
    for process in practices.PROCESSES:
        before = by_kind.get(process, (0, 0))
        beside = sum(found.count for each in undertakings.of(process) for found in each.standing(viewer))
        by_kind[process] = (before[0] + beside, before[1])
    return [
        Card(name, label, PURPOSES[name], *by_kind.get(name, (0, 0)), f"/processes/{name}/")
        for name, label in practices.PROCESSES.items()
    ]


def records_in(workflow: Workflow, viewer: Any) -> QuerySet[Record]:
    """
    Open records that go the way of this workflow: those of its process, by whether a record of another is linked.

    A link says by which way it goes; without one it goes the direct way.
    """
    kinds = [practice.kind for practice in kinds_of(workflow.process)]
    rows = Record.objects.visible_to(viewer).filter(kind__in=kinds).exclude(phase=Phase.DONE)
    if workflow.through:
        rows = rows.filter(_linked_to([workflow.through]))
    if workflow.avoids:
        rows = rows.exclude(_linked_to(workflow.avoids))
    return rows


def _linked_to(processes: Any) -> Q:
    kinds = [practice.kind for process in processes for practice in kinds_of(process)]
    out = Link.objects.filter(from_record=OuterRef("pk"), to_record__kind__in=kinds)
    back = Link.objects.filter(to_record=OuterRef("pk"), from_record__kind__in=kinds)
    return Q(Exists(out)) | Q(Exists(back))


def workflow_cards(viewer: Any) -> list[tuple[Workflow, int]]:
    """The eight workflows with how many open records go each way: one statement."""
    processes = {name for each in WORKFLOWS for name in (each.through, *each.avoids) if name}
    # Whether a record is linked is looked up once for each record, not once for each workflow.
    linked = {_flag(name): ExpressionWrapper(_linked_to([name]), BooleanField()) for name in sorted(processes)}
    rows = Record.objects.visible_to(viewer).exclude(phase=Phase.DONE).order_by().annotate(**linked)
    counted = list(rows.values("kind", *linked).annotate(count=Count("pk")))
    return [(each, sum(row["count"] for row in counted if _goes(each, row))) for each in WORKFLOWS]


def _flag(process: str) -> str:
    return f"is_linked_to_{process}"


def _goes(workflow: Workflow, row: dict[str, Any]) -> bool:
    """Whether records of a row go the way of the workflow; the same rule as in `records_in`."""
    if practices.of(row["kind"]).process != workflow.process:
        return False
    if workflow.through and not row[_flag(workflow.through)]:
        return False
    return not any(row[_flag(name)] for name in workflow.avoids)
