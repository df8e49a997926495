"""Many entries with a few statements over arrays: a sweep writes a thousand in a tenth of the time that rows take."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from . import acts
from .models import Entry

KEYS = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
ENTRIES = """
    INSERT INTO audit_entry (id, at, action, subject_kind, subject_id, subject_label, organization_id, actor_id,
        on_behalf_of_id, channel, reason, changes, data, request_id, address)
    SELECT id, at, action, subject_kind, subject_id, subject_label, organization_id, actor_id, on_behalf_of_id, channel,
        reason, changes::jsonb, data::jsonb, request_id, address::inet
    FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::bigint[],
        %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
        WITH ORDINALITY AS n(id, at, action, subject_kind, subject_id, subject_label, organization_id, actor_id,
            on_behalf_of_id, channel, reason, changes, data, request_id, address, place)
    ORDER BY place
"""
DISPATCHES = """
    INSERT INTO audit_dispatch (entry_id, subscriber, state, due_at, attempts, error)
    SELECT entry_id, subscriber, 'pending', due_at, 0, '' FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[])
        AS n(entry_id, subscriber, due_at)
"""
LINES = """
    WITH made AS (
        INSERT INTO audit_entry (at, action, subject_kind, subject_id, subject_label, organization_id, channel, reason,
            changes, data, request_id, address)
        SELECT at, action, %(subject_kind)s, subject_id, subject_label, organization_id, %(channel)s, '', '{}',
            data::jsonb, %(request_id)s, %(address)s::inet
        FROM unnest(%(at)s::timestamptz[], %(action)s::text[], %(subject_id)s::bigint[], %(label)s::text[],
            %(organization_id)s::bigint[], %(data)s::text[])
            WITH ORDINALITY AS n(at, action, subject_id, subject_label, organization_id, data, place)
        ORDER BY place
        RETURNING id, at, action
    )
    INSERT INTO audit_dispatch (entry_id, subscriber, state, due_at, attempts, error)
    SELECT made.id, heard.subscriber, 'pending', made.at, 0, ''
    FROM made JOIN unnest(%(heard_action)s::text[], %(heard_by)s::text[]) AS heard(action, subscriber)
        ON heard.action = made.action
"""


@dataclass(slots=True)
class Line:
    """An act of Steward itself: what differs between the entries of one sweep. `data` holds plain JSON values."""

    at: datetime
    action: str
    subject_id: int
    subject_label: str
    organization_id: int | None
    data: Mapping[str, Any]


def insert_lines(lines: Sequence[Line], *, subject_kind: str, heard: Sequence[tuple[str, str]]) -> None:
    """
    Write entries in the order of the lines, and a pending outbox row for each subscriber, with one statement.

    :param heard: (action, subscriber) of everybody who wants to hear of them.
    """
    act = acts.current()
    with connection.cursor() as cursor:
        cursor.execute(
            LINES,
            {
                "subject_kind": subject_kind,
                "channel": str(act.channel),
                "request_id": act.request_id,
                "address": act.address,
                "at": [each.at for each in lines],
                "action": [each.action for each in lines],
                "subject_id": [each.subject_id for each in lines],
                "label": [each.subject_label[:200] for each in lines],
                "organization_id": [each.organization_id for each in lines],
                "data": [json.dumps(each.data) for each in lines],
                "heard_action": [action for action, _subscriber in heard],
                "heard_by": [subscriber for _action, subscriber in heard],
            },
        )


def insert_entries(entries: Sequence[Entry]) -> None:
    """Write the entries in their order and give them their keys. The trigger chains them as it does single ones."""
    with connection.cursor() as cursor:
        cursor.execute(KEYS, [Entry._meta.db_table, len(entries)])
        for each, (key,) in zip(entries, cursor.fetchall(), strict=True):
            each.pk = key
            each._state.adding = False
        cursor.execute(
            ENTRIES,
            [
                [each.pk for each in entries],
                [each.at for each in entries],
                [each.action for each in entries],
                [each.subject_kind for each in entries],
                [each.subject_id for each in entries],
                [each.subject_label for each in entries],
                [each.organization_id for each in entries],
                [each.actor_id for each in entries],
                [each.on_behalf_of_id for each in entries],
                [str(each.channel) for each in entries],
                [each.reason for each in entries],
                [json.dumps(each.changes) for each in entries],
                [json.dumps(each.data) for each in entries],
                [each.request_id for each in entries],
                [each.address for each in entries],
            ],
        )


def insert_dispatches(shares: Sequence[tuple[Entry, str]]) -> None:
    """Write a pending outbox row for each entry and subscriber, due at the moment of the act."""
    with connection.cursor() as cursor:
        cursor.execute(
            DISPATCHES,
            [
                [entry.pk for entry, _name in shares],
                [name for _entry, name in shares],
                [entry.at for entry, _name in shares],
            ],
        )
