"""Write down what was done, in the transaction that does it, and hand over what must follow the commit."""

import datetime
import decimal
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models, transaction

from common import rows
from common.speech import plainly

from . import acts, bulk
from .models import Dispatch, Entry
from .outbox import ring
from .subscriptions import subscribers_of

# From here on writing over arrays is quicker than row by row.
MANY = 20


_PLAIN = frozenset({str, int, bool, float, type(None)})


def plain(value: Any) -> Any:
    """A value as JSON can hold it: moments in ISO 8601, rows by their key."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, uuid.UUID | decimal.Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def entry(
    action: str,
    *,
    subject_kind: str,
    subject_id: int,
    by: Any,
    at: datetime.datetime,
    subject_label: Any = "",
    organization_id: int | None = None,
    changes: Mapping[str, Sequence[Any]] | None = None,
    reason: Any = "",
    data: Mapping[str, Any] | None = None,
) -> Entry:
    """
    Describe an act without saving it; `save` takes many at once.

    :param by: the person acting, None for Steward itself.
    :param at: moment of the act, aware.
    :param subject_label: what the subject is called, or the row itself; what it says of itself and lazy texts are
        written without the words of a vocabulary, whatever the person speaks.
    """
    act = acts.current()
    with plainly():
        return Entry(
            at=at,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            subject_label=str(subject_label)[:200],
            organization_id=organization_id,
            actor=by,
            on_behalf_of=act.on_behalf_of,
            channel=act.channel,
            reason=str(reason),
            changes=plain(changes or {}),
            data=plain(data or {}),
            request_id=act.request_id,
            address=act.address,
        )


def save(entries: Sequence[Entry], *, later: bool = True) -> None:
    """
    Save entries and their outbox rows with a few statements, however many they are.

    Nobody hears of quiet acts (`acting(is_quiet=True)`).

    :param later: False for entries that nobody must hear of, whatever the act.
    """
    # Rows noted before must come first: the chain follows the order of writing.
    is_many = len(entries) >= MANY and not rows.are_gathered()
    # A savepoint would cost two statements an act, for a failure that must undo the whole act anyway.
    with transaction.atomic(savepoint=False), rows.together():
        if is_many:
            bulk.insert_entries(entries)
        else:
            rows.take_keys(*entries)
            rows.insert(entries)
        if not later or acts.current().is_quiet:
            return
        shares = [(each, name) for each in entries for name in subscribers_of(each.action)]
        if shares:
            if is_many:
                bulk.insert_dispatches(shares)
            else:
                rows.insert([Dispatch(entry=each, subscriber=name, due_at=each.at) for each, name in shares])
            ring()


def save_lines(lines: Sequence[bulk.Line], *, subject_kind: str, later: bool = True) -> None:
    """
    Save acts of Steward itself with their outbox rows, with one statement; nobody learns their keys.

    :param later: False for entries that nobody must hear of.
    """
    if not lines:
        return
    is_heard = later and not acts.current().is_quiet
    actions = sorted({each.action for each in lines}) if is_heard else []
    heard = [(action, name) for action in actions for name in subscribers_of(action)]
    with transaction.atomic(savepoint=False):
        bulk.insert_lines(lines, subject_kind=subject_kind, heard=heard)
        if heard:
            ring()


def record(action: str, **details: Any) -> Entry:
    """Write down one act; parameters as for `entry`."""
    written = entry(action, **details)
    save([written])
    return written
