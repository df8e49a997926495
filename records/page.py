"""Reads for the page of a record: everything that hangs on it, whatever its kind."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.dateparse import parse_datetime

from common.refs import format_reference
from people.access import access_of

from . import practices
from .enums import REVERSE_LABELS, LinkKind, Phase, TaskState
from .models import AfterReply, Attachment, ExternalReference, Record


@dataclass(frozen=True)
class Linked:
    """A record on the other end of a link."""

    key: int
    label: Any
    reference: str
    title: str
    state: Any
    phase: str


@dataclass(frozen=True)
class Typed:
    """A draft of the viewer: in a composer, or held until `send_at`."""

    composer: str
    text: str
    saved_at: datetime | None
    send_at: datetime | None
    error: str
    wants_confirmation: bool
    file_count: int
    is_shared: bool


# Written out: building the same from querysets costs more than the database needs to answer it.
HANGING_ON_IT = """
    SELECT
        (SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
            SELECT id, name, size_bytes, comment_id, is_public, content_type FROM records_attachment
            WHERE record_id = %(number)s ORDER BY at, id) x),
        (SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
            SELECT id, title, is_mandatory, state, skip_reason FROM records_task
            WHERE record_id = %(number)s ORDER BY id) x),
        (SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
            SELECT u.id, u.name FROM records_watcher w JOIN people_user u ON u.id = w.user_id
            WHERE w.record_id = %(number)s ORDER BY u.name, u.id) x),
        (SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
            SELECT d.id, d.composer, d.content, d.written_at, d.send_at, d.error, d.is_shared,
                   d.user_id = %(viewer)s AS is_mine, u.name AS author
            FROM records_draft d JOIN people_user u ON u.id = d.user_id
            WHERE d.record_id = %(number)s AND (d.user_id = %(viewer)s OR d.is_shared AND d.send_at IS NULL)
            ORDER BY d.id) x),
        (SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
            SELECT l.id, l.kind AS link, l.from_record_id = %(number)s AS is_out, r.id AS number, r.kind, r.title,
                   r.state, r.phase
            FROM records_link l JOIN records_record r
                 ON r.id = CASE WHEN l.from_record_id = %(number)s THEN l.to_record_id ELSE l.from_record_id END
            WHERE l.from_record_id = %(number)s OR l.to_record_id = %(number)s ORDER BY 3 DESC, l.kind, l.id) x),
        (SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
            SELECT relation, key, url FROM records_externalreference
            WHERE record_id = %(number)s ORDER BY relation, key) x),
        (SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
            SELECT after_reply FROM records_habit WHERE user_id = %(viewer)s) x)
"""


@dataclass(frozen=True)
class Hanging:
    """What hangs on a record, as plain rows."""

    files: list[dict[str, Any]]
    tasks: list[dict[str, Any]]
    watchers: list[dict[str, Any]]
    drafts: list[dict[str, Any]]
    links: list[dict[str, Any]]
    outside: list[dict[str, Any]]
    habits: list[dict[str, Any]]


def hanging_on(user: Any, record: Record) -> Hanging:
    """
    Files, tasks, followers, links, references to other tools, the viewer's drafts and those that colleagues share, and
    the viewer's habit; one statement for all.

    Links to records that the viewer may not see are left out; only viewers of some organizations cost a second one.
    """
    with connection.cursor() as cursor:
        cursor.execute(HANGING_ON_IT, {"number": record.pk, "viewer": user.pk})
        found = Hanging(*(json.loads(each) if isinstance(each, str) else each for each in cursor.fetchone()))
    if found.links and access_of(user).rows("record.view", own=Q(pk__in=[])):
        numbers = [row["number"] for row in found.links]
        seen = set(Record.objects.visible_to(user).filter(pk__in=numbers).values_list("pk", flat=True))
        found.links[:] = [row for row in found.links if row["number"] in seen]
    return found


def open_of_requester(user: Any, record: Record) -> int:
    """How many open tickets of this requester the viewer may see."""
    return Record.objects.visible_to(user).filter(requester=record.requester_id).exclude(phase=Phase.DONE).count()


def files_of(record: Record, rows: list[dict[str, Any]]) -> list[Attachment]:
    return [Attachment(record_id=record.pk, **row) for row in rows]


def links_of(rows: list[dict[str, Any]]) -> list[Linked]:
    """Links in both directions, each read from this record."""
    found = []
    for row in rows:
        practice, kind = practices.of(row["kind"]), LinkKind(row["link"])
        found.append(
            Linked(
                key=row["id"],
                label=kind.label if row["is_out"] else REVERSE_LABELS[kind],
                reference=format_reference(practice.prefix, row["number"]),
                title=row["title"],
                state=practice.state_label(row["state"]),
                phase=row["phase"],
            )
        )
    return found


def drafts_of(rows: list[dict[str, Any]]) -> dict[str, Typed]:
    """The viewer's drafts by composer."""
    return {
        row["composer"]: Typed(
            composer=row["composer"],
            text=row["content"].get("text", ""),
            saved_at=parse_datetime(row["written_at"]),
            send_at=parse_datetime(row["send_at"]) if row["send_at"] else None,
            error=row["error"],
            wants_confirmation=bool(row["content"].get("wants_confirmation")),
            file_count=len(row["content"].get("files", ())),
            is_shared=row["is_shared"],
        )
        for row in rows
        if row["is_mine"]
    }


def shared_drafts_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What colleagues have written and left for the team."""
    return [
        {
            "key": row["id"],
            "author": row["author"],
            "text": row["content"].get("text", ""),
            "is_note": row["composer"] == "note",
            "saved_at": parse_datetime(row["written_at"]),
        }
        for row in rows
        if not row["is_mine"]
    ]


def habit_of(rows: list[dict[str, Any]]) -> str:
    """Where the viewer goes after a reply."""
    return rows[0]["after_reply"] if rows else AfterReply.STAY


def tasks_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"is_open": row["state"] == TaskState.OPEN, "label": TaskState(row["state"]).label} for row in rows]


def outside_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What it points at in other tools."""
    relations = dict(ExternalReference.Relation.choices)
    return [row | {"label": relations.get(row["relation"], row["relation"])} for row in rows]
