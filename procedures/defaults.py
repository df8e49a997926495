"""What every installation starts with: places of states, accountabilities, rules of activation, the base set."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as _

from approvals import operations as approvals
from approvals.models import ApprovalPolicy
from approvals.terms import StepSpec, Terms, asks
from people.enums import Role
from records import practices
from records.processes import STEPS

from .carriers import NORMAL
from .enums import Part, VersionState, Way
from .models import ActivationRule, Duty, DutyPart, Place, Procedure, ProcedureStep, ProcedureVersion
from .permissions import DECIDERS

BASE = Path(__file__).parent / "base"
FIRST_RULES = (
    (_("Steps that must be done"), 10, True, Way.CHANGE, NORMAL),
    (_("Everything else"), 100, False, Way.APPROVAL, ""),
)
DAY_MINUTES = 24 * 60
# Process -> who answers for its steps, and who works at them; single steps that differ stand below.
FIRST_DUTIES: Mapping[str, tuple[Role, tuple[Role, ...]]] = {
    "agree": (Role.SERVICE_MANAGER, (Role.SERVICE_MANAGER,)),
    "change": (Role.CHANGE_MANAGER, (Role.TECHNICIAN, Role.TEAM_LEAD)),
    "recover": (Role.TEAM_LEAD, (Role.TECHNICIAN,)),
    "operate": (Role.TEAM_LEAD, (Role.TECHNICIAN,)),
    "improve": (Role.SERVICE_MANAGER, (Role.TEAM_LEAD, Role.TECHNICIAN)),
}
OTHER_DUTIES: Mapping[tuple[str, str], tuple[Role, tuple[Role, ...]]] = {
    ("change", "authorize"): (Role.CHANGE_MANAGER, (Role.CHANGE_MANAGER, Role.SERVICE_MANAGER)),
    ("change", "build"): (Role.TEAM_LEAD, (Role.TECHNICIAN,)),
    ("change", "test"): (Role.TEAM_LEAD, (Role.TECHNICIAN,)),
    ("improve", "analyze"): (Role.TEAM_LEAD, (Role.TECHNICIAN,)),
}
ALSO: Mapping[tuple[str, str], tuple[Part, Role]] = {
    ("agree", "confirm"): (Part.CONSULTED, Role.ORGANIZATION_MANAGER),
    ("agree", "evaluate"): (Part.CONSULTED, Role.ORGANIZATION_MANAGER),
    ("change", "assess"): (Part.CONSULTED, Role.SERVICE_MANAGER),
    ("change", "evaluate"): (Part.CONSULTED, Role.REQUESTER),
    ("recover", "restore"): (Part.INFORMED, Role.SERVICE_MANAGER),
    ("recover", "verify"): (Part.CONSULTED, Role.REQUESTER),
    ("operate", "report"): (Part.INFORMED, Role.REQUESTER),
    ("improve", "check"): (Part.INFORMED, Role.TEAM_LEAD),
}


def ensure_all(*, at: datetime, is_migrating: bool) -> None:
    """
    Make what is missing; what people have changed stays.

    :param is_migrating: also the base set, which takes a moment: not after a mere emptying of tables.
    """
    with transaction.atomic():
        ensure_places()
        ensure_duties()
        ensure_rules()
        if is_migrating:
            ensure_base_set(at=at)


def ensure_places() -> None:
    """Tell the database at which step each state is, as the practices declare it now."""
    wanted = {
        (practice.kind, str(state), practice.process, step)
        for practice in practices.all_practices()
        for state, step in practice.steps.items()
    }
    known = set(Place.objects.values_list("kind", "state", "process", "step"))
    if wanted == known:
        return
    for kind, state, _process, _step in known - wanted:
        Place.objects.filter(kind=kind, state=state).delete()
    Place.objects.bulk_create(
        Place(kind=kind, state=state, process=process, step=step) for kind, state, process, step in wanted - known
    )


def ensure_duties() -> None:
    """Give every step of every process an accountable role."""
    known = set(Duty.objects.values_list("process", "step"))
    missing = [(process, step) for process, steps in STEPS.items() for step in steps if (process, step) not in known]
    if not missing:
        return
    duties = Duty.objects.bulk_create(
        Duty(
            process=process, step=step, accountable=OTHER_DUTIES.get((process, step), FIRST_DUTIES[process])[0]
        )
        for process, step in missing
    )  # fmt: skip
    DutyPart.objects.bulk_create(part for duty in duties for part in _parts_of(duty))


def _parts_of(duty: Duty) -> Iterator[DutyPart]:
    key = (duty.process, duty.step)
    responsible = OTHER_DUTIES.get(key, FIRST_DUTIES[duty.process])[1]
    for role in responsible:
        yield DutyPart(duty=duty, part=Part.RESPONSIBLE, role=role)
    if key in ALSO and ALSO[key][1] not in responsible:
        yield DutyPart(duty=duty, part=ALSO[key][0], role=ALSO[key][1])


def ensure_rules() -> None:
    """Make the first rules of activation, unless there are any."""
    if not ActivationRule.objects.exists():
        ActivationRule.objects.bulk_create(
            ActivationRule(name=name, position=position, with_mandatory_steps=mandatory, way=way, raises=raises)
            for name, position, mandatory, way, raises in FIRST_RULES
        )


def ensure_policies(*, at: datetime) -> None:
    """Bring the policy for procedures along, unless somebody has written any: one of those who may activate decides."""
    if ApprovalPolicy.objects.filter(purpose="procedure.activate").exists():
        return
    asked = tuple(asks("role", role=role) for role in DECIDERS)
    step = StepSpec("Second look", asked, quorum="any", deadline_minutes=5 * DAY_MINUTES, remind_minutes=DAY_MINUTES)
    approvals.create_policy(by=None, at=at, name="Procedures", purpose="procedure.activate", terms=Terms(steps=(step,)))


_BROUGHT: list[tuple[str, Path]] = []


def bring(process: str, path: Path) -> None:
    """Let a practice bring procedures of its own, written as those of the base set; called from its app's `ready`."""
    if (process, path) not in _BROUGHT:
        _BROUGHT.append((process, path))


