"""What the customer says about an issued report, and what they are answered."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from common.refusals import NotAllowed, Refused
from common.texts import said
from people.access import require

from ..enums import RemarkKind
from ..models import Remark, ServiceReport
from .common import lock, save, write_down


@transaction.atomic
def accept(*, report: ServiceReport, by: Any, at: datetime, comment: str = "") -> ServiceReport:
    """
    Accept the report for the customer; after a dispute, too. :raises NotAllowed: :raises Refused: answered already, or
    another edition has taken its place.
    """
    locked = _lock_for_customer(report, by)
    if not can_proceed(locked.accept):
        raise _settled(locked)
    locked.accept()
    return _remarked(locked, RemarkKind.ACCEPTED, said(comment, field="comment"), by=by, at=at)


@transaction.atomic
def dispute(*, report: ServiceReport, by: Any, at: datetime, comment: str) -> ServiceReport:
    """
    Say for the customer that the report is not right, and what. :raises NotAllowed: :raises Refused: no comment,
    answered already, or another edition has taken its place.
    """
    locked = _lock_for_customer(report, by)
    if not can_proceed(locked.dispute):
        raise _settled(locked)
    comment = said(comment, field="comment", missing=_("The comment is missing. Say which figure is wrong, and why."))
    locked.dispute()
    return _remarked(locked, RemarkKind.DISPUTED, comment, by=by, at=at)


@transaction.atomic
def answer(*, report: ServiceReport, by: Any, at: datetime, text: str) -> ServiceReport:
    """
    Answer a dispute; it stays disputed until the customer accepts, or a corrected edition is issued.

    :raises NotAllowed: :raises Refused: no text, or it is not disputed.
    """
    locked = lock(report)
    require(by, "report.issue", locked)
    if not locked.is_disputed:
        raise Refused.because("not_disputed", _("Nobody disputes this report. There is nothing to answer."))
    text = said(text, field="text", missing=_("The answer is missing. Say what you found."))
    return _remarked(locked, RemarkKind.ANSWERED, text, by=by, at=at)


def _lock_for_customer(report: ServiceReport, by: Any) -> ServiceReport:
    require(by, "report.answer")
    locked = lock(report)
    if not ServiceReport.objects.answerable_by(by).filter(pk=locked.pk).exists():
        raise NotAllowed.because(
            "not_yours", _("Only who gets this report for the customer can answer it, or who manages the organization.")
        )
    successor = ServiceReport.objects.frozen().filter(predecessor=locked).first()
    if successor is not None:
        raise Refused.because(
            "replaced", _("Edition %(number)d has taken its place. Answer that one.") % {"number": successor.edition}
        )
    return locked


def _settled(report: ServiceReport) -> Refused:
    return Refused.because("settled", _("This report is %(state)s already.") % {"state": report.get_state_display()})


def _remarked(report: ServiceReport, kind: RemarkKind, text: str, *, by: Any, at: datetime) -> ServiceReport:
    save(report, "state")
    Remark.objects.create(report=report, kind=kind, text=text, by=by, at=at)
    write_down(str(kind), report, by=by, at=at, reason=text[:300])
    return report
