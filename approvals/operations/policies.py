"""The acts on approval policies. Each change makes a version; approvals that run keep the one they started under."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refusal, Refused, Stale
from common.slugs import free_slug
from people.access import require
from records.operations.editing import check_fields

from .. import purposes, selection, subjects
from ..enums import OF_THE_RECORD, ApproverKind, Comparison, Expiry, Quorum
from ..models import ApprovalPolicy, ApprovalPolicyVersion, PolicyCondition, PolicyStep, StepApprover
from ..terms import ApproverTerms, StepSpec, Terms

STEPS_AT_MOST = 10
LONGEST_DEADLINE_MINUTES = 525_600
NAMED_BY = {
    ApproverKind.PERSON: "person", ApproverKind.ROLE: "role", ApproverKind.TEAM: "team", ApproverKind.BOARD: "board",
}  # fmt: skip


@transaction.atomic
def create_policy(
    *,
    by: Any,
    at: datetime,
    name: str,
    purpose: str,
    terms: Terms,
    position: int = 100,
    is_sample: bool = False,
) -> ApprovalPolicy:
    """
    Make a policy, in force at once for what is asked from now on.

    :param by: None for those that Steward brings along.
    :raises NotAllowed: :raises Refused: a name that is taken, an unknown purpose, terms that don't fit.
    """
    if by is not None:
        require(by, "approval_policy.edit")
    policy = ApprovalPolicy(name=" ".join(name.split()), purpose=purpose, position=position, is_sample=is_sample)
    _refuse_unfit(policy, terms)
    policy.slug = free_slug(ApprovalPolicy.objects, policy.name, otherwise="policy")
    policy.save(force_insert=True)
    _write(policy, terms)
    _keep_version(policy, terms, by=by, at=at)
    _log("created", policy, by=by, at=at, after=terms)
    return policy


@transaction.atomic
def revise_policy(
    *,
    policy: ApprovalPolicy,
    by: Any,
    at: datetime,
    name: str,
    terms: Terms,
    position: int = 100,
    version: int | None = None,
) -> ApprovalPolicy:
    """
    Change what a policy says, as a new version.

    :param version: the one that the person edited; None where nobody looked.
    :raises NotAllowed: :raises Stale: :raises Refused: terms that don't fit, or nothing differs.
    """
    locked = _lock(policy, by=by)
    if version is not None and version != locked.version:
        raise Stale.because("stale", _("The policy was changed by somebody else. Compare, then save again."))
    before = Terms.of(locked)
    wanted = " ".join(name.split())
    if (before, locked.name, locked.position) == (terms, wanted, position):
        raise Refused.because("unchanged", _("The policy says this already. Change something, then save."))
    locked.name, locked.position = wanted, position
    _refuse_unfit(locked, terms)
    locked.version += 1
    locked.save(update_fields=["name", "position", "version"])
    locked.steps.all().delete()
    locked.conditions.all().delete()
    _write(locked, terms)
    _keep_version(locked, terms, by=by, at=at)
    _log("edited", locked, by=by, at=at, before=before, after=terms)
    return locked


def retire_policy(*, policy: ApprovalPolicy, by: Any, at: datetime) -> ApprovalPolicy:
    """Have nothing new decided by the policy; what runs goes on. :raises Refused: it is retired already."""
    return _set_active(policy, False, by=by, at=at)


def reinstate_policy(*, policy: ApprovalPolicy, by: Any, at: datetime) -> ApprovalPolicy:
    """Use a retired policy again. :raises Refused: it is in use."""
    return _set_active(policy, True, by=by, at=at)


@transaction.atomic
def _set_active(policy: ApprovalPolicy, is_active: bool, *, by: Any, at: datetime) -> ApprovalPolicy:
    locked = _lock(policy, by=by)
    if locked.is_active == is_active:
        said = _("The policy is in use already.") if is_active else _("The policy is retired already.")
        raise Refused.because("unchanged", said)
    locked.is_active = is_active
    locked.save(update_fields=["is_active"])
    _log("reinstated" if is_active else "retired", locked, by=by, at=at)
    return locked


def _lock(policy: ApprovalPolicy, *, by: Any) -> ApprovalPolicy:
    locked = ApprovalPolicy.objects.select_for_update().get(pk=policy.pk)
    if by is not None:
        require(by, "approval_policy.edit")
    return locked


def _refuse_unfit(policy: ApprovalPolicy, terms: Terms) -> None:
    check_fields(policy, ["name", "position"])
    refusals = []
    if ApprovalPolicy.objects.filter(name=policy.name).exclude(pk=policy.pk).exists():
        refusals.append(Refusal("name_taken", _("There is a policy of this name. Choose another one."), "name"))
    purpose = purposes.find(policy.purpose)
    if purpose is None:
        refusals.append(
            Refusal("purpose", _("Nothing of this name is decided here. Choose one of the list."), "purpose")
        )
    else:
        refusals += _unfit_conditions(purpose, terms)
    if not 1 <= len(terms.steps) <= STEPS_AT_MOST:
        refusals.append(Refusal("steps", _("A policy has 1 to %(limit)d steps.") % {"limit": STEPS_AT_MOST}, "steps"))
    is_about_record = purpose is None or not subjects.is_declared(purpose.kind)
    for number, step in enumerate(terms.steps, start=1):
        refusals += [
            Refusal(
                "step", _("Step %(number)d: %(problem)s") % {"number": number, "problem": said}, f"steps.{number - 1}"
            )
            for said in [*_unfit_step(step), *([] if is_about_record else _unfit_elsewhere(step))]
        ]
    if refusals:
        raise Refused.all_of(refusals)


def _unfit_conditions(purpose: purposes.Purpose, terms: Terms) -> list[Refusal]:
    known = {each.name: each for each in selection.conditions_of(purpose)}
    found = []
    for number, each in enumerate(terms.conditions):
        field = f"conditions.{number}"
        if each.fact not in known:
            said = _("There is no value “%(name)s” to compare here.") % {"name": each.fact}
        elif not each.values or any(not value or len(value) > 100 for value in each.values):
            said = _("A condition compares with at least one value of at most 100 characters. Add it.")
        elif each.comparison not in Comparison.values:
            said = _("Choose how to compare.")
        elif each.comparison in (Comparison.AT_LEAST, Comparison.AT_MOST) and (
            len(each.values) != 1 or selection.number_of(each.values[0]) is None
        ):
            said = _("“At least” and “at most” compare with one number. Write it.")
        else:
            continue
        found.append(Refusal("condition", said, field))
    return found


def _unfit_elsewhere(step: StepSpec) -> list[str]:
    """What does not fit where no record is decided about."""
    if any(each.kind in OF_THE_RECORD for each in step.approvers):
        return [_("team, service and customer are those of a record, and this is about none. Choose somebody else.")]
    return []


def _unfit_step(step: StepSpec) -> list[str]:
    said = []
    if not step.name.strip() or len(step.name) > 120:
        said.append(_("a name of at most 120 characters is missing."))
    if step.quorum not in Quorum.values:
        said.append(_("choose how many must approve."))
    if step.quorum == Quorum.COUNT and not 1 <= step.needed <= 100:
        said.append(_("write how many must approve, 1 to 100."))
    if step.quorum == Quorum.PERCENT and not 1 <= step.needed <= 100:
        said.append(_("write which share must approve, 1 to 100 percent."))
    if not 0 <= step.least_votes <= 100:
        said.append(_("the least votes are 0 to 100."))
    if not step.approvers:
        said.append(_("nobody is asked. Add somebody."))
    if any(_is_unfit(each) for each in step.approvers):
        said.append(_("an approver is incomplete. Choose which person, role, team or board."))
    if step.on_expiry not in Expiry.values:
        said.append(_("choose what happens after the deadline."))
    deadline = step.deadline_minutes
    if deadline is not None and not 1 <= deadline <= LONGEST_DEADLINE_MINUTES:
        said.append(_("a deadline is between one minute and a year."))
    if step.remind_minutes is not None and (deadline is None or not 1 <= step.remind_minutes < deadline):
        said.append(_("the reminder comes before the deadline, so it needs one that is longer."))
    if step.on_expiry == Expiry.ESCALATE and step.escalate_to is None:
        said.append(_("name who decides after the deadline."))
    if step.on_expiry != Expiry.REMIND and deadline is None:
        said.append(_("what happens after the deadline needs a deadline."))
    return said


def _is_unfit(approver: ApproverTerms) -> bool:
    if approver.kind not in ApproverKind.values:
        return True
    named_by = NAMED_BY.get(ApproverKind(approver.kind))
    return named_by is not None and not getattr(approver, named_by)


def _write(policy: ApprovalPolicy, terms: Terms) -> None:
    PolicyCondition.objects.bulk_create(
        PolicyCondition(policy=policy, fact=each.fact, comparison=each.comparison, values=list(each.values))
        for each in terms.conditions
    )
    for position, spec in enumerate(terms.steps, start=1):
        step = PolicyStep.objects.create(policy=policy, position=position, **spec.columns())
        StepApprover.objects.bulk_create(
            StepApprover(
                step=step,
                kind=each.kind,
                person_id=each.person,
                role=each.role,
                team_id=each.team,
                board_id=each.board,
                is_mandatory=each.is_mandatory,
            )
            for each in spec.approvers
        )


def _keep_version(policy: ApprovalPolicy, terms: Terms, *, by: Any, at: datetime) -> None:
    ApprovalPolicyVersion.objects.create(
        policy=policy, number=policy.version, document=terms.as_document(), created_at=at, created_by=by
    )


def _log(
    act: str,
    policy: ApprovalPolicy,
    *,
    by: Any,
    at: datetime,
    before: Terms | None = None,
    after: Terms | None = None,
) -> None:
    changes = {}
    if after is not None:
        changes["terms"] = (before.as_document() if before else None, after.as_document())
    log.record(
        f"approval_policy.{act}",
        subject_kind="approval_policy",
        subject_id=policy.pk,
        subject_label=policy.name,
        by=by,
        at=at,
        changes=changes,
    )
