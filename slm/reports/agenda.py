"""What a review talks about: made from the figures of the report, the remarks, the agreements and open actions."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..models import Agreement
from .enums import AgendaKind, RemarkKind
from .models import ReviewAction, ServiceReport
from .reading import Reading

ENDS_WITHIN = timedelta(days=120)
WORSE_MONTHS = 3
LONGEST = 300
Point = tuple[AgendaKind, str]


def points_of(report: ServiceReport) -> list[Point]:
    """The agenda in order: disputes first, open actions last. About four statements."""
    reading = Reading(report)
    found = [*_disputes(report), *_missed(reading), *_worse(reading), *_endings(report), *_actions(report)]
    return [(kind, text[:LONGEST]) for kind, text in found]


def _disputes(report: ServiceReport) -> Iterable[Point]:
    for remark in report.remarks.filter(kind=RemarkKind.DISPUTED).select_related("by"):
        yield AgendaKind.DISPUTE, _("%(person)s: %(text)s") % {"person": remark.by, "text": remark.text}


def _missed(reading: Reading) -> Iterable[Point]:
    for each in reading.agreements:
        if each["is_held"] is False:
            yield (
                AgendaKind.TARGET,
                _("%(name)s: %(share)s of targets met, %(target)s promised")
                % {"name": each["name"], "share": each["judged"], "target": each["target"]},
            )
    for each in reading.services:
        if each["is_held"] is False:
            yield (
                AgendaKind.OUTAGE,
                _("%(name)s: %(share)s available, %(target)s promised")
                % {"name": each["name"], "share": each["availability"], "target": each["target"]},
            )


def _worse(reading: Reading) -> Iterable[Point]:
    """Fewer targets met than the month before, two months running."""
    latest = [each["share"] for each in reading.trend.rows[-WORSE_MONTHS:]]
    if None not in latest and all(later < earlier for earlier, later in pairwise(latest)):
        shown = ", ".join(each["attained"] for each in reading.trend.rows[-WORSE_MONTHS:])
        yield AgendaKind.TREND, _("Targets met fell two months running: %(shares)s") % {"shares": shown}


def _endings(report: ServiceReport) -> Iterable[Point]:
    end = report.month.ended_at.date()
    rows = Agreement.objects.in_force().with_customers().filter(Q(organization=report.organization_id))
    for agreement in rows.filter(valid_to__gte=end, valid_to__lt=end + ENDS_WITHIN).order_by("valid_to", "name"):
        day = date_format(agreement.valid_to, "j M Y") if agreement.valid_to else ""
        yield AgendaKind.AGREEMENT, _("%(name)s ends on %(day)s") % {"name": agreement.name, "day": day}


def _actions(report: ServiceReport) -> Iterable[Point]:
    rows = ReviewAction.objects.filter(
        meeting__report__organization=report.organization_id,
        done_at=None,
        meeting__report__first_day__lt=report.first_day,
    ).select_related("owner")
    for action in rows.order_by("due_date", "pk")[:50]:
        yield (
            AgendaKind.ACTION,
            _("%(text)s (%(owner)s, until %(day)s)")
            % {"text": action.text, "owner": action.owner, "day": date_format(action.due_date, "j M Y")},
        )
