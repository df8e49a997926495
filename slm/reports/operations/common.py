"""What the acts on reports have in common."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused, Stale

from ..models import ServiceReport

LONGEST_TEXT = 5_000
LONGEST_REASON = 500


def lock(report: ServiceReport, *, version: int | None = None) -> ServiceReport:
    """
    Read the report afresh and hold it; inside a transaction. Acts on one report come one after the other.

    :param version: that the person has seen. :raises Stale: it is another one by now.
    """
    rows = ServiceReport.objects.select_for_update(of=("self",)).select_related("plan", "organization")
    fresh = rows.get(pk=report.pk)
    if version is not None and version != fresh.version:
        raise Stale.because(
            "stale", _("The report was changed by somebody else meanwhile. Read it again, then repeat this.")
        )
    return fresh


def save(report: ServiceReport, *fields: str) -> None:
    """Save the named fields with a new version."""
    report.version += 1
    report.save(update_fields=[*fields, "version"])


def write_down(action: str, report: ServiceReport, /, *, by: Any, at: datetime, reason: str = "", **data: Any) -> None:
    """Log an act about the report."""
    log.record(
        f"report.{action}",
        subject_kind="report",
        subject_id=report.pk,
        subject_label=report,
        organization_id=report.organization_id,
        by=by,
        at=at,
        reason=reason,
        data={"month": report.month.slug, "edition": report.edition, **data},
    )


def refuse_frozen(report: ServiceReport) -> None:
    """:raises Refused: its figures are frozen."""
    if report.is_frozen:
        raise Refused.because(
            "frozen",
            _("This report is %(state)s; its figures stay as they are. Make a corrected edition instead.")
            % {"state": report.get_state_display()},
        )
