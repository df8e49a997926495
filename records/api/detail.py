"""One record as the API shows it; practices add what is theirs."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from common.api.fields import Named
from people.access import access_of

from .conversation import COLUMNS, CommentShape, comment, comments_of
from .moves import AllowedMove, allowed_moves
from .representation import ROW_COLUMNS, RecordSummary, href, person_of, row_of, summary

RELATED = ("requester", "organization", "service", "team", "assignee", "owner", "category", "item")
LATEST_COMMENTS = 50


class RecordDetail(RecordSummary):
    """A record. What only the provider's people may see is left out for others."""

    description = serializers.CharField(allow_blank=True)
    category = Named(allow_null=True)
    item = Named(allow_null=True)
    location = serializers.CharField(allow_blank=True)
    wake_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    replied_at = serializers.DateTimeField(allow_null=True)
    reply_count = serializers.IntegerField()
    reopen_count = serializers.IntegerField()
    allowed_moves = AllowedMove(many=True)
    owner = Named(required=False, allow_null=True)
    priority_reason = serializers.CharField(required=False, allow_blank=True)
    bounce_count = serializers.IntegerField(required=False)
    comments = CommentShape(many=True, required=False, help_text="With include=comments: the latest 50, oldest first.")


def shown_columns(model: type[Any], related: tuple[str, ...]) -> tuple[str, ...]:
    """Of what a record points at only the name is shown: whole people would triple the columns to read."""
    return (*(field.name for field in model._meta.concrete_fields), *(f"{name}__name" for name in related))


def detail(record: Any, *, by: Any, at: datetime, comments: bool = False) -> dict[str, Any]:
    """The dictionary of a `RecordDetail`. :param record: read with what it points at, so that no name costs a query."""
    access = access_of(by)
    found = summary(_row(record), access)
    reads_notes = access.allows_on("record.read_notes", record)
    found |= {
        "description": record.description,
        "category": row_of(record.category),
        "item": row_of(record.item),
        "location": record.location,
        "wake_at": record.wake_at,
        "created_at": record.created_at,
        "replied_at": record.replied_at,
        "reply_count": record.reply_count,
        "reopen_count": record.reopen_count,
        "allowed_moves": allowed_moves(record, by=by, at=at, address=href(record.kind, record.pk)),
    }
    if reads_notes:
        found |= {
            "owner": person_of(record.owner),
            "priority_reason": record.priority_reason,
            "bounce_count": record.bounce_count,
        }
    if comments:
        latest = comments_of(record, reads_notes=reads_notes).order_by("-at", "-pk")[:LATEST_COMMENTS]
        found["comments"] = [comment(row) for row in reversed(latest.values(*COLUMNS))]
    return found


def _row(record: Any) -> dict[str, Any]:
    """The columns of a list row out of an instance."""
    row = {}
    for name in ROW_COLUMNS:
        first, _dunder, second = name.partition("__")
        value = getattr(record, first)
        row[name] = (value.name if value is not None else None) if second else value
    return row
