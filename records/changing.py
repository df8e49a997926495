"""The steps every act on a record shares: lock and re-read, compare versions, save, log, tell observers."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from audit import log
from audit.models import Entry
from common import rows
from common.refusals import Stale

from .events import EventKind, RecordEvent, tell

UNLOGGED = frozenset(
    {
        "version", "updated_at", "due_at", "due_kind", "due_state", "due_calendar_id", "due_soon_at", "at_risk_at",
        "due_remaining", "is_breached", "record_ptr_id", "reply_count", "replied_at", "is_replied_by_requester",
        "has_open_steps",
    }
)  # fmt: skip


def lock(record: Any) -> Any:
    """
    Read the record afresh as its own kind and hold its rows until the transaction ends.

    Call it inside a transaction. Lock order: record first, then its clocks, then others by id.
    """
    model = record.practice.model
    return model._default_manager.select_for_update().get(pk=record.pk)


def lock_all(*records: Any) -> list[Any]:
    """
    Lock several records, the smaller number first whatever the order given: two acts on the same ones never wait for
    each other. An act that will touch a second record begins with this.

    :returns: the rows as they are now, in the order given.
    """
    by_key = {each.pk: each for each in records}
    locked = {key: lock(by_key[key]) for key in sorted(by_key)}
    return [locked[each.pk] for each in records]


def take(rows: Any) -> Any:
    """
    Rows of one kind of record for a worker to go through: each held, those that another act holds left out.

    Both tables of a kind are locked. A row that an act of the last moment has changed is judged by the condition
    afresh; conditions on other tables (an entry, a presence) are not, so ask those again once the row is held.
    """
    return rows.select_for_update(skip_locked=True, of=("self", "record_ptr"))


def require_version(record: Any, version: int | None) -> None:
    """
    Compare the version that the person saw with the one locked.

    :raises Stale: somebody has changed the record meanwhile. None asks for no comparison.
    """
    if version is not None and version != record.version:
        raise Stale.because(
            "stale",
            _("%(reference)s was changed by somebody else since you read it. Compare, then save again.")
            % {"reference": record.reference},
        )


def snapshot(record: models.Model) -> dict[str, Any]:
    """Values of all columns, for comparing before and after."""
    return {field.attname: field.value_from_object(record) for field in record._meta.concrete_fields}


def differences(record: models.Model, before: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Columns whose value is no longer what `before` says."""
    after = snapshot(record)
    return {name: (old, after[name]) for name, old in before.items() if after[name] != old}


def save(record: Any, changes: Iterable[str], at: datetime) -> None:
    """Save the named columns with a new version. The state is among them when a move changed it."""
    record.version += 1
    record.updated_at = max(at, record.updated_at)
    names = {record._meta.get_field(name).name for name in changes}
    record.save(update_fields=sorted(names | {"version", "updated_at"}))


def create(
    record: Any,
    *,
    action: str,
    by: Any,
    at: datetime,
    changes: Mapping[str, tuple[Any, Any]],
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> Entry:
    """
    Write a new record, its log entry, its clocks and what else observers add, with one statement for all of it.

    Observers find the number of the record, but not yet its row. Call it inside a transaction.
    """
    rows.take_keys(record)
    with rows.together():
        rows.insert([record])
        return write_down(
            record,
            kind=EventKind.CREATED,
            action=action,
            by=by,
            at=at,
            changes=changes,
            reason=reason,
            data=data,
        )


def write_down(
    record: Any,
    *,
    kind: EventKind,
    action: str,
    by: Any,
    at: datetime,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    comment: Any = None,
    task: Any = None,
) -> Entry:
    """
    Log the act about the record and tell the observers, in the transaction at hand.

    The entry and what observers add through `rows.insert` are written in the end, with one statement.
    """
    changes = changes or {}
    with rows.together():
        entry = log.record(
            action,
            subject_kind="record",
            subject_id=record.pk,
            subject_label=str(record),
            organization_id=record.organization_id,
            by=by,
            at=at,
            changes={name: pair for name, pair in changes.items() if name not in UNLOGGED},
            reason=reason,
            data=data,
        )
        tell(RecordEvent(kind, record, entry=entry, by=by, at=at, changes=changes, comment=comment, task=task))
    return entry
