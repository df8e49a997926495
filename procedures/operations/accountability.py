"""Saying who is accountable for a step of a process, and by which rule drafts come into force."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refusal, Refused, Stale
from common.texts import one_line
from people.access import access_of, require
from people.enums import Role
from records.practices import PROCESSES
from records.processes import step_label

from .. import carriers
from ..enums import Part, Way
from ..models import ActivationRule, Duty, DutyPart


@transaction.atomic
def set_duty(
    *,
    duty: Duty,
    by: Any,
    at: datetime,
    accountable: str,
    person: Any = None,
    parts: Mapping[str, str] | None = None,
    version: int | None = None,
) -> Duty:
    """
    Say which one role is accountable for a step, who of its holders, and which other roles have a part.

    :param parts: role -> responsible, consulted or informed. :param version: the one that the person edited.
    :raises NotAllowed: :raises Stale: :raises Refused: an unknown role or part, or a person without the role.
    """
    require(by, "duty.set")
    locked = Duty.objects.select_for_update().get(pk=duty.pk)
    if version is not None and version != locked.version:
        raise Stale.because("stale", _("Somebody else changed this meanwhile. Compare, then save again."))
    parts = dict(parts or {})
    _refuse_unfit(accountable, person, parts)
    before = {**_parts(locked), "accountable": locked.accountable, "person_id": locked.person_id}
    locked.accountable, locked.person = accountable, person
    locked.version += 1
    locked.save()
    locked.parts.all().delete()
    DutyPart.objects.bulk_create(DutyPart(duty=locked, part=part, role=role) for role, part in sorted(parts.items()))
    after = {**_parts(locked), "accountable": accountable, "person_id": locked.person_id}
    changes = {name: (before.get(name), after.get(name)) for name in sorted(before.keys() | after.keys())}
    log.record(
        "duty.set",
        subject_kind="duty",
        subject_id=locked.pk,
        subject_label=f"{PROCESSES[locked.process]}: {step_label(locked.process, locked.step)}",
        by=by,
        at=at,
        changes={name: pair for name, pair in changes.items() if pair[0] != pair[1]},
    )
    return locked


def _parts(duty: Duty) -> dict[str, Any]:
    return {each.role: each.part for each in DutyPart.objects.filter(duty=duty)}


def _refuse_unfit(accountable: str, person: Any, parts: Mapping[str, str]) -> None:
    refusals = []
    if accountable not in Role.values or accountable == Role.REQUESTER:
        refusals.append(Refusal("accountable", _("Choose the one role that answers for this step."), "accountable"))
    elif person is not None and Role(accountable) not in access_of(person).reach:
        refusals.append(
            Refusal(
                "person",
                _("%(person)s does not have the role “%(role)s”. Give it first, or choose somebody who has it.")
                % {"person": person, "role": Role(accountable).label},
                "person",
            )
        )
    if not set(parts) <= set(Role.values) or not set(parts.values()) <= set(Part.values):
        refusals.append(Refusal("parts", _("Choose roles and parts of the list."), None))
    elif Part.RESPONSIBLE not in parts.values():
        refusals.append(Refusal("parts", _("Nobody would do the work. Make a role responsible.")))
    if refusals:
        raise Refused.all_of(refusals)


@transaction.atomic
def set_rule(
    *,
    rule: ActivationRule | None,
    by: Any,
    at: datetime,
    name: str,
    position: int,
    processes: Iterable[str],
    with_mandatory_steps: bool,
    way: str,
    raises: str = "",
    version: int | None = None,
) -> ActivationRule:
    """
    Make a rule by which drafts come into force, or change one. What was handed in keeps its way.

    :param raises: which change; needed where a change alone decides, and may follow votes.
    :raises NotAllowed: :raises Stale: :raises Refused: no name or a taken one, unknown processes, ways or changes.
    """
    require(by, "procedure.set_rules")
    locked = ActivationRule.objects.select_for_update().get(pk=rule.pk) if rule else ActivationRule(version=0)
    if rule and version is not None and version != locked.version:
        raise Stale.because("stale", _("Somebody else changed this meanwhile. Compare, then save again."))
    name, processes = one_line(name), list(processes)
    refusals = []
    if not 1 <= len(name) <= 120:
        refusals.append(Refusal("name", _("Name it in 1 to 120 characters."), "name"))
    elif ActivationRule.objects.filter(name=name).exclude(pk=locked.pk).exists():
        refusals.append(Refusal("name_taken", _("There is a rule of this name. Choose another one."), "name"))
    if not set(processes) <= set(PROCESSES):
        refusals.append(Refusal("processes", _("Choose processes of the list."), "processes"))
    if way not in Way.values:
        refusals.append(Refusal("way", _("Choose what has to happen."), "way"))
    elif way == Way.CHANGE and not raises:
        refusals.append(Refusal("raises", _("Choose which change is raised."), "raises"))
    elif raises and way not in (Way.CHANGE, Way.APPROVAL):
        refusals.append(
            Refusal("raises", _("A change goes with votes, or decides alone. Choose one of these, or none."), "raises")
        )
    if raises and raises not in carriers.choices() and raises != locked.raises:
        refusals.append(Refusal("raises", _("There is no such change to raise. Choose one of the list."), "raises"))
    if not 0 <= position <= 10_000:
        refusals.append(Refusal("position", _("The order is a number from 0 to 10,000."), "position"))
    if refusals:
        raise Refused.all_of(refusals)
    before = _values(locked)
    locked.name, locked.position, locked.processes = name, position, processes
    locked.with_mandatory_steps, locked.way, locked.raises = with_mandatory_steps, way, raises
    locked.version += 1
    locked.save()
    _log_rule("set", locked, before=before, by=by, at=at)
    return locked


@transaction.atomic
def remove_rule(*, rule: ActivationRule, by: Any, at: datetime) -> None:
    """Take a rule away; without any a second person is needed. :raises NotAllowed:"""
    require(by, "procedure.set_rules")
    locked = ActivationRule.objects.select_for_update().get(pk=rule.pk)
    _log_rule("removed", locked, before={}, by=by, at=at)
    locked.delete()


def _values(rule: ActivationRule) -> dict[str, Any]:
    return {
        name: getattr(rule, name) for name in ("name", "position", "processes", "with_mandatory_steps", "way", "raises")
    }


def _log_rule(act: str, rule: ActivationRule, *, before: Mapping[str, Any], by: Any, at: datetime) -> None:
    changes = {name: (before.get(name), value) for name, value in _values(rule).items() if before.get(name) != value}
    log.record(
        f"activation_rule.{act}",
        subject_kind="activation_rule",
        subject_id=rule.pk,
        subject_label=rule.name,
        by=by,
        at=at,
        changes=changes,
    )
