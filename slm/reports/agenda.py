"""What a review talks about: made from the figures of the report, the remarks, the agreements and open actions."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import chain, pairwise

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from ..models import Agreement
from .enums import AgendaKind, RemarkKind
from .models import ReviewAction, ReviewMeeting, ServiceReport
from .models.meetings import ReviewActionQuerySet
from .reading import Reading

ENDS_WITHIN = timedelta(days=120)
WORSE_MONTHS = 3
ACTIONS_AT_MOST = 50
LONGEST_ACTION = 150
LONGEST = 300
Point = tuple[AgendaKind, str]


def points_of(report: ServiceReport) -> list[Point]:
    """The agenda in order: disputes first, actions last, open ones before those done lately. About six statements."""
    reading = Reading(report)
    parts = (
        _disputes(report), _missed(reading), _limits(reading), _worse(reading), _endings(report), _actions(report),
        _done(report),
    )  # fmt: skip
    found = chain.from_iterable(parts)
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


def _limits(reading: Reading) -> Iterable[Point]:
    for each in reading.promises:
        if each["is_held"] is False:
            yield (
                AgendaKind.TARGET,
                _("%(name)s: %(promise)s %(came_to)s, %(bound)s promised")
                % {"name": each["agreement"], "promise": each["name"], "came_to": each["came_to"],
                   "bound": each["bound"]},
            )  # fmt: skip


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
    """What was given after earlier reviews and is not done."""
    for action in _given_before(report).open().order_by("due_date", "pk")[:ACTIONS_AT_MOST]:
        yield (
            AgendaKind.ACTION,
            _("%(text)s (%(owner)s, until %(day)s)")
            % {
                "text": Truncator(action.text).chars(LONGEST_ACTION),
                "owner": action.owner,
                "day": date_format(action.due_date, "j M Y"),
            },
        )


def _done(report: ServiceReport) -> Iterable[Point]:
    """What was done since the review before: the next meeting hears of it."""
    before = ReviewMeeting.objects.filter(
        report__organization=report.organization_id, report__first_day__lt=report.first_day
    ).order_by("-starts_at", "-pk")
    latest = before.first()
    if latest is None:
        return
    for action in _given_before(report).done_since(latest.starts_at).order_by("due_date", "pk")[:ACTIONS_AT_MOST]:
        state = str(action.record.state_label) if action.record else _("done")
        yield (
            AgendaKind.DONE,
            _("%(text)s (%(owner)s): %(state)s")
            % {"text": Truncator(action.text).chars(LONGEST_ACTION), "owner": action.owner, "state": state},
        )


def _given_before(report: ServiceReport) -> ReviewActionQuerySet:
    rows: ReviewActionQuerySet = ReviewAction.objects.filter(
        meeting__report__organization=report.organization_id, meeting__report__first_day__lt=report.first_day
    )
    return rows.select_related("owner", "record")
