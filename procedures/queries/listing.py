"""Procedures as lists and single pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from people.enums import Role
from records.models import Record

from ..comparing import conditions_of, kinds_in_words
from ..enums import OPEN, VersionState
from ..models import Procedure, ProcedureVersion, Visit
from ..tagging import Tag, key_of, tags_of
from ..terms import Terms
from .acting import who_answers


@dataclass(frozen=True)
class ShownStep:
    """One step as the page of a version shows it."""

    step: Any
    role: Any
    key: str
    tags: list[Tag]


def procedures(*, process: str = "", text: str = "") -> list[Procedure]:
    """Those of the process that hold every word of the text, each with `standing` and `open_draft`. Two statements."""
    rows = Procedure.objects.select_related("owner")
    if process:
        rows = rows.filter(process=process)
    for word in text.split()[:8]:
        rows = rows.filter(Q(name__icontains=word) | Q(versions__purpose__icontains=word) | Q(slug__icontains=word))
    rows = rows.distinct().prefetch_related(_versions())
    found = list(rows)
    for procedure in found:
        shown = procedure.shown_versions  # type: ignore[attr-defined] # prefetched above
        procedure.standing = next((each for each in shown if each.is_in_force), None)  # type: ignore[attr-defined]
        procedure.open_draft = next((each for each in shown if each.state in OPEN), None)  # type: ignore[attr-defined]
    return found


def answering(found: Iterable[Procedure]) -> list[Procedure]:
    """The same, each with `answered_by`: its owner, else who answers for its step. Two statements."""
    stand_in, rows = who_answers(), list(found)
    for procedure in rows:
        owner = procedure.owner or stand_in.get((procedure.process, procedure.step), "")
        procedure.answered_by = str(owner)  # type: ignore[attr-defined] # for the page
    return rows


def _versions() -> Prefetch:  # type: ignore[type-arg] # not subscriptable at run time
    rows = ProcedureVersion.objects.filter(state__in=[VersionState.IN_FORCE, *OPEN])
    return Prefetch("versions", rows.annotate(step_count=Count("steps")), to_attr="shown_versions")


def versions_of(procedure: Procedure) -> list[ProcedureVersion]:
    """Every version, the newest first, with its people."""
    rows = procedure.versions.select_related("written_by", "activated_by", "proposed_by")
    return list(rows.annotate(step_count=Count("steps")))


def steps_of(version: ProcedureVersion) -> list[ShownStep]:
    """Steps in order with the tags of frameworks."""
    steps = list(version.steps.all())
    slug = version.procedure.slug
    tags = tags_of(key_of(slug, step.slug) for step in steps)
    return [
        ShownStep(step, Role(step.role).label, key_of(slug, step.slug), tags.get(key_of(slug, step.slug), []))
        for step in steps
    ]


def scope_of(version: ProcedureVersion) -> tuple[str, list[str]]:
    """For which records it is, in words: kinds, and every further condition."""
    terms = Terms.of(version)
    return kinds_in_words(terms.kinds), conditions_of(terms)


def at_it_now(version: ProcedureVersion, viewer: Any) -> QuerySet[Record]:
    """Records that stand at this version at present, as far as the viewer may see them."""
    visits = Visit.objects.filter(version=version, left_at=None)
    return Record.objects.visible_to(viewer).filter(pk__in=visits.values("record"))
