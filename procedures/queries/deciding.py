"""What decides about a version of a procedure, and how far that is, for its page."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from approvals import presenting, purposes, selection
from approvals.models import ApprovalPolicy
from approvals.presenting import Brief
from records.models import Record

from .. import carriers, operations
from ..enums import Way
from ..models import ProcedureVersion


@dataclass(frozen=True)
class Decision:
    """
    :param way: of a draft what the rules would ask for, of others what they asked for; None where nobody asked.
    :param rule: its name, of a draft. :param policy: that would be asked, of a draft that votes decide about; None
        where none fits (`is_nobody`), or where the shipped one is made with the first draft that is handed in.
    :param raises: label of the change that decides or follows; empty for none.
    :param carrier: that change once it is raised, for those who may see it.
    :param is_own: whether the viewer had a hand in it. :param can_return: whether they may make it a draft again.
    """

    way: Way | None
    approvals: list[Brief]
    carrier: Record | None
    is_own: bool
    can_return: bool
    rule: str = ""
    policy: Any = None
    steps: list[tuple[Any, str]] = field(default_factory=list)
    is_nobody: bool = False
    raises: Any = ""


def decision_of(version: ProcedureVersion, viewer: Any, *, at: datetime) -> Decision:
    """Six statements, a few more for a draft, and those of its approvals."""
    way, rule = operations.way_for(version) if version.is_draft else (Way(version.way) if version.way else None, None)
    policy = None
    if version.is_draft and way == Way.APPROVAL:
        policy = selection.choose(purposes.of(operations.PURPOSE), version).policy
    raises = rule.raises if rule else version.raises
    carrier = Record.objects.visible_to(viewer).filter(pk=version.carrier_id) if version.carrier_id else None
    return Decision(
        way=way,
        rule=rule.name if rule else "",
        policy=policy,
        is_nobody=policy is None and ApprovalPolicy.objects.filter(purpose=operations.PURPOSE).exists(),
        steps=[(each, presenting.rule_sentence(each, None)) for each in policy.steps.all()] if policy else [],
        raises=carriers.choices().get(raises, raises) if raises else "",
        approvals=presenting.briefly(version, viewer, at=at),
        carrier=carrier.first() if carrier is not None else None,
        is_own=viewer.pk in operations.hands_of(version),
        can_return=version.is_proposed
        and not version.is_carried
        and (way != Way.APPROVAL or operations.may_take_back(version, viewer)),
    )
