"""Who sits on the seats of a step: looked up once, when the approval starts, and again when somebody has left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from common.speech import plainly
from people.enums import Role
from people.models import Membership, RoleGrant, User

from . import deputizing
from .enums import ApproverKind, Handover
from .models import BoardMember
from .terms import ApproverTerms


@dataclass
class Place:
    """A seat before it is saved."""

    holder: User
    why: str
    is_mandatory: bool = False
    acting: User | None = None
    handover: str = ""


def look_up(approvers: Iterable[ApproverTerms], subject: Any) -> tuple[list[Place], list[str]]:
    """
    The people asked by these terms for this subject, each once, with what nobody could be found for.

    Who is asked in two ways has one seat, a mandatory one if either is.
    """
    places: dict[int, Place] = {}
    missing: list[str] = []
    for terms in approvers:
        # Kept beside the seat for every later reader.
        with plainly():
            found = list(_people(terms, subject))
        if not found:
            missing.append(_nobody(terms))
        for person, why, is_mandatory in found:
            known = places.setdefault(person.pk, Place(holder=person, why=why))
            known.is_mandatory = known.is_mandatory or is_mandatory or terms.is_mandatory
    return list(places.values()), missing


def _people(terms: ApproverTerms, subject: Any) -> Iterable[tuple[User, str, bool]]:
    if terms.kind == ApproverKind.PERSON:
        person = User.objects.filter(pk=terms.person).first()
        return [(person, _("named in the policy"), False)] if person else []
    if terms.kind == ApproverKind.ROLE:
        reach = Q(organization=None) | Q(organization_id=subject.organization_id)
        holders = RoleGrant.objects.filter(reach, role=terms.role).values("user_id")
        why = _("has the role %(role)s") % {"role": Role(terms.role).label}
        return [(person, why, False) for person in User.objects.active().filter(pk__in=holders)]
    if terms.kind == ApproverKind.TEAM:
        members = User.objects.active().filter(memberships__team_id=terms.team)
        return [(person, _("is in the team"), False) for person in members]
    if terms.kind == ApproverKind.TEAM_LEAD:
        lead = subject.team.lead if subject.team else None
        return [(lead, _("leads the team %(team)s") % {"team": subject.team}, False)] if lead else []
    if terms.kind == ApproverKind.SERVICE_OWNER:
        owner = subject.service.owner if subject.service else None
        return [(owner, _("owns the service %(service)s") % {"service": subject.service}, False)] if owner else []
    if terms.kind == ApproverKind.BOARD:
        seated = BoardMember.objects.filter(board=terms.board).select_related("user", "board").order_by("id")
        return [
            (each.user, _chair(each) if each.is_chair else _seat(each), each.is_chair or each.is_mandatory)
            for each in seated
        ]
    managers = RoleGrant.objects.filter(role=Role.ORGANIZATION_MANAGER, organization_id=subject.organization_id)
    why = _("manages %(organization)s") % {"organization": subject.organization}
    return [(person, why, False) for person in User.objects.active().filter(pk__in=managers.values("user_id"))]


def _chair(member: BoardMember) -> str:
    return _("chairs %(board)s") % {"board": member.board}


def _seat(member: BoardMember) -> str:
    return _("is a member of %(board)s") % {"board": member.board}


def _nobody(terms: ApproverTerms) -> str:
    return {
        ApproverKind.TEAM_LEAD: _("The record has no team with a lead. Give it one, or change the policy."),
        ApproverKind.SERVICE_OWNER: _("The service of the record has no owner. Name one, or change the policy."),
        ApproverKind.ROLE: _("Nobody has the role %(role)s. Give it to somebody, or change the policy.")
        % {"role": Role(terms.role).label if terms.role else ""},
        ApproverKind.TEAM: _("The team has no members. Add some, or change the policy."),
        ApproverKind.BOARD: _("The board has no members. Add some, or change the policy."),
        ApproverKind.CUSTOMER: _("The requester's organization has no manager. Name one, or change the policy."),
    }.get(ApproverKind(terms.kind), _("The person named in the policy is gone. Change the policy."))


def substitute(
    person: User, *, at: datetime, barred: Mapping[int, Any] | set[int]
) -> tuple[User, Handover] | tuple[None, None]:
    """
    Who takes the seat of somebody who has left or may not decide: their deputy, else the lead of a team of theirs.

    :param barred: people who may not have it: excluded ones, and those who sit in the step already.
    """
    deputy = deputizing.deputy_of(person, at=at)
    if deputy is not None and deputy.pk not in barred:
        return deputy, Handover.DEPUTY
    teams = Membership.objects.filter(user=person, team__is_active=True, team__lead__is_active=True)
    for membership in teams.select_related("team__lead").order_by("team__name"):
        lead = membership.team.lead
        if lead is not None and lead.pk not in barred and lead.pk != person.pk:
            return lead, Handover.LEAD
    return None, None
