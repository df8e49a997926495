"""The checklist of a record."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import require

from .. import changing
from ..enums import TaskState
from ..events import EventKind
from ..models import Task
from .editing import check_fields, refuse_if_closed


@transaction.atomic
def add_task(
    *,
    record: Any,
    by: Any,
    at: datetime,
    title: str,
    is_mandatory: bool = False,
    assignee: Any = None,
    due_at: datetime | None = None,
) -> Task:
    """Put a step on the checklist. :raises NotAllowed: :raises Refused: no title, or the record is closed."""
    locked = changing.lock(record)
    require(by, "record.task", locked)
    refuse_if_closed(locked)
    task = Task(record_id=locked.pk, title=title.strip(), is_mandatory=is_mandatory, assignee=assignee, due_at=due_at)
    check_fields(task, ["title"])
    task.save()
    _say(locked, "task_added", task=task, by=by, at=at)
    return task


def complete_task(*, task: Task, by: Any, at: datetime) -> Task:
    """Tick a step. :raises Refused: it has ended before."""
    return _end(task=task, state=TaskState.DONE, by=by, at=at, action="task_done")


def skip_task(*, task: Task, by: Any, at: datetime, reason: str) -> Task:
    """Leave a step out, saying why. :raises Refused: no reason, or it has ended before."""
    if not reason.strip():
        raise Refused.because("required", _("The reason is missing. Say why it is skipped."), field="reason")
    return _end(task=task, state=TaskState.SKIPPED, by=by, at=at, action="task_skipped", reason=reason.strip())


@transaction.atomic
def reopen_task(*, task: Task, by: Any, at: datetime) -> Task:
    """Take back that a step has ended. :raises Refused: it is open."""
    locked = changing.lock(task.record)
    require(by, "record.task", locked)
    refuse_if_closed(locked)
    fresh = Task.objects.select_for_update().get(pk=task.pk)
    if fresh.state == TaskState.OPEN:
        raise Refused.because("open", _("This task is open already."))
    fresh.state, fresh.ended_at, fresh.ended_by, fresh.skip_reason = TaskState.OPEN, None, None, ""
    fresh.save(update_fields=["state", "ended_at", "ended_by", "skip_reason"])
    _say(locked, "task_reopened", task=fresh, by=by, at=at)
    return fresh


@transaction.atomic
def _end(*, task: Task, state: TaskState, by: Any, at: datetime, action: str, reason: str = "") -> Task:
    locked = changing.lock(task.record)
    require(by, "record.task", locked)
    refuse_if_closed(locked)
    fresh = Task.objects.select_for_update().get(pk=task.pk)
    if fresh.state != TaskState.OPEN:
        raise Refused.because("ended", _("This task is %(state)s already.") % {"state": fresh.get_state_display()})
    fresh.state, fresh.ended_at, fresh.ended_by, fresh.skip_reason = state, at, by, reason
    fresh.save(update_fields=["state", "ended_at", "ended_by", "skip_reason"])
    _say(locked, action, task=fresh, by=by, at=at, reason=reason)
    return fresh


def _say(record: Any, action: str, *, task: Task, by: Any, at: datetime, reason: str = "") -> None:
    changing.write_down(
        record,
        kind=EventKind.EDITED,
        action=f"{record.kind}.{action}",
        by=by,
        at=at,
        reason=reason,
        data={"task": task.pk, "title": task.title},
        task=task,
    )
