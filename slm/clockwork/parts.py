"""
The clocks of the parts of a record: each step of an approval and each task has its own while it is open.

They are promises among those who provide: no due moment of the record, and a missed one marks no record. Terms are
those of the record's other clocks, so that a record keeps the version of its agreement.
"""

from dataclasses import dataclass

from approvals.enums import StepState
from approvals.models import Step
from records.enums import TaskState
from records.models import Task

from ..declarations import Begin, Declaration, Mode
from ..enums import FINISHED_STATES
from . import repeating, starting, switching
from .bench import Bench

# What the end of a step says: decided, so that the clock is judged; or no longer to be decided.
DECIDED = frozenset({StepState.APPROVED, StepState.REJECTED})


@dataclass(frozen=True)
class Part:
    """A step or a task: its key and name, whether it is open, and whether it ended without being decided."""

    key: int
    name: str
    is_open: bool
    is_dropped: bool = False

    @classmethod
    def of_task(cls, task: Task) -> "Part":
        return cls(task.pk, task.title, task.state == TaskState.OPEN)

    @classmethod
    def of_step(cls, step: Step) -> "Part":
        is_open = step.state == StepState.OPEN
        return cls(step.pk, step.name, is_open, is_dropped=not is_open and step.state not in DECIDED)


def follow(bench: Bench, declaration: Declaration, part: Part) -> None:
    """Begin the clock of a part that opens, go on with that of one that is open again, end that of one that ended."""
    live = bench.live(declaration.clock, part.key)
    if part.is_open:
        if live is None:
            _begin(bench, declaration, part)
    elif live is not None:
        (switching.cancel if part.is_dropped else switching.stop)(bench, live)


def follow_record(bench: Bench, declaration: Declaration, *, is_begun: bool) -> None:
    """
    Let the clocks of the parts do what the state of their record means for them.

    :param is_begun: the record comes from where they had none, or something may be promised now that was not: open
        parts without a clock get one.
    """
    record = bench.record
    for clock in bench.all_live(declaration.clock):
        mode = declaration.mode(record.state, record.state_reason, clock.pause_reasons)
        switching.follow(bench, clock, mode, reason=record.state_reason)
    if is_begun and _runs(bench, declaration):
        terms, _choice = repeating.terms_of(bench)
        if terms is None or terms.promise(declaration.target_name, record.priority) is None:
            return
        for part in _open_parts(bench, declaration):
            if bench.live(declaration.clock, part.key) is None:
                _begin(bench, declaration, part)


def _begin(bench: Bench, declaration: Declaration, part: Part) -> None:
    if not _runs(bench, declaration):
        return
    latest = bench.latest(declaration.clock, part.key)
    if latest is not None and latest.state in FINISHED_STATES:
        clock = switching.reopen(bench, declaration, latest)
    else:
        terms, choice = repeating.terms_of(bench)
        if terms is None or terms.promise(declaration.target_name, bench.record.priority) is None:
            return
        named = (part.key, part.name[:200])
        clock = starting.start(bench, declaration, choice, from_at=bench.at, terms=terms, part=named)
    if clock is not None:
        record = bench.record
        mode = declaration.mode(record.state, record.state_reason, clock.pause_reasons)
        switching.follow(bench, clock, mode, reason=record.state_reason)


def _runs(bench: Bench, declaration: Declaration) -> bool:
    return declaration.mode(bench.record.state, bench.record.state_reason, ()) in (Mode.RUN, Mode.PAUSE)


def _open_parts(bench: Bench, declaration: Declaration) -> list[Part]:
    if declaration.begins == Begin.TASK:
        tasks = Task.objects.filter(record_id=bench.record.pk, state=TaskState.OPEN).order_by("pk")
        return [Part.of_task(each) for each in tasks]
    steps = Step.objects.filter(approval__record_id=bench.record.pk, state=StepState.OPEN).order_by("pk")
    return [Part.of_step(each) for each in steps]
