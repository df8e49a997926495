"""One incident as the API shows it."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from common.api.fields import Named
from people.access import access_of
from records.api.conversation import COLUMNS, CommentShape, comment, comments_of
from records.api.moves import AllowedMove, allowed_moves
from records.api.representation import ROW_COLUMNS, RecordSummary, href, person_of, row_of, summary

from ..enums import ResolutionCode
from ..models import Incident

RELATED = (
    "requester", "organization", "service", "team", "assignee", "owner", "category", "item", "opened_by",
    "resolved_by",
)  # fmt: skip
# Of what an incident points at only the name is shown: whole people would triple the columns to read.
SHOWN = (*(field.name for field in Incident._meta.concrete_fields), *(f"{name}__name" for name in RELATED))
LATEST_COMMENTS = 50


class IncidentShape(RecordSummary):
    """An incident. What only the provider's people may see is left out for others."""

    description = serializers.CharField(allow_blank=True)
    category = Named(allow_null=True)
    item = Named(allow_null=True)
    location = serializers.CharField(allow_blank=True)
    symptom = serializers.CharField(allow_blank=True)
    affected_count = serializers.IntegerField(allow_null=True)
    outage_from = serializers.DateTimeField(allow_null=True)
    outage_to = serializers.DateTimeField(allow_null=True)
    is_security_related = serializers.BooleanField()
    wake_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    replied_at = serializers.DateTimeField(allow_null=True)
    reply_count = serializers.IntegerField()
    reopen_count = serializers.IntegerField()
    resolution_code = serializers.ChoiceField(choices=ResolutionCode.values, allow_blank=True)
    resolution_text = serializers.CharField(allow_blank=True)
    resolved_by = Named(allow_null=True)
    allowed_moves = AllowedMove(many=True)
    owner = Named(required=False, allow_null=True)
    opened_by = Named(required=False, allow_null=True)
    priority_reason = serializers.CharField(required=False, allow_blank=True)
    supplier_reference = serializers.CharField(required=False, allow_blank=True)
    cause_code = serializers.CharField(required=False, allow_blank=True)
    bounce_count = serializers.IntegerField(required=False)
    is_first_contact = serializers.BooleanField(required=False)
    comments = CommentShape(many=True, required=False, help_text="With include=comments: the latest 50, oldest first.")


def incident(record: Incident, *, by: Any, at: datetime, comments: bool = False) -> dict[str, Any]:
    """The dictionary of an `IncidentShape`. :param record: read with `RELATED`, so that no name costs a query."""
    found = summary(_row(record), access_of(by))
    reads_notes = access_of(by).allows_on("record.read_notes", record)
    found |= {
        "description": record.description,
        "category": row_of(record.category),
        "item": row_of(record.item),
        "location": record.location,
        "symptom": record.symptom,
        "affected_count": record.affected_count,
        "outage_from": record.outage_from,
        "outage_to": record.outage_to,
        "is_security_related": record.is_security_related,
        "wake_at": record.wake_at,
        "created_at": record.created_at,
        "replied_at": record.replied_at,
        "reply_count": record.reply_count,
        "reopen_count": record.reopen_count,
        "resolution_code": record.resolution_code,
        "resolution_text": record.resolution_text,
        "resolved_by": person_of(record.resolved_by),
        "allowed_moves": allowed_moves(record, by=by, at=at, address=href("incident", record.pk)),
    }
    if reads_notes:
        found |= {
            "owner": person_of(record.owner),
            "opened_by": person_of(record.opened_by),
            "priority_reason": record.priority_reason,
            "supplier_reference": record.supplier_reference,
            "cause_code": record.cause_code,
            "bounce_count": record.bounce_count,
            "is_first_contact": record.is_first_contact,
        }
    if comments:
        latest = comments_of(record, reads_notes=reads_notes).order_by("-at", "-pk")[:LATEST_COMMENTS]
        found["comments"] = [comment(row) for row in reversed(latest.values(*COLUMNS))]
    return found


def _row(record: Incident) -> dict[str, Any]:
    """The columns of a list row out of an instance."""
    row = {}
    for name in ROW_COLUMNS:
        first, _dunder, second = name.partition("__")
        value = getattr(record, first)
        row[name] = (value.name if value is not None else None) if second else value
    return row
