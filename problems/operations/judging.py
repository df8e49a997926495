"""What is thought of a cause: a root, ruled out, what speaks for it, what is done about it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.texts import one_line
from records import changing
from records import operations as record_operations
from records.events import EventKind
from records.models import Record, Task
from records.operations.editing import check_fields

from ..models import Cause, CauseEvidence, Problem
from .analysis import analyzed, fresh_cause, say


@transaction.atomic
def mark_root(*, cause: Cause, by: Any, at: datetime) -> Cause:
    """Say that this is a cause one can act on; the first one dates when the cause was found. Several may be roots."""
    locked = analyzed(cause.problem, by=by)
    fresh = fresh_cause(cause)
    if fresh.is_disproved:
        raise Refused.because("disproved", _("This cause was ruled out. Take it up again first."))
    if fresh.is_root:
        raise Refused.because("twice", _("This is a root cause already."))
    fresh.is_root = True
    fresh.save(update_fields=["is_root"])
    _date_finding(locked, by=by, at=at, act="root_marked", cause=fresh)
    return fresh


@transaction.atomic
def unmark_root(*, cause: Cause, by: Any, at: datetime) -> Cause:
    """Take back that this is a root cause."""
    locked = analyzed(cause.problem, by=by)
    fresh = fresh_cause(cause)
    if not fresh.is_root:
        raise Refused.because("none", _("This is no root cause."))
    fresh.is_root = False
    fresh.save(update_fields=["is_root"])
    _date_finding(locked, by=by, at=at, act="root_unmarked", cause=fresh)
    return fresh


@transaction.atomic
def disprove(*, cause: Cause, by: Any, at: datetime, reason: str) -> Cause:
    """Rule a cause out. It stays on the tree, struck through, with the reason. :raises Refused: no reason, or twice."""
    locked = analyzed(cause.problem, by=by)
    fresh = fresh_cause(cause)
    if not reason.strip():
        raise Refused.because("required", _("Say what rules it out."), "reason")
    if fresh.is_disproved:
        raise Refused.because("twice", _("This cause was ruled out already."))
    fresh.disproved_at, fresh.disproved_by, fresh.disproved_reason = at, by, one_line(reason)
    fresh.is_root = False
    check_fields(fresh, ["disproved_reason"])
    fresh.save(update_fields=["disproved_at", "disproved_by", "disproved_reason", "is_root"])
    _date_finding(locked, by=by, at=at, act="cause_disproved", cause=fresh, reason=fresh.disproved_reason)
    return fresh


@transaction.atomic
def restore(*, cause: Cause, by: Any, at: datetime) -> Cause:
    """Take up a cause that was ruled out. The log keeps why it had been."""
    locked = analyzed(cause.problem, by=by)
    fresh = fresh_cause(cause)
    if not fresh.is_disproved:
        raise Refused.because("none", _("This cause was not ruled out."))
    fresh.disproved_at, fresh.disproved_by, fresh.disproved_reason = None, None, ""
    fresh.save(update_fields=["disproved_at", "disproved_by", "disproved_reason"])
    say(locked, "cause_restored", by=by, at=at, cause=fresh.pk, text=fresh.text)
    return fresh


@transaction.atomic
def add_evidence(*, cause: Cause, by: Any, at: datetime, record: Record, note: str = "") -> CauseEvidence:
    """
    Name a record that speaks for the cause. The caller has looked it up among those that the person may see.

    :raises Refused: named already.
    """
    changing.lock_all(cause.problem, record)
    locked = analyzed(cause.problem, by=by)
    if CauseEvidence.objects.filter(cause=cause, record_id=record.pk).exists():
        raise Refused.because("twice", _("This record stands there already."), "record")
    evidence = CauseEvidence(cause=cause, record_id=record.pk, note=one_line(note), by=by, at=at)
    check_fields(evidence, ["note"])
    evidence.save()
    say(locked, "evidence_added", by=by, at=at, cause=cause.pk, text=cause.text, other=record.pk)
    return evidence


@transaction.atomic
def remove_evidence(*, evidence: CauseEvidence, by: Any, at: datetime) -> None:
    """Take a record away from a cause."""
    cause = evidence.cause
    locked = analyzed(cause.problem, by=by)
    number = evidence.record_id
    evidence.delete()
    say(locked, "evidence_removed", by=by, at=at, cause=cause.pk, text=cause.text, other=number)


@transaction.atomic
def act_on(
    *, cause: Cause, by: Any, at: datetime, title: str, assignee: Any = None, due_at: datetime | None = None
) -> Task:
    """
    Turn a conclusion into an action: a task of the problem with owner and date.

    :raises Refused: no title, nobody to do it, a date that has passed, or a cause that was ruled out.
    """
    locked = analyzed(cause.problem, by=by)
    if fresh_cause(cause).is_disproved:
        raise Refused.because("disproved", _("This cause was ruled out; nothing needs to be done about it."))
    if assignee is None:
        raise Refused.because("assignee", _("Say who does it."), "assignee")
    if due_at is None or due_at <= at:
        raise Refused.because("due", _("Say by when it is done, a moment to come."), "due_at")
    task = record_operations.add_task(record=locked, by=by, at=at, title=title, assignee=assignee, due_at=due_at)
    cause.actions.add(task)
    return task


def _date_finding(problem: Problem, *, by: Any, at: datetime, act: str, cause: Cause, reason: str = "") -> None:
    """The first root cause dates the finding, and with the last one gone there is none; unless it was declared."""
    before = changing.snapshot(problem)
    has_root = Cause.objects.filter(problem=problem, is_root=True).exists()
    if has_root and problem.cause_found_at is None:
        problem.cause_found_at = at
    elif not has_root and not problem.has_known_error:
        problem.cause_found_at = None
    changes = changing.differences(problem, before)
    changing.save(problem, changes, at)
    changing.write_down(
        problem,
        kind=EventKind.EDITED,
        action=f"problem.{act}",
        by=by,
        at=at,
        changes=changes,
        reason=reason,
        data={"cause": cause.pk, "text": cause.text},
    )
