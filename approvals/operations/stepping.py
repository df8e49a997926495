"""What votes, deadlines and departures have in common: open a step, see whether it is decided, end the approval."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from audit import acts, log
from audit.models import Entry
from calendars import registry
from common.speech import speaking
from people.models import User
from records import changing
from records.enums import TaskState
from records.events import EventKind
from records.models import Task

from .. import deputizing, purposes, rules, seating, subjects, watching
from ..enums import State, StepState
from ..models import Approval, Seat, Step, Vote, VoteCondition
from ..watching import StepEvent

LONGEST_REASON = 500


def fingerprint_of(purpose: purposes.Purpose, subject: Any) -> str:
    """The version of what is decided, as 64 hexadecimal digits."""
    return hashlib.sha256(purpose.fingerprint(subject).encode()).hexdigest()


def excluded_from(purpose: purposes.Purpose, subject: Any) -> dict[int, Any]:
    """Who may not decide, by key; a practice may name nobody in a place (no implementer yet)."""
    return {key: reason for key, reason in purpose.excluded(subject).items() if key is not None}


def lock(approval: Approval) -> Approval:
    """
    Read the approval afresh and hold it, after its subject: votes on one subject come one after the other.

    Call it inside a transaction.
    """
    subject = subjects.lock(approval.subject)
    fresh = Approval.objects.select_for_update().get(pk=approval.pk)
    fresh.subject = subject
    return fresh


def seats_of(step: Step) -> list[Seat]:
    """The seats with people and the votes that stand; three queries."""
    standing = Vote.objects.filter(replaced_at=None).select_related("by")
    found = (
        Seat.objects.filter(step_id=step.pk)
        .select_related("holder", "acting")
        .prefetch_related(Prefetch("votes", queryset=standing))
    )
    return list(found.order_by("id"))


def choice_of(seat: Seat) -> str | None:
    """What the seat says now; the standing vote should be prefetched."""
    return next((vote.choice for vote in seat.votes.all() if vote.is_current), None)


def write_down(
    action: str,
    approval: Approval,
    *,
    by: Any,
    at: datetime,
    reason: str = "",
    people: Iterable[int] = (),
    on_behalf_of: Any = None,
    **data: Any,
) -> Entry:
    """Log the act in the history of its subject. `people` are those who are told of it."""
    with speaking("en"):
        label = str(approval.label)
    with acts.acting(on_behalf_of=on_behalf_of or acts.current().on_behalf_of):
        return log.record(
            f"approval.{action}",
            **subjects.log_columns(approval.subject),
            organization_id=approval.organization_id,
            by=by,
            at=at,
            reason=reason,
            data={
                "approval": approval.pk,
                "purpose": approval.purpose,
                "label": label,
                "people": sorted(set(people)),
                "on_behalf_of": getattr(on_behalf_of, "pk", None),
                "on_behalf_of_label": str(on_behalf_of or ""),
                **data,
            },
        )


def touch(approval: Approval, *fields: str) -> None:
    """Save the named fields with a new version."""
    approval.version += 1
    approval.save(update_fields=[*fields, "version"])


def open_next(approval: Approval, *, by: Any, at: datetime) -> Step | None:
    """Open the first step that waits; None when there is none left."""
    step = approval.steps.filter(state=StepState.WAITING).order_by("position").first()
    if step is None:
        return None
    step.state, step.opened_at = StepState.OPEN, at
    step.due_at = _after(step, at, step.deadline_minutes)
    if step.due_at is not None and step.remind_minutes:
        step.remind_at = _after(step, at, max(0, (step.deadline_minutes or 0) - step.remind_minutes))
    step.save(update_fields=["state", "opened_at", "due_at", "remind_at"])
    step.approval = approval
    mend(step, at=at)
    said = {"step": step.name, "position": step.position, **audience(step, at=at)}
    entry = write_down("asked", approval, by=by, at=at, **said)
    watching.tell(StepEvent(step, by=by, at=at, entry=entry))
    return step


def audience(step: Step, *, at: datetime) -> dict[str, Any]:
    """
    Who is to be asked: those who have not voted, and the deputies of those who are away.

    `deputies` says for whom each of the latter stands in: deputy -> person.
    """
    silent = [seat for seat in seats_of(step) if seat.acting is not None and choice_of(seat) is None]
    in_person = [seat.holder for seat in silent if seat.acting_id == seat.holder_id]
    deputies = {
        str(deputy.pk): person
        for person, deputy in deputizing.deputies_of(in_person, at=at).items()
        if deputy.pk not in step.approval.excluded_ids
    }
    return {"people": [*(seat.acting_id for seat in silent), *map(int, deputies)], "deputies": deputies}


def _after(step: Step, at: datetime, minutes: int | None) -> datetime | None:
    if minutes is None:
        return None
    amount = timedelta(minutes=minutes)
    return registry.current(step.calendar_id).time.add(at, amount) if step.calendar_id else at + amount


def mend(step: Step, *, at: datetime) -> int:
    """
    Give the seats of people who have left, and who have not voted, to a deputy or the lead of their team.

    A seat for which nobody is found becomes vacant; the page of the decision says whom to ask. Returns how many
    seats changed. A seat that is vacant is looked at again: a deputy may have been named meanwhile.
    """
    approval = step.approval
    seats = seats_of(step)
    taken = {seat.acting_id for seat in seats if seat.acting_id}
    changed = 0
    for seat in seats:
        if choice_of(seat) is not None or (seat.acting is not None and seat.acting.is_active):
            continue
        stand_in, how = seating.substitute(seat.holder, at=at, barred={*approval.excluded_ids, *taken, seat.holder_id})
        if stand_in is None and seat.is_vacant:
            continue
        before = seat.acting
        seat.acting, seat.handover, seat.handed_over_at = stand_in, str(how or ""), at
        seat.handed_over_by, seat.handover_reason = None, ""
        seat.save(update_fields=["acting", "handover", "handed_over_at", "handed_over_by", "handover_reason"])
        taken |= {stand_in.pk} if stand_in else set()
        changed += 1
        write_down(
            "seat_moved" if stand_in else "seat_vacant",
            approval,
            by=None,
            at=at,
            people=[stand_in.pk] if stand_in else ([approval.asked_by_id] if approval.asked_by_id else []),
            person=seat.holder_id,
            person_label=str(before or seat.holder),
            to_label=str(stand_in or ""),
            step=step.name,
        )
    return changed


def settle(approval: Approval, step: Step, *, by: Any, at: datetime) -> None:
    """End the step when its votes decide it, open the next one, and end the approval with the last."""
    seats = seats_of(step)
    found = rules.verdict(step.rule, [seat.ballot(choice_of(seat)) for seat in seats])
    if found == rules.Verdict.OPEN:
        return
    is_approved = found == rules.Verdict.APPROVED
    step.approval = approval
    end_step(step, StepState.APPROVED if is_approved else StepState.REJECTED, by=by, at=at)
    if is_approved and open_next(approval, by=by, at=at) is not None:
        return
    reasons = [v.reason for seat in seats for v in seat.votes.all() if v.is_current and v.choice == "reject"]
    finish(
        approval,
        State.APPROVED if is_approved else State.REJECTED,
        by=by,
        at=at,
        reason="" if is_approved else (" ".join(reasons) or _("Not enough approvals can be reached any more.")),
    )


def end_step(step: Step, state: StepState, *, by: Any, at: datetime) -> None:
    """End an open step with its verdict, and tell who watches it."""
    step.state, step.decided_at = state, at
    step.save(update_fields=["state", "decided_at"])
    watching.tell(StepEvent(step, by=by, at=at))


def finish(approval: Approval, state: State, *, by: Any, at: datetime, reason: str = "") -> None:
    """End an approval; conditions become tasks; the practice reacts in this transaction."""
    was = approval.state
    approval.state, approval.decided_at, approval.end_reason = state, at, reason[:LONGEST_REASON]
    touch(approval, "state", "decided_at", "end_reason")
    for step in approval.steps.filter(state=StepState.OPEN):
        step.approval = approval
        end_step(step, StepState.ENDED, by=by, at=at)
    approval.steps.filter(state=StepState.WAITING).update(state=StepState.ENDED, decided_at=at)
    if state == State.APPROVED:
        _add_conditions(approval, by=by, at=at)
    elif was == State.APPROVED:
        _drop_conditions(approval, by=by, at=at)
    told = people_of(approval) if state in (State.LAPSED, State.WITHDRAWN) else set()
    if approval.asked_by_id:
        told.add(approval.asked_by_id)
    write_down(state.value, approval, by=by, at=at, reason=approval.end_reason, people=told)
    purpose = purposes.find(approval.purpose)
    if purpose is None:
        return
    react = {
        State.APPROVED: purpose.on_approved,
        State.REJECTED: purpose.on_rejected,
        State.LAPSED: purpose.on_lapsed,
        State.WITHDRAWN: purposes.nothing,
    }[state]
    react(subject=approval.subject, approval=approval, by=by, at=at)


def people_of(approval: Approval) -> set[int]:
    """Those who were asked so far or have voted."""
    seats = Seat.objects.filter(step__approval=approval).exclude(step__opened_at=None)
    voters = Vote.objects.filter(seat__step__approval=approval).values_list("by_id", flat=True)
    return {key for key in seats.values_list("acting_id", flat=True) if key} | set(voters)


def _add_conditions(approval: Approval, *, by: Any, at: datetime) -> None:
    asked = VoteCondition.objects.filter(vote__seat__step__approval=approval, vote__replaced_at=None, task=None)
    for condition in asked.order_by("id"):
        condition.task = Task.objects.create(record=approval.subject, title=condition.text, is_mandatory=True)
        condition.save(update_fields=["task"])
        _say_task(approval, "task_added", condition.task, by=by, at=at)


def _drop_conditions(approval: Approval, *, by: Any, at: datetime) -> None:
    """What was asked for with an approval that no longer counts need not be done."""
    reason = _("The approval that asked for it no longer counts.")
    open_ones = Q(state=TaskState.OPEN) & Q(
        pk__in=VoteCondition.objects.filter(vote__seat__step__approval=approval).values("task_id")
    )
    for task in Task.objects.select_for_update().filter(open_ones).order_by("id"):
        task.state, task.ended_at, task.ended_by, task.skip_reason = TaskState.SKIPPED, at, by, reason[:300]
        task.save(update_fields=["state", "ended_at", "ended_by", "skip_reason"])
        _say_task(approval, "task_skipped", task, by=by, at=at, reason=reason)


def _say_task(approval: Approval, action: str, task: Task, *, by: Any, at: datetime, reason: str = "") -> None:
    changing.write_down(
        approval.subject,
        kind=EventKind.EDITED,
        action=f"{approval.subject.kind}.{action}",
        by=by,
        at=at,
        reason=reason,
        data={"task": task.pk, "title": task.title},
        task=task,
    )


def names_of(people: Mapping[int, Any] | Iterable[int]) -> str:
    """Names for a sentence."""
    return ", ".join(User.objects.filter(pk__in=list(people)).values_list("name", flat=True))
