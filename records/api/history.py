"""What was done to a record, out of the log: everything for the provider's people, the public part for others."""

from typing import Any

from rest_framework import serializers

from audit.models import Entry
from common.api.describing import describe
from common.api.fields import Answer, Named, named
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page

from .. import practices
from ..sentences import without_title
from ..workflow import moves_of
from .records import RecordDoor

SORTS = {"number": Sort()}
COLUMNS = (
    "pk", "at", "recorded_at", "action", "actor_id", "actor__name", "on_behalf_of_id", "on_behalf_of__name", "channel",
    "reason", "changes", "data",
)  # fmt: skip
# Said to the requester: what happened to their record, never why or which inner field.
PUBLIC_CHANGES = frozenset({"state", "priority"})


class EntryShape(Answer):
    """One act. Requesters see what happened and when; the provider's people also why and what changed."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField(help_text="Moment of the act.")
    action = serializers.CharField(help_text="For example incident.resolved.")
    actor = Named(allow_null=True, help_text="Null for Steward itself.")
    changes = serializers.DictField(
        child=serializers.ListField(child=serializers.JSONField(), min_length=2, max_length=2),
        help_text="field: [before, after]",
    )
    recorded_at = serializers.DateTimeField(required=False)
    on_behalf_of = Named(required=False, allow_null=True)
    channel = serializers.CharField(required=False)
    reason = serializers.CharField(required=False, allow_blank=True)
    data = serializers.JSONField(required=False)  # type: ignore[assignment] # the field of that name


def public_actions(kind: str) -> set[str]:
    """Logged actions that the requester may hear of: the creation, every move, and public replies."""
    moves = {move.action for move in moves_of(practices.of(kind).model).values()}
    return moves | {f"{kind}.created", f"{kind}.replied"}


def entry(row: dict[str, Any], *, is_inner: bool) -> dict[str, Any]:
    """The dictionary of an `EntryShape`. :param row: `values(*COLUMNS)`."""
    changes = row["changes"]
    found = {
        "id": row["pk"],
        "at": row["at"],
        "action": row["action"],
        "actor": named(row["actor_id"], row["actor__name"]),
        "changes": changes if is_inner else {k: v for k, v in changes.items() if k in PUBLIC_CHANGES},
    }
    if is_inner:
        found |= {
            "recorded_at": row["recorded_at"],
            "on_behalf_of": named(row["on_behalf_of_id"], row["on_behalf_of__name"]),
            "channel": row["channel"],
            "reason": row["reason"],
            "data": without_title(row["data"]),
        }
    return found


class History(RecordDoor):
    """The history of a record."""

    operations = {"GET": "record.view"}

    @describe(
        "List what was done to a record",
        gives=listing_of(EntryShape),
        problems=[404],
        parameters=[PageQuery],
        description="Oldest first. Nothing here is ever changed or removed.",
    )
    def get(self, request: Any, reference: str) -> Any:
        query = PageQuery.of(request)
        record = self.record(reference)
        is_inner = self.reads_notes(record)
        rows = Entry.objects.filter(subject_kind="record", subject_id=record.pk)
        if not is_inner:
            rows = rows.filter(action__in=public_actions(record.kind))
        found, following = page(
            rows.values(*COLUMNS),
            request=request,
            sorts=SORTS,
            sort="number",
            cursor=query["cursor"],
            limit=query["limit"],
        )
        return self.answer(listing([entry(row, is_inner=is_inner) for row in found], following))
