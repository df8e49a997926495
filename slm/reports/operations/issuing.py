"""Reviewing and issuing: from here on the figures are frozen."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from common.fingerprints import fingerprint_of
from common.refusals import Refused
from common.texts import said
from people.access import require

from ..models import ReportFile, ServiceReport
from .common import lock, refuse_frozen, save, write_down


@transaction.atomic
def review(
    *, report: ServiceReport, by: Any, at: datetime, summary: str = "", version: int | None = None
) -> ServiceReport:
    """
    Say that the figures were looked through, with a summary in words for the customer; again to change the summary.

    :raises NotAllowed: :raises Stale: :raises Refused: it is issued.
    """
    locked = lock(report, version=version)
    require(by, "report.prepare", locked)
    refuse_frozen(locked)
    locked.review(by=by, at=at, summary=said(summary, field="summary"))
    save(locked, "state", "reviewed_at", "reviewed_by", "summary")
    write_down("reviewed", locked, by=by, at=at)
    return locked


@transaction.atomic
def issue(*, report: ServiceReport, by: Any, at: datetime, version: int | None = None) -> ServiceReport:
    """
    Freeze the report and hand it to the customer. A worker makes the file and mails it to the receivers.

    The document is what was reviewed; nothing is counted anew. Its fingerprint covers the rows behind each figure.

    :raises NotAllowed: :raises Stale: :raises Refused: it is not reviewed, or issued already.
    """
    locked = lock(report, version=version)
    require(by, "report.issue", locked)
    refuse_frozen(locked)
    if not can_proceed(locked.issue):
        raise Refused.because("not_reviewed", _("This report is not reviewed. Look it through and review it first."))
    locked.issue(by=by, at=at)
    locked.document = locked.document | {
        "edition": locked.edition,
        "corrects": locked.edition - 1 if locked.predecessor_id is not None else None,
        "correction_reason": locked.correction_reason,
        "summary": locked.summary,
        "reviewed_by": locked.reviewed_by.name if locked.reviewed_by else "",
        "issued_by": by.name,
        "issued_at": at.isoformat(),
    }
    locked.fingerprint = fingerprint_of(locked.document)
    save(locked, "state", "issued_at", "issued_by", "document", "fingerprint")
    ReportFile.objects.create(report=locked, retry_at=at)
    write_down("issued", locked, by=by, at=at, fingerprint=locked.fingerprint)
    return locked
