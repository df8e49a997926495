"""
What a practice can be attached to: a step of the spine, a procedure in force, or one step of a procedure.

Steps of the spine and the procedures that every installation starts with share their ids. `change-authorization` names
the whole of it, `change-authorization:record-the-decision` one step of the procedure in force.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import Resolver404, resolve

from people import matrix
from people.access import access_of
from procedures.enums import VersionState
from procedures.models import ProcedureStep, ProcedureVersion
from procedures.queries.acting import who_answers

from .spine import STEPS, Step


@dataclass(frozen=True)
class InForce:
    """
    A procedure as it is in force.

    :param owner: a name, or nothing. :param answers: who answers for its step, a person or a role; nothing where nobody
        has that role. :param url: empty where one may not open it.
    """

    slug: str
    name: str
    process: str
    purpose: str
    number: int
    owner: str
    answers: str = ""
    url: str = ""


def step_of(target: str) -> str:
    """The step, or procedure, that a target belongs to."""
    return target.partition(":")[0]


def unknown(names: Iterable[str], known: Iterable[str]) -> set[str]:
    """Those of the names that are no step of the spine and not among the known keys of procedures."""
    return {name for name in names if name not in STEPS} - set(known)


def keys_in_force() -> set[str]:
    """`procedure` and `procedure:step` of everything in force. Two statements."""
    versions = ProcedureVersion.objects.filter(state=VersionState.IN_FORCE)
    steps = ProcedureStep.objects.filter(version__state=VersionState.IN_FORCE)
    found = set(versions.values_list("procedure__slug", flat=True))
    return found | {f"{p}:{s}" for p, s in steps.values_list("version__procedure__slug", "slug").order_by()}


def procedures_for(viewer: Any) -> dict[str, InForce]:
    """Procedures in force, by short name; three statements. Empty for whom procedures are not shown."""
    if not _may_see(viewer):
        return {}
    rows = ProcedureVersion.objects.filter(state=VersionState.IN_FORCE).order_by().values_list(
        "procedure__slug", "procedure__name", "procedure__process", "purpose", "number", "procedure__owner__name",
        "procedure__step",
    )  # fmt: skip
    has_pages, answering = _is_page("/procedures/x/"), who_answers()
    return {
        row[0]: InForce(
            *row[:5],
            owner=row[5] or "",
            answers=answering.get((row[2], row[6]), ""),
            url=f"/procedures/{row[0]}/" if has_pages else "",
        )
        for row in rows
    }


def names_of(targets: Iterable[str]) -> dict[str, str]:
    """What single steps of procedures are called, by their key; one statement, none where there are none."""
    wanted = {target for target in targets if ":" in target}
    if not wanted:
        return {}
    rows = ProcedureStep.objects.filter(
        version__state=VersionState.IN_FORCE, version__procedure__slug__in={step_of(each) for each in wanted}
    ).values_list("version__procedure__slug", "slug", "name")
    found = {f"{procedure}:{slug}": name for procedure, slug, name in rows}
    return {key: found[key] for key in wanted if key in found}


def as_step(procedure: InForce) -> Step:
    """A procedure of one's own beside the steps of the spine."""
    return Step(procedure.slug, procedure.process, procedure.name, procedure.purpose, "")


def with_own(procedures: Mapping[str, InForce], targets: Iterable[str]) -> dict[str, Step]:
    """The spine, and after it the procedures that it does not know and that somebody attaches to or owns."""
    asked = {step_of(each) for each in targets}
    own = {
        slug: as_step(each)
        for slug, each in sorted(procedures.items())
        if slug not in STEPS and (slug in asked or each.owner)
    }  # fmt: skip
    return {**STEPS, **own}


def _may_see(viewer: Any) -> bool:
    known = {rule.operation for rule in matrix.rules()}
    return "procedure.view" not in known or access_of(viewer).allows("procedure.view")


def _is_page(url: str) -> bool:
    try:
        resolve(url)
    except Resolver404:
        return False
    return True
