"""Doors for files: adding them, and handing them out so that no content ever runs in our pages."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.refusals import Refused
from people.doors import requires

from .. import operations
from ..models import Attachment
from ..operations.files import path_of
from .base import address_for, is_worked_on_by, record_or_404, see_other

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
POLICY = "default-src 'none'; sandbox"
CHUNK_BYTES = 64 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@requires("record.attach")
@require_POST
def add(request: HttpRequest, number: int) -> HttpResponse:
    """Add files: for requesters always public; staff choose."""
    record = record_or_404(request.user, number)
    is_public = not is_worked_on_by(request.user, record) or request.POST.get("audience") == "public"
    moment = now()
    try:
        uploads = request.FILES.getlist("files")
        if not uploads:
            raise Refused.because("empty", _("No file was chosen. Choose one, then add it."), field="files")
        for upload in uploads:
            operations.attach(record=record, by=request.user, at=moment, upload=upload, is_public=is_public)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("File added."))
    return see_other(request, address_for(request.user, record))


@requires("record.view")
@require_safe
def download(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """
    Hand out a file to those who may see it; asked anew for each request, HEAD and Range included.

    Pictures of four raster formats may be shown, everything else is saved; both under a policy that runs nothing.
    """
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user), pk=key, record_id=number)
    path = path_of(attachment.sha256)
    if not path.is_file():
        raise Http404
    is_shown = attachment.content_type in PICTURES and "save" not in request.GET
    content_type = attachment.content_type if is_shown else "application/octet-stream"
    response = _ranged(request, path, content_type)
    response["Content-Type"] = content_type
    response["Content-Disposition"] = content_disposition_header(not is_shown, attachment.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    response["Accept-Ranges"] = "bytes"
    return response


def _ranged(request: HttpRequest, path: Path, content_type: str) -> Any:
    size = path.stat().st_size
    wanted = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if wanted is None or not (wanted[1] or wanted[2]):
        return FileResponse(path.open("rb"), content_type=content_type)
    if wanted[1]:
        first, last = int(wanted[1]), min(int(wanted[2] or size - 1), size - 1)
    else:
        first, last = max(0, size - int(wanted[2])), size - 1
    if first > last or first >= size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    source = path.open("rb")
    source.seek(first)
    response = StreamingHttpResponse(_part(source, last - first + 1), status=206, content_type=content_type)
    response["Content-Length"] = str(last - first + 1)
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _part(source: BinaryIO | io.BufferedReader, length: int) -> Iterator[bytes]:
    with source:
        while length > 0 and (chunk := source.read(min(CHUNK_BYTES, length))):
            length -= len(chunk)
            yield chunk