def read_base_set() -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """Process, position and text of each procedure of the base set and of those that practices bring, in order."""
    # Late: only migrations need it.
    import yaml

    positions = dict.fromkeys(STEPS, 0)
    for process, path in [*((each, BASE / f"{each}.yaml") for each in STEPS), *_BROUGHT]:
        for each in yaml.safe_load(path.read_text(encoding="utf-8")):
            positions[process] += 10
            yield process, positions[process], each


def ensure_base_set(*, at: datetime) -> None:
    """
    Make the procedures of the base set that were never there, in force at once: none has a step that must be done.

    Those that somebody has edited or retired stay as they are.
    """
    known = set(Procedure.objects.values_list("slug", flat=True))
    missing = [found for found in read_base_set() if found[2]["slug"] not in known]
    if not missing:
        return
    procedures = Procedure.objects.bulk_create(
        Procedure(slug=each["slug"], name=each["name"], process=process, step=each["step"], position=position)
        for process, position, each in missing
    )
    versions = ProcedureVersion.objects.bulk_create(
        ProcedureVersion(
            procedure=procedure,
            number=1,
            state=VersionState.IN_FORCE,
            purpose=each["purpose"],
            kinds=each.get("kinds", []),
            priorities=each.get("priorities", []),
            written_at=at,
            in_force_from=at,
        )
        for procedure, (_process, _position, each) in zip(procedures, missing, strict=True)
    )
    ProcedureStep.objects.bulk_create(
        ProcedureStep(
            version=version,
            slug=step["slug"],
            position=position,
            name=step["what"],
            role=step["who"],
            guidance=step.get("how", ""),
        )
        for version, (_process, _position, each) in zip(versions, missing, strict=True)
        for position, step in enumerate(each["steps"], start=1)
    )
