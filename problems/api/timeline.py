"""What happened around a problem, on one axis: its incidents, changes to the service, events that people wrote down."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer
from common.api.filters import PageQuery
from common.api.paging import listing, listing_of, merged_page
from common.refs import format_reference
from records import practices
from records.api.representation import href

from ..queries.chronicle import LANES, ended_just_before, sources_of
from .views import ProblemDoor


class HappeningRecord(Answer):
    """The record that tells of it."""

    reference = serializers.CharField()
    kind = serializers.CharField()
    state = serializers.CharField()
    href = serializers.CharField()


class HappeningShape(Answer):
    """One thing that happened."""

    at = serializers.DateTimeField(
        help_text="An incident: its report. A change: its end; while it is open, its report."
    )
    lane = serializers.ChoiceField(choices=list(LANES))
    text = serializers.CharField(help_text="The subject of the record, or what somebody wrote down.")
    record = HappeningRecord(allow_null=True, help_text="Null for events.")
    event = serializers.IntegerField(allow_null=True, help_text="Id of the event; null for records.")
    ended_just_before = serializers.BooleanField(
        help_text="A change that ended at most 48 hours before the first incident that the caller may see."
    )


def happening(row: dict[str, Any], first_at: datetime) -> dict[str, Any]:
    """The dictionary of a `HappeningShape`."""
    is_event = row["lane"] == "event"
    return {
        "at": row["moment"],
        "lane": row["lane"],
        "text": row["text"] if is_event else row["title"],
        "record": None if is_event else _record(row),
        "event": row["pk"] if is_event else None,
        "ended_just_before": row["lane"] == "change" and ended_just_before(row["ended_at"], first_at),
    }


def _record(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "reference": format_reference(practices.of(row["kind"]).prefix, row["pk"]),
        "kind": row["kind"],
        "state": row["state"],
        "href": href(row["kind"], row["pk"]),
    }


class Timeline(ProblemDoor):
    """Incidents, changes and events of a problem in the order in which they happened."""

    operations = {"GET": "record.read_notes"}

    @describe(
        "List what happened around a problem",
        gives=listing_of(HappeningShape),
        problems=[404],
        parameters=[PageQuery],
        description="Oldest first: its incidents, the changes that are linked with it or were made to its service "
        "since 30 days before the first incident, and its events; records as far as the caller may see them.",
    )
    def get(self, request: Any, reference: str) -> Any:
        query = PageQuery.of(request)
        sources, first_at = sources_of(self.inner(reference), request.user)
        rows, following = merged_page(
            sources, request=request, name="timeline", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([happening(row, first_at) for row in rows], following))
