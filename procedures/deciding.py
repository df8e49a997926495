"""What the approval engine is told of versions of procedures: who may not decide, what decides, what is shown."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals import subjects
from approvals.purposes import Condition, Fact, Purpose
from notifications import subjects as notices
from people.access import access_of
from records.practices import PROCESSES
from records.processes import STEPS, step_label

from . import comparing
from .enums import VersionState
from .models import Procedure, ProcedureVersion
from .operations import activating, drafting
from .terms import Terms

KIND = "procedure_version"
ALIKE = {"yes": gettext_lazy("yes"), "no": gettext_lazy("no")}


def visible_to(user: Any) -> Any:
    """Versions that the person may see: all, or none."""
    return rows() if access_of(user).allows("procedure.view") else rows().none()


def procedures_visible_to(user: Any) -> Any:
    """Procedures that the person may see: all, or none."""
    return Procedure.objects.all() if access_of(user).allows("procedure.view") else Procedure.objects.none()


def rows() -> Any:
    return ProcedureVersion.objects.select_related("procedure__owner", "written_by", "proposed_by")


def hold(key: int, *, skip_locked: bool = False) -> ProcedureVersion | None:
    """The version as it is now, its procedure held first, as every act on it does."""
    found = ProcedureVersion.objects.filter(pk=key).first()
    if found is None:
        return None
    if skip_locked and not Procedure.objects.select_for_update(skip_locked=True).filter(pk=found.procedure_id).exists():
        return None
    return drafting.lock_version(found)


def fingerprint(version: ProcedureVersion) -> str:
    """All that it says and for which procedure, and why; neither its state nor who owns the procedure."""
    said = {"procedure": version.procedure_id, "number": version.number, "what_changed": version.what_changed}
    return json.dumps(said | Terms.of(version).as_document(), sort_keys=True, ensure_ascii=False)


def excluded(version: ProcedureVersion) -> Mapping[int, Any]:
    return dict.fromkeys(drafting.hands_of(version), _("among those who wrote or handed in the draft"))


def values(version: ProcedureVersion) -> Mapping[str, Any]:
    procedure = version.procedure
    return {
        "process": procedure.process,
        "step": f"{procedure.process}:{procedure.step}",
        "mandatory": "yes" if Terms.of(version).has_mandatory_steps else "no",
    }


def shown(version: ProcedureVersion) -> Sequence[Fact]:
    """What those who decide read: why, and what would be different."""
    procedure = version.procedure
    standing = procedure.versions.filter(state=VersionState.IN_FORCE).prefetch_related("steps").first()
    terms = Terms.of(version)
    place = f"{PROCESSES[procedure.process]}: {step_label(procedure.process, procedure.step)}"
    facts = [
        Fact(_("Procedure"), procedure.name, url=version.get_absolute_url()),
        Fact(_("Version"), str(version.number)),
        Fact(_("Process and step"), place),
        Fact(_("Written by"), str(version.written_by or _("Steward"))),
    ]
    if version.what_changed:
        facts.append(Fact(_("What changed and why"), version.what_changed))
    facts += [Fact(_("Done on"), comparing.kinds_in_words(terms.kinds))]
    if version.raises:
        facts.append(Fact(_("After that"), _("a change is raised, and it comes into force when that is carried out")))
    before = Terms.of(standing) if standing is not None and standing.pk != version.pk else None
    label = _("What it says")
    if before and standing:
        label = _("Different from version %(number)d") % {"number": standing.number}
    return [*facts, *(Fact(label, each) for each in comparing.sentences(before, terms))]


PURPOSE = Purpose(
    name=activating.PURPOSE,
    kind=KIND,
    label=gettext_lazy("bring the procedure into force"),
    fingerprint=fingerprint,
    excluded=excluded,
    values=values,
    shown=shown,
    conditions=(
        Condition("process", gettext_lazy("process"), choices=lambda: list(PROCESSES.items())),
        Condition(
            "step", gettext_lazy("step of a process"),
            choices=lambda: [(f"{name}:{step}", label) for name in STEPS for step, label in STEPS[name].items()],
        ),
        Condition("mandatory", gettext_lazy("has steps that must be done"), choices=lambda: list(ALIKE.items())),
    ),
    is_binding=lambda version: version.is_proposed,
    on_approved=activating.approved,
    on_rejected=activating.rejected,
    on_lapsed=activating.lapsed,
)  # fmt: skip


def declare() -> None:
    """Called when the app is ready. What happens to decisions stands in the inbox under the procedure itself."""
    notices.declare("procedure", label=gettext_lazy("Procedure"), visible_to=procedures_visible_to)
    subjects.declare(
        subjects.Kind(
            name=KIND,
            visible_to=visible_to,
            rows=rows,
            hold=hold,
            logged_as=lambda version: ("procedure", version.procedure_id, version.procedure.name),
        )
    )
