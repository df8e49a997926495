"""How long approvals take. They know nothing of measures themselves."""

from django.utils.translation import gettext_lazy as _

from approvals.enums import StepState
from approvals.watching import StepEvent
from measurement.declarations import KPI, Direction, Event, Family, Unit, register
from measurement.marks import mark

_DECIDED = (StepState.APPROVED, StepState.REJECTED)
_STEPS = (
    "approvals_step p JOIN approvals_approval a ON a.id = p.approval_id JOIN records_record r ON r.id = a.record_id"
)
# The step that decided the whole: a rejection, or the last one. What lapses later had been decided all the same.
_DECIDES = (
    "(p.state = 'rejected' OR p.state = 'approved' AND NOT EXISTS (SELECT 1 FROM approvals_step later"
    " WHERE later.approval_id = p.approval_id AND later.position > p.position))"
)

DECIDED = Family(
    name="approval.decided",
    definition=1,
    source=_STEPS,
    amounts=("decided", "seconds"),
    singles={"seconds": "decided"},
    events=(
        Event(
            moment="p.decided_at",
            where=_DECIDES,
            amounts={"decided": "1", "seconds": "round(greatest(extract(epoch FROM p.decided_at - a.asked_at), 0))"},
        ),
    ),
    rows="approvals.Approval",
    row="a.id",
)
WAITING_TIME = KPI(
    id="req-approval-time",
    name=_("Time waiting for approvals"),
    question=_("How long do approvals hold people up?"),
    unit=Unit.HOURS,
    direction=Direction.LOWER,
    families=("approval.decided",),
    numerator="seconds",
    numerator_text=_("time from asking to the decision, around the clock"),
    denominator="decided",
    denominator_text=_("approvals of tickets that were given or refused"),
    factor=1 / 3600,
    target=24,
    event_text=_("the day of the decision"),
    source_text=_("approvals, and the steps in which they were decided"),
    single=_("Time waiting for an approval"),
    caveat=_("What was withdrawn, or lapsed before the decision, is left out."),
)


def follow(event: StepEvent) -> None:
    """Have the decision counted, in its transaction."""
    approval = event.step.approval
    if approval.record_id is not None and event.step.state in _DECIDED:
        mark([approval.record_id], at=event.at)


def declare() -> None:
    """Called from `ready`."""
    register(DECIDED, WAITING_TIME)
