"""Adding files. Content first, durably, under its hash; the row after it, so that no row points at nothing."""

import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import require

from .. import changing
from ..events import EventKind
from ..models import Attachment, Comment
from .editing import refuse_if_closed


def path_of(sha256: str) -> Path:
    """Where the content with this hash lies."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256


def clean_name(name: str) -> str:
    """
    A file name that is only a name: normalized first, then without folders, control characters or direction marks.

    OWASP ASVS 5.0 V5.3.2. Never empty, at most 200 characters, its ending kept.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    name = name.strip(" .") or "file"
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 16:
        return stem[: 200 - len(ending) - 1] + dot + ending
    return name[:200]


def keep(upload: Any) -> tuple[str, int]:
    """
    Write the content to the media folder: temporary name, flush to disk, rename to its hash.

    :returns: SHA-256 in hex, and the size in bytes.
    :raises Refused: empty, or larger than the limit of the settings; nothing is kept.
    """
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, temporary = tempfile.mkstemp(dir=root, prefix=".incoming-")
    try:
        with os.fdopen(handle, "wb") as target:
            for chunk in upload.chunks():
                size += len(chunk)
                if size > settings.ATTACHMENT_MAX_BYTES:
                    raise Refused.because(
                        "too_large",
                        _("The file is larger than %(limit)s MB. Make it smaller or share a link to it.")
                        % {"limit": settings.ATTACHMENT_MAX_BYTES // 2**20},
                        field="file",
                    )
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        if not size:
            raise Refused.because("empty", _("The file is empty. Choose another one."), field="file")
        final = path_of(digest.hexdigest())
        final.parent.mkdir(parents=True, exist_ok=True)
        os.replace(temporary, final)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return digest.hexdigest(), size


def keep_upload(upload: Any) -> dict[str, Any]:
    """Keep an upload's content before there is a row for it, for a reply that is held. :raises Refused: as `keep`."""
    sha256, size = keep(upload)
    return {
        "name": clean_name(upload.name or ""),
        "content_type": (upload.content_type or "application/octet-stream")[:120],
        "size_bytes": size,
        "sha256": sha256,
    }


def attach(
    *, record: Any, by: Any, at: datetime, upload: Any, is_public: bool, comment: Comment | None = None
) -> Attachment:
    """
    Add a file to the record, to its public side or to the work notes.

    :param upload: Django's uploaded file.
    :raises NotAllowed: the person may not add files here (or notes, for a file that is not public).
    :raises Refused: empty, too large, or the record is closed.
    """
    require(by, "record.attach", record)
    kept = keep_upload(upload)
    return attach_kept(record=record, by=by, at=at, kept=kept, is_public=is_public, comment=comment)


@transaction.atomic
def attach_kept(
    *, record: Any, by: Any, at: datetime, kept: Mapping[str, Any], is_public: bool, comment: Comment | None = None
) -> Attachment:
    """
    Add a file whose content `keep_upload` has taken in.

    :raises NotAllowed: as `attach`. :raises Refused: the record is closed.
    """
    require(by, "record.attach", record)
    if not is_public:
        require(by, "record.note", record)
    locked = changing.lock(record)
    refuse_if_closed(locked)
    attachment = Attachment.objects.create(
        record_id=locked.pk,
        comment=comment,
        name=kept["name"],
        content_type=kept["content_type"],
        size_bytes=kept["size_bytes"],
        sha256=kept["sha256"],
        is_public=is_public,
        uploaded_by=by,
        at=at,
    )
    changing.save(locked, (), at)
    changing.write_down(
        locked,
        kind=EventKind.EDITED,
        action=f"{locked.kind}.attached",
        by=by,
        at=at,
        data={"attachment": attachment.pk, "name": attachment.name, "is_public": is_public},
    )
    return attachment
