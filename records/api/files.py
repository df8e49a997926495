"""Files of a record."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from common.api.describing import IDEMPOTENCY_KEY, describe
from common.api.fields import LARGEST_KEY, Answer, Named, Strict, named
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.problems import TOO_LARGE, Problem
from common.time import now

from .. import operations
from ..models import Attachment
from ..operations.files import path_of
from .idempotency import once
from .records import RecordDoor
from .representation import VISIBILITIES

SORTS = {"number": Sort()}
COLUMNS = (
    "pk", "name", "content_type", "size_bytes", "sha256", "is_public", "uploaded_by_id", "uploaded_by__name", "at",
)  # fmt: skip
# What multipart adds around the file itself.
ENVELOPE_BYTES = 64 * 1024


class AttachmentShape(Answer):
    """A file; `href` leads to its content."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size_bytes = serializers.IntegerField()
    sha256 = serializers.CharField()
    visibility = serializers.ChoiceField(choices=VISIBILITIES)
    uploaded_by = Named(allow_null=True)
    at = serializers.DateTimeField()
    href = serializers.CharField()


class AttachmentBody(Strict):
    """A file, for the requester to see or for the team alone."""

    file = serializers.FileField(allow_empty_file=True, max_length=255)
    visibility = serializers.ChoiceField(choices=VISIBILITIES)


def attachments_of(record: Any, *, reads_notes: bool) -> Any:
    """Files of a record that the caller has been found to see; those of notes only for those who read them."""
    rows = Attachment.objects.filter(record_id=record.pk)
    return rows if reads_notes else rows.filter(is_public=True)


def attachment(row: dict[str, Any], address: str) -> dict[str, Any]:
    """The dictionary of an `AttachmentShape`. :param address: of the list of files."""
    return {
        "id": row["pk"],
        "name": row["name"],
        "content_type": row["content_type"],
        "size_bytes": row["size_bytes"],
        "sha256": row["sha256"],
        "visibility": "public" if row["is_public"] else "internal",
        "uploaded_by": named(row["uploaded_by_id"], row["uploaded_by__name"]),
        "at": row["at"],
        "href": f"{address}{row['pk']}/",
    }


class Attachments(RecordDoor):
    """The files of a record."""

    operations = {"GET": "record.view", "POST": "record.attach"}
    parser_classes = [MultiPartParser]

    @describe("List the files of a record", gives=listing_of(AttachmentShape), problems=[404], parameters=[PageQuery])
    def get(self, request: Any, reference: str) -> Any:
        query = PageQuery.of(request)
        record = self.record(reference)
        rows = attachments_of(record, reads_notes=self.reads_notes(record)).values(*COLUMNS)
        found, following = page(
            rows, request=request, sorts=SORTS, sort="number", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([attachment(row, request.path) for row in found], following))

    @describe(
        "Add a file to a record",
        takes={"multipart/form-data": AttachmentBody},
        gives=AttachmentShape,
        status=201,
        problems=[404, 409],
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Any, reference: str) -> Any:
        at = now()
        record = self.record(reference)
        self._refuse_large(request)
        values = AttachmentBody.read(request.data.dict(), by=request.user)

        def act() -> Any:
            made = operations.attach(
                record=record,
                by=request.user,
                at=at,
                upload=values["file"],
                is_public=values["visibility"] == "public",
            )
            row = Attachment.objects.filter(pk=made.pk).values(*COLUMNS).get()
            return self.answer(attachment(row, request.path), status=201, location=f"{request.path}{made.pk}/")

        return once(request, at=at, act=act)

    def _refuse_large(self, request: Any) -> None:
        """Before reading: a body that says it is too large is not taken in at all."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.ATTACHMENT_MAX_BYTES + ENVELOPE_BYTES:
            raise Problem(
                TOO_LARGE,
                _("The file is larger than %(limit)s MB. Make it smaller or share a link to it.")
                % {"limit": settings.ATTACHMENT_MAX_BYTES // 2**20},
            )


class AttachmentContent(RecordDoor):
    """One file."""

    operations = {"GET": "record.view"}

    @describe(
        "Download a file",
        gives=OpenApiTypes.BINARY,
        content="application/octet-stream",
        problems=[404],
        description="The content as it was sent, always as a download and never to be shown in a browser.",
    )
    def get(self, request: Any, reference: str, number: int) -> Any:
        record = self.record(reference)
        rows = attachments_of(record, reads_notes=self.reads_notes(record))
        found = rows.filter(pk=number).first() if number <= LARGEST_KEY else None
        path = path_of(found.sha256) if found else None
        if found is None or path is None or not path.is_file():
            raise Http404
        response = FileResponse(path.open("rb"), content_type="application/octet-stream")
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
        response["Content-Length"] = str(found.size_bytes)
        response["Cache-Control"] = "private, no-store"
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response
