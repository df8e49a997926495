"""The files of issued reports: made once by a worker, kept under their hash, tried again until they are there."""

import logging
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction

from records.operations import files as kept_files

from . import mail
from .models import ReportFile

ROWS = 20
LONGEST_GAP = timedelta(hours=1)
LONGEST_ERROR = 500
_logger = logging.getLogger(__name__)


def make_due(*, at: datetime, rows: int = ROWS) -> int:
    """
    Make the files that are missing; those that another worker makes are skipped. Returns how many were made.

    One that fails takes none of the others with it, and is tried again later, each time after a longer while.
    """
    due = ReportFile.objects.filter(retry_at__lte=at).order_by("retry_at", "pk").values_list("pk", flat=True)
    return sum(_make_one(key, at=at) for key in list(due[:rows]))


def _make_one(key: int, *, at: datetime) -> bool:
    # Imported here: drawing and its fonts take memory that a process which makes no file need not hold.
    from . import pdf

    try:
        with transaction.atomic():
            rows = ReportFile.objects.select_for_update(skip_locked=True, of=("self",))
            rows = rows.select_related("report__organization", "report__issued_by", "report__plan")
            file = rows.filter(pk=key, retry_at__isnull=False).first()
            if file is None:
                return False
            file.sha256, file.size_bytes = kept_files.keep(ContentFile(pdf.made_from(file.report)))
            file.made_at, file.retry_at, file.error = at, None, ""
            file.attempts += 1
            file.save()
            mail.note(file.report, at=at)
            return True
    except Exception as error:
        _logger.exception("The file of report %s was not made", key)
        _try_later(key, error, at=at)
        return False


def _try_later(key: int, error: Exception, *, at: datetime) -> None:
    """Outside the transaction that the failure undid."""
    file = ReportFile.objects.get(pk=key)
    file.attempts += 1
    file.retry_at = at + min(LONGEST_GAP, timedelta(seconds=5) * 4 ** min(file.attempts, 8))
    file.error = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
    file.save(update_fields=["attempts", "retry_at", "error"])
