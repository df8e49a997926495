"""Compiling reports: by the worker when a month is over, by people for a month of their choice, and corrections."""

import logging
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.months import EARLIEST, LATEST, Month, month_of
from common.refusals import Refused
from common.speech import plainly
from common.texts import said
from people.access import require

from ..enums import State
from ..gathering.compiling import compiled
from ..gathering.scope import Scope
from ..models import Evidence, ReportPlan, ServiceReport
from .common import LONGEST_REASON, lock, refuse_frozen, save, write_down

MONTHS_MADE_UP = 12
_logger = logging.getLogger(__name__)


@transaction.atomic
def compile_report(*, plan: ReportPlan, first_day: date, by: Any, at: datetime) -> ServiceReport:
    """
    Make the report of a month that is over. Two who do it at once make one.

    :param first_day: of the month. :param by: None for the worker.
    :raises NotAllowed: :raises Refused: the month is not over, or its report is there.
    """
    if by is not None:
        require(by, "report.prepare", plan)
    if not EARLIEST <= first_day <= LATEST:
        raise Refused.because("unfit", _("This month is too far away. Check the year."), "month")
    locked = _lock_plan(plan)
    month = locked.month(first_day)
    if not month.is_over(at):
        raise Refused.because(
            "not_over",
            _("%(month)s is not over in %(zone)s. Its report can be made from the next month on.")
            % {"month": month.label, "zone": locked.zone},
            "month",
        )
    if ServiceReport.objects.filter(organization=locked.organization, first_day=first_day).exists():
        raise Refused.because(
            "exists", _("The report of %(month)s is there already. Open it.") % {"month": month.label}, "month"
        )
    report = ServiceReport(
        plan=locked, organization=locked.organization, first_day=first_day, zone=locked.zone, compiled_at=at,
        is_sample=locked.is_sample,
    )  # fmt: skip
    report.save(force_insert=True)
    _fill(report, at=at)
    write_down("compiled", report, by=by, at=at)
    return report


@transaction.atomic
def compile_again(*, report: ServiceReport, by: Any, at: datetime, version: int | None = None) -> ServiceReport:
    """
    Count a report anew from the records of today; a review lapses.

    :raises NotAllowed: :raises Stale: :raises Refused: it is issued: its figures are frozen.
    """
    locked = lock(report, version=version)
    require(by, "report.prepare", locked)
    refuse_frozen(locked)
    locked.compile_again(at=at)
    save(locked, "state", "compiled_at", "reviewed_at", "reviewed_by")
    _fill(locked, at=at)
    write_down("compiled", locked, by=by, at=at)
    return locked


@transaction.atomic
def correct(*, report: ServiceReport, by: Any, at: datetime, reason: str, has_new_terms: bool = False) -> ServiceReport:
    """
    Begin a corrected edition of an issued report, compiled from the records of today. The issued one stays as it is.

    :param has_new_terms: service credits go by the terms of today, as where those of the issued one were wrong.
    :raises NotAllowed: :raises Refused: not issued, no reason, or another edition corrects it already.
    """
    locked = lock(report)
    require(by, "report.issue", locked)
    if not locked.is_frozen:
        raise Refused.because("not_issued", _("This report is not issued. Compile it again instead."))
    if ServiceReport.objects.filter(predecessor=locked).exists():
        raise Refused.because("corrected", _("Another edition corrects this one already. Open that one."))
    reason = said(
        reason, field="reason", limit=LONGEST_REASON, missing=_("The reason is missing. Say what is corrected and why.")
    )
    made = ServiceReport(
        plan=locked.plan, organization=locked.organization, first_day=locked.first_day, zone=locked.zone,
        edition=locked.edition + 1, predecessor=locked, correction_reason=reason, compiled_at=at,
        has_new_terms=has_new_terms, is_sample=locked.is_sample,
    )  # fmt: skip
    made.save(force_insert=True)
    _fill(made, at=at)
    write_down("corrected", locked, by=by, at=at, reason=reason, by_edition=made.edition)
    write_down("compiled", made, by=by, at=at, reason=reason)
    return made


def compile_due(*, at: datetime) -> int:
    """
    Make what active plans lack: months that are over, at most the latest twelve. An act of Steward itself.

    One that fails takes none of the others with it. Returns how many were made.
    """
    made = 0
    for plan in ReportPlan.objects.filter(is_active=True).select_related("organization").order_by("pk"):
        for month in _due(plan, at):
            try:
                compile_report(plan=plan, first_day=month.first, by=None, at=at)
            except Refused:
                continue  # somebody else made it just now
            except Exception:
                _logger.exception("The report of %s for %s was not compiled", month.slug, plan.organization.slug)
                continue
            made += 1
    return made


def _due(plan: ReportPlan, at: datetime) -> list[Month]:
    present = month_of(at, plan.month(plan.first_month).zone)
    there = set(ServiceReport.objects.filter(organization=plan.organization).values_list("first_day", flat=True))
    months = [present.moved(-number) for number in range(MONTHS_MADE_UP, 0, -1)]
    return [each for each in months if each.first >= plan.first_month and each.first not in there]


def _lock_plan(plan: ReportPlan) -> ReportPlan:
    rows = ReportPlan.objects.select_for_update(of=("self",)).select_related("organization")
    return rows.get(pk=plan.pk)


def _fill(report: ServiceReport, *, at: datetime) -> None:
    """Count, and keep the document with the rows behind its figures."""
    assert report.state == State.COMPILED
    # The customer reads it, and whoever verifies it counts it anew: in nobody's own words.
    with plainly():
        document, ledger = compiled(report, Scope(report.organization, report.month, at))
    report.document = document
    report.save(update_fields=["document"])
    report.evidence.all().delete()
    Evidence.objects.bulk_create(
        [Evidence(report=report, key=key, kind=kind, ids=ids) for key, (kind, ids) in ledger.rows.items()],
        batch_size=500,
    )
