"""Comments of a record: public replies and, for those who may read them, work notes."""

from typing import Any

from rest_framework import serializers

from common.api.describing import IDEMPOTENCY_KEY, describe
from common.api.fields import Answer, Choice, Named, Strict, Text, named
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.time import now

from .. import operations
from ..models import Comment
from ..operations.conversation import LONGEST_TEXT
from .idempotency import once
from .records import RecordDoor
from .representation import VISIBILITIES

SORTS = {"at": Sort("at", is_moment=True)}
COLUMNS = ("pk", "author_id", "author__name", "text", "is_public", "is_from_requester_side", "at", "channel")
EXAMPLE = {"visibility": "public", "text": "We have restarted the gateway. Does it hold now?"}


class CommentShape(Answer):
    """A public reply or a work note."""

    id = serializers.IntegerField()
    visibility = serializers.ChoiceField(choices=VISIBILITIES)
    author = Named(allow_null=True, help_text="Null where Steward itself wrote.")
    is_from_requester_side = serializers.BooleanField()
    text = serializers.CharField(help_text="Markdown, as typed.")
    at = serializers.DateTimeField()
    channel = serializers.CharField()


class CommentBody(Strict):
    """A reply that the requester reads, or a note that only the provider's people read."""

    visibility = Choice(choices=VISIBILITIES)
    text = Text(max_length=LONGEST_TEXT, trim_whitespace=False)


def comment(row: dict[str, Any]) -> dict[str, Any]:
    """The dictionary of a `CommentShape`. :param row: `values(*COLUMNS)`."""
    return {
        "id": row["pk"],
        "visibility": "public" if row["is_public"] else "internal",
        "author": named(row["author_id"], row["author__name"]),
        "is_from_requester_side": row["is_from_requester_side"],
        "text": row["text"],
        "at": row["at"],
        "channel": row["channel"],
    }


def comments_of(record: Any, *, reads_notes: bool) -> Any:
    """Comments of a record that the caller has been found to see, as rows; notes only for those who read them."""
    rows = Comment.objects.filter(record_id=record.pk)
    return (rows if reads_notes else rows.filter(is_public=True)).values(*COLUMNS)


class Comments(RecordDoor):
    """
    Replies and notes.

    Which of the two rights is asked depends on the body, so the operation checks it; `record.view` opens the door.
    """

    operations = {"GET": "record.view", "POST": "record.reply"}

    @describe(
        "List the replies and notes of a record",
        gives=listing_of(CommentShape),
        problems=[404],
        parameters=[PageQuery],
    )
    def get(self, request: Any, reference: str) -> Any:
        query = PageQuery.of(request)
        record = self.record(reference)
        rows = comments_of(record, reads_notes=self.reads_notes(record))
        found, following = page(
            rows, request=request, sorts=SORTS, sort="at", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([comment(row) for row in found], following))

    @describe(
        "Reply in public, or write a work note",
        takes=CommentBody,
        gives=CommentShape,
        status=201,
        problems=[404, 409],
        parameters=[IDEMPOTENCY_KEY],
        examples=[("A public reply", EXAMPLE), ("A work note", {"visibility": "internal", "text": "Called the ISP."})],
    )
    def post(self, request: Any, reference: str) -> Any:
        at = now()
        record = self.record(reference)
        values = CommentBody.read(request.data, by=request.user)
        write = operations.reply if values["visibility"] == "public" else operations.add_note

        def act() -> Any:
            made = write(record=record, by=request.user, at=at, text=values["text"])
            row = Comment.objects.filter(pk=made.pk).values(*COLUMNS).get()
            return self.answer(comment(row), status=201)

        return once(request, at=at, act=act)
