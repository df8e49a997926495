"""
Deadlines of steps: one reminder before, one act after, each once however many workers look; and seats left empty.

A sweep takes due steps one by one, skipping what somebody holds, in the order subject, step: the order of the acts, so
it never waits while it holds something.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from . import subjects
from .enums import Expiry, State, StepState
from .models import Approval, Seat, Step
from .operations import stepping

BATCH_ROWS = 200


def sweep(*, at: datetime, rows: int = BATCH_ROWS) -> int:
    """Do what is due, at most `rows` steps. Returns how many reminders, expiries and moved seats there were."""
    done = 0
    due = Q(remind_at__lte=at, reminded_at=None, expired_at=None) | Q(due_at__lte=at, expired_at=None)
    for key in list(
        Step.objects.filter(due, state=StepState.OPEN).order_by("due_at", "id").values_list("pk", flat=True)[:rows]
    ):
        done += _take(key, at=at, due=True)
    left = Seat.objects.filter(step__state=StepState.OPEN).filter(Q(acting=None) | Q(acting__is_active=False))
    for key in list(left.order_by("step_id").values_list("step_id", flat=True).distinct()[:rows]):
        done += _take(key, at=at, due=False)
    return done


@transaction.atomic
def _take(step_id: int, *, at: datetime, due: bool) -> int:
    """Look at one step afresh with everything locked; 0 when somebody else has it or has done it."""
    found = Approval.objects.filter(steps=step_id).first()
    subject = found and subjects.take(found)
    if found is None or subject is None:
        return 0
    approval = Approval.objects.select_for_update().get(pk=found.pk)
    approval.subject = subject
    step = Step.objects.select_for_update(of=("self",)).get(pk=step_id)
    if approval.state != State.OPEN or step.state != StepState.OPEN:
        return 0
    step.approval = approval
    if not due:
        return stepping.mend(step, at=at)
    if step.expired_at is None and step.due_at is not None and step.due_at <= at:
        _expire(approval, step, at=at)
        return 1
    if step.reminded_at is None and step.remind_at is not None and step.remind_at <= at:
        step.reminded_at = at
        step.save(update_fields=["reminded_at"])
        stepping.write_down("reminded", approval, by=None, at=at, step=step.name, **stepping.audience(step, at=at))
        return 1
    return 0


def _expire(approval: Approval, step: Step, *, at: datetime) -> None:
    """The deadline has passed: remind, let somebody else decide, or reject. A reminder that is late falls away."""
    step.expired_at = at
    step.reminded_at = step.reminded_at or at
    step.save(update_fields=["expired_at", "reminded_at"])
    if step.on_expiry == Expiry.REJECT:
        stepping.end_step(step, StepState.REJECTED, by=None, at=at)
        stepping.finish(
            approval, State.REJECTED, by=None, at=at, reason=_("the deadline has passed without a decision")
        )
        return
    if step.on_expiry == Expiry.ESCALATE and step.escalate_to is not None:
        decider = step.escalate_to
        if decider.is_active and decider.pk not in approval.excluded_ids:
            Seat.objects.create(
                step=step,
                holder=decider,
                acting=decider,
                why=_("decides after the deadline"),
                is_deciding=True,
            )
            stepping.touch(approval)
            stepping.write_down(
                "escalated", approval, by=None, at=at, people=[decider.pk], step=step.name, to_label=str(decider)
            )
            return
    # Nobody to escalate to, or they may not decide: those who were asked hear it again, with who asked.
    told = stepping.audience(step, at=at)
    told["people"] += [approval.asked_by_id] if approval.asked_by_id else []
    stepping.write_down("overdue", approval, by=None, at=at, step=step.name, **told)
