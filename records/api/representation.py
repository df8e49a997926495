"""Records as the API shows them: plain dictionaries out of rows, with less in them for those who asked for help."""

from typing import Any

from rest_framework import serializers

from common.api.fields import Answer, Named, named
from common.refs import format_reference
from people.access import Access

from .. import practices
from ..enums import DueState, Phase

# What a row of a list needs, read with one statement over one table and the names it points at.
ROW_COLUMNS = (
    "id", "kind", "title", "state", "state_reason", "phase", "priority", "impact", "urgency", "source", "tags",
    "requester_id", "requester__name", "organization_id", "organization__name", "service_id", "service__name",
    "team_id", "team__name", "assignee_id", "assignee__name",
    "opened_at", "updated_at", "responded_at", "resolved_at", "closed_at", "due_at", "due_kind", "due_state",
    "is_breached", "version",
)  # fmt: skip

VISIBILITIES = [("public", "the requester reads it"), ("internal", "only the provider's people read it")]


class Due(Answer):
    """The clock that runs out next."""

    at = serializers.DateTimeField(allow_null=True, help_text="Null while paused, or when no clock runs.")
    clock = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=[value for value in DueState.values if value], allow_blank=True)


class RecordSummary(Answer):
    """A record in a list."""

    reference = serializers.CharField()
    number = serializers.IntegerField()
    kind = serializers.CharField()
    href = serializers.CharField(help_text="Address of the record in this API.")
    title = serializers.CharField()
    state = serializers.CharField()
    state_label = serializers.CharField()
    state_reason = serializers.CharField(allow_blank=True)
    phase = serializers.ChoiceField(choices=Phase.values)
    priority = serializers.IntegerField(min_value=1, max_value=5)
    impact = serializers.IntegerField(min_value=1, max_value=3)
    urgency = serializers.IntegerField(min_value=1, max_value=3)
    source = serializers.CharField()  # type: ignore[assignment] # the field of that name
    tags = serializers.ListField(child=serializers.CharField())
    requester = Named()
    organization = Named()
    service = Named(allow_null=True)
    team = Named(allow_null=True)
    assignee = Named(allow_null=True)
    opened_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    responded_at = serializers.DateTimeField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    due = Due(required=False, help_text="Only for those who may see clocks.")
    is_breached = serializers.BooleanField(required=False, help_text="Only for those who may see clocks.")
    version = serializers.IntegerField(help_text="Also in the ETag; send it back in If-Match.")


class Standing:
    """A stand-in with what the matrix asks of an object, for rows that are no instances."""

    __slots__ = ("organization_id", "requester_id")

    def __init__(self, organization_id: int, requester_id: int) -> None:
        self.organization_id, self.requester_id = organization_id, requester_id


def href(kind: str, number: int) -> str:
    """Address of a record in this API."""
    practice = practices.of(kind)
    return f"/api/v1/{practice.slug}/{format_reference(practice.prefix, number)}/"


def summary(row: dict[str, Any], access: Access) -> dict[str, Any]:
    """
    The dictionary of a `RecordSummary`.

    :param row: `values(*ROW_COLUMNS)`. :param access: of the person who asks.
    """
    practice = practices.of(row["kind"])
    reference = format_reference(practice.prefix, row["id"])
    found = {
        "reference": reference,
        "number": row["id"],
        "kind": row["kind"],
        "href": f"/api/v1/{practice.slug}/{reference}/",
        "title": row["title"],
        "state": row["state"],
        "state_label": str(practice.state_label(row["state"])),
        "state_reason": row["state_reason"],
        "phase": row["phase"],
        "priority": row["priority"],
        "impact": row["impact"],
        "urgency": row["urgency"],
        "source": row["source"],
        "tags": row["tags"],
        "requester": {"id": row["requester_id"], "name": row["requester__name"]},
        "organization": {"id": row["organization_id"], "name": row["organization__name"]},
        "service": named(row["service_id"], row["service__name"]),
        "team": named(row["team_id"], row["team__name"]),
        "assignee": named(row["assignee_id"], row["assignee__name"]),
        "opened_at": row["opened_at"],
        "updated_at": row["updated_at"],
        "responded_at": row["responded_at"],
        "resolved_at": row["resolved_at"],
        "closed_at": row["closed_at"],
        "version": row["version"],
    }
    if access.allows_on("record.read_notes", Standing(row["organization_id"], row["requester_id"])):
        found["due"] = {"at": row["due_at"], "clock": row["due_kind"], "state": row["due_state"]}
        found["is_breached"] = row["is_breached"]
    return found


def person_of(user: Any) -> dict[str, Any] | None:
    """A person as records mention them."""
    return None if user is None else {"id": user.pk, "name": user.name}


def row_of(row: Any) -> dict[str, Any] | None:
    """Any other row as records mention it."""
    return None if row is None else {"id": row.pk, "name": str(row)}
