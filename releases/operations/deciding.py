"""Ready or not: go and no-go, by the approval policies where one asks somebody."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from approvals import operations as approvals
from approvals import purposes, selection
from approvals import queries as approval_queries
from approvals.models import ApprovalPolicy
from approvals.terms import ConditionTerms, StepSpec, Terms, asks
from common.refusals import Refused
from people.enums import Role
from records import transitions
from records.operations.saying import locked_for

from ..enums import State, Type
from ..models import Release
from ..queries.facts import GO

DAY_MINUTES = 24 * 60


@transaction.atomic
def make_ready(*, release: Release, by: Any, at: datetime, version: int | None = None) -> Release:
    """
    Say that it is ready to go live. Whom the approval policies name is asked for go or no-go at once.

    :raises NotAllowed: :raises Stale: :raises TransitionRefused: a criterion is open, or a plan is missing.
    :raises UnableToStart: a policy asks somebody, but nobody of them can decide.
    """
    ready: Release = transitions.apply(record=release, name="make_ready", by=by, at=at, version=version)
    ensure_policies(at=at)
    if selection.choose(purposes.of(GO), ready).policy is not None:
        approvals.start(subject=ready, purpose=GO, by=by, at=at)
        return Release.objects.get(pk=ready.pk)
    return ready


@transaction.atomic
def stop(*, release: Release, by: Any, at: datetime, reason: str, version: int | None = None) -> Release:
    """No-go: back to the tests, with the reason. :raises NotAllowed: :raises Stale: :raises TransitionRefused:"""
    stopped: Release = transitions.apply(record=release, name="stop", by=by, at=at, reason=reason, version=version)
    return end_decision(stopped, by=by, at=at, reason=reason)


@transaction.atomic
def ask_go(*, release: Release, by: Any, at: datetime) -> Release:
    """
    Ask for go or no-go again, after the votes lapsed or a policy came.

    :raises NotAllowed: :raises Refused: it is not ready, or it is decided or being decided.
    :raises UnableToStart: nobody can decide by the policies in force.
    """
    locked = locked_for(release, by=by, operation="release.make_ready")
    if locked.state != State.READY:
        raise Refused.because("not_ready", _("%(reference)s is not ready yet.") % {"reference": locked.reference})
    approvals.start(subject=locked, purpose=GO, by=by, at=at)
    return Release.objects.get(pk=locked.pk)


def end_decision(release: Release, *, by: Any, at: datetime, reason: str) -> Release:
    """End the decision that is asked for or stands, if there is one."""
    for approval in (approval_queries.open_one(release, GO), approval_queries.standing(release, GO)):
        if approval is not None:
            approvals.lapse(approval=approval, by=by, at=at, reason=reason)
    return Release.objects.get(pk=release.pk)


def rejected(*, subject: Any, approval: Any, by: Any, at: datetime) -> None:
    """After a vote for no-go that can't be turned any more: back to the tests, with the words of the last vote."""
    release = subject.specific
    if release.state == State.READY:
        words = approval.end_reason or _("The approvers said no-go.")
        transitions.apply(record=release, name="stop", by=None, at=at, reason=words, data={"approval": approval.pk})


def ensure_policies(*, at: datetime) -> None:
    """Bring the policy for major releases along, unless somebody has written any for releases."""
    if ApprovalPolicy.objects.filter(purpose=GO).exists():
        return
    step = StepSpec(
        "Go or no-go", (asks("role", role=Role.CHANGE_MANAGER), asks("service_owner")), quorum="any",
        deadline_minutes=2 * DAY_MINUTES, remind_minutes=DAY_MINUTES // 2,
    )  # fmt: skip
    terms = Terms(conditions=(ConditionTerms("type", (Type.MAJOR.value,)),), steps=(step,))
    approvals.create_policy(by=None, at=at, name="Major releases", purpose=GO, terms=terms)
