"""Excuses: asked for under a clause, sent back for more evidence, taken back, decided outside the team, lapsed."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from approvals import operations as approvals
from approvals import purposes
from approvals.enums import State, StepState
from approvals.models import Approval, ApprovalPolicy, Seat, Vote
from approvals.terms import StepSpec, Terms, asks
from common.refusals import NotAllowed, Refused
from common.speech import speaking
from common.texts import one_line
from measurement.marks import mark
from people.enums import Role
from records.models import Attachment

from . import cases
from .enums import BreachState
from .models import Breach, Clause
from .operations import cleaned, locked_for, log_act, refused_state, save

DAY_MINUTES = 24 * 60
LONGEST_REASON = 500
LOCK = 5_400_213


def purpose_name(kind: str, clock: str) -> str:
    """The purpose under which the approval engine decides about excuses of a clock."""
    return f"{kind}.excuse_{clock}"


def clauses_for(breach: Breach) -> Any:
    """Clauses that may excuse it: those of its agreement, and those of every agreement."""
    of_it = Q(agreement=None) | Q(agreement_id=breach.agreement_id, agreement__isnull=False)
    return Clause.objects.filter(of_it, is_active=True)


def files_for(breach: Breach, user: Any) -> Any:
    """Files of the record that the person may see, for evidence."""
    return Attachment.objects.visible_to(user).filter(record_id=breach.record_id)


@transaction.atomic
def request(
    *, breach: Breach, by: Any, at: datetime, clause: Clause, evidence: str, attachment: Attachment | None = None,
    version: int | None = None,
) -> Breach:  # fmt: skip
    """
    Ask to have a miss excused under a clause. Whom the approval policies name is asked; nobody of the team is.

    :param evidence: what shows that the clause applies. :param attachment: a file of the record.
    :raises NotAllowed: :raises Stale: :raises Refused: not explained yet, a clause of another agreement, no evidence.
    :raises UnableToStart: nobody outside the team can decide.
    """
    locked = locked_for(breach, by=by, operation="breach.ask_excuse", version=version)
    if locked.state != BreachState.EXPLAINED:
        raise refused_state(locked)
    if not clauses_for(locked).filter(pk=clause.pk).exists():
        raise Refused.because(
            "other_clause", _("This clause does not belong to the agreement of the clock. Choose one that does."),
            field="clause",
        )  # fmt: skip
    if attachment is not None and attachment.record_id != locked.record_id:
        raise Refused.because("other_file", _("This file does not hang on the ticket."), field="attachment")
    if cases.in_case(locked.record, locked.clock_kind) is not None:
        raise Refused.because(
            "being_decided",
            _("Another excuse for this clock of the ticket is being decided. Ask again when that has ended."),
        )
    locked.evidence, locked.clause, locked.attachment = cleaned(evidence, field="evidence"), clause, attachment
    locked.asked_by, locked.asked_at, locked.state = by, at, BreachState.EXCUSE_REQUESTED
    locked.decided_at, locked.decided_by, locked.decision_reason = None, None, ""
    locked.case = cases.digest_of(locked)
    save(
        locked, "evidence", "clause", "attachment", "asked_by", "asked_at", "state", "case", "decided_at",
        "decided_by", "decision_reason",
    )  # fmt: skip
    name = purpose_name(locked.record.kind, locked.clock_kind)
    ensure_policy(name, at=at)
    log_act("excuse_requested", locked, by=by, at=at, clause=str(clause), evidence=locked.evidence[:300])
    locked.approval = approvals.start(subject=locked.record.specific, purpose=name, by=by, at=at)
    locked.save(update_fields=["approval"])
    return locked


@transaction.atomic
def take_back(*, breach: Breach, by: Any, at: datetime, reason: str = "", version: int | None = None) -> Breach:
    """Ask no longer. :raises NotAllowed: :raises Stale: :raises Refused: nothing is being decided."""
    locked = locked_for(breach, by=by, operation="breach.ask_excuse", version=version)
    if not locked.is_being_decided:
        raise refused_state(locked)
    said = _short(reason)
    _fall_back(locked)
    log_act("excuse_taken_back", locked, by=by, at=at, reason=said)
    cases.end_approval(locked, by=by, at=at, reason=said or _("the request was taken back"))
    return locked


@transaction.atomic
def defer(*, breach: Breach, by: Any, at: datetime, reason: str) -> Breach:
    """
    Send a request back: what is there does not suffice to decide. It can be asked again, with more evidence.

    Only those who are asked to decide may do so, instead of voting.

    :raises NotAllowed: the person has no seat in the step that is being decided.
    :raises Refused: no reason, or nothing is being decided.
    """
    locked = locked_for(breach, by=by, operation="breach.view")
    if not locked.is_being_decided or locked.approval is None:
        raise refused_state(locked)
    if not may_defer(locked, by):
        raise NotAllowed.because(
            "no_seat", _("Only those who are asked to decide may send a request back for more evidence.")
        )
    said = _short(reason)
    if not said:
        raise Refused.because("required", _("The reason is missing. Say what evidence you need."), field="reason")
    _fall_back(locked)
    log_act("excuse_deferred", locked, by=by, at=at, reason=said)
    cases.end_approval(locked, by=by, at=at, reason=said)
    return locked


def may_defer(breach: Breach, user: Any) -> bool:
    """Whether the person sits in the step that is being decided now."""
    if not breach.is_being_decided or breach.approval_id is None:
        return False
    seats = Seat.objects.filter(step__approval_id=breach.approval_id, step__state=StepState.OPEN, acting_id=user.pk)
    return seats.exists()


def approved(*, subject: Any, approval: Approval, by: Any, at: datetime) -> None:
    """After the last vote that was missing: excused. Figures that leave excused misses out are counted anew."""
    breach = _decided(approval)
    if breach is not None:
        words = Vote.objects.filter(seat__step__approval=approval, replaced_at=None).order_by("id")
        _decide(breach, BreachState.EXCUSED, by=by, at=at, reason=" ".join(filter(None, (v.reason for v in words))))
        log_act("excused", breach, by=by, at=at, reason=breach.decision_reason, clause=str(breach.clause))
        mark([breach.record_id], at=at)


def rejected(*, subject: Any, approval: Approval, by: Any, at: datetime) -> None:
    """After a rejection: the miss stands, with the words of who rejected it."""
    breach = _decided(approval)
    if breach is not None:
        _decide(breach, BreachState.UPHELD, by=by, at=at, reason=approval.end_reason)
        log_act("upheld", breach, by=by, at=at, reason=breach.decision_reason, clause=str(breach.clause))


def lapsed(*, subject: Any, approval: Approval, by: Any, at: datetime) -> None:
    """When what is decided has changed: explained as before, and it may be asked for again."""
    breach = _decided(approval)
    if breach is not None:
        _fall_back(breach)
        log_act("excuse_lapsed", breach, by=by, at=at, reason=approval.end_reason)


def lapse_if_changed(breach: Breach, *, by: Any, at: datetime) -> bool:
    """
    Let an excuse lapse, asked or given, whose clock is another than it was about. Called with the record held.

    :returns: whether it lapsed.
    """
    if cases.digest_of(breach) == breach.case:
        return False
    reason = _("the clock is another than the one that was excused")
    if breach.is_being_decided and breach.approval is not None and breach.approval.state == State.OPEN:
        approvals.lapse(approval=breach.approval, by=by, at=at, reason=reason)
        return True
    was_excused = breach.is_excused
    _fall_back(breach)
    log_act("excuse_lapsed", breach, by=by, at=at, reason=reason)
    if was_excused:
        mark([breach.record_id], at=at)
    return True


def ensure_policy(purpose: str, *, at: datetime) -> None:
    """Bring a policy along for excuses of a clock, unless somebody has written one: a service level manager decides."""
    if ApprovalPolicy.objects.filter(purpose=purpose).exists():
        return
    with connection.cursor() as cursor:  # two first requests at once bring one policy along
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if ApprovalPolicy.objects.filter(purpose=purpose).exists():
        return
    step = StepSpec(
        "Excuse", (asks("role", role=Role.SERVICE_MANAGER),), quorum="any", deadline_minutes=5 * DAY_MINUTES,
        remind_minutes=DAY_MINUTES,
    )  # fmt: skip
    with speaking("en"):
        name = capfirst(str(purposes.of(purpose).label))
    if ApprovalPolicy.objects.filter(name=name).exists():
        name = f"{name} ({purpose})"
    approvals.create_policy(by=None, at=at, name=name, purpose=purpose, terms=Terms((step,)))


def _decided(approval: Approval) -> Breach | None:
    rows = Breach.objects.select_for_update(of=("self",)).select_related("record", "clause", "clock")
    return rows.filter(approval=approval, state=BreachState.EXCUSE_REQUESTED).first()


def _decide(breach: Breach, state: BreachState, *, by: Any, at: datetime, reason: str) -> None:
    breach.state, breach.decided_at, breach.decided_by = state, at, by
    breach.decision_reason = reason[:LONGEST_REASON]
    save(breach, "state", "decided_at", "decided_by", "decision_reason")


def _fall_back(breach: Breach) -> None:
    breach.state, breach.case = BreachState.EXPLAINED, ""
    breach.decided_at, breach.decided_by, breach.decision_reason = None, None, ""
    save(breach, "state", "case", "decided_at", "decided_by", "decision_reason")


def _short(reason: str) -> str:
    said = one_line(reason)
    if len(said) > LONGEST_REASON:
        raise Refused.because(
            "too_long", _("The reason has more than %(most)s characters.") % {"most": LONGEST_REASON}, field="reason"
        )
    return said
