"""Two versions of a procedure compared in words."""

from collections.abc import Iterator, Sequence
from difflib import unified_diff

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.enums import Role
from people.models import Organization, Team
from records import practices
from services.models import Service

from .terms import StepTerms, Terms

_SCOPES = (
    ("services", gettext_lazy("services"), Service),
    ("teams", gettext_lazy("teams"), Team),
    ("organizations", gettext_lazy("customers"), Organization),
)


def sentences(before: Terms | None, after: Terms) -> list[str]:
    """What is different, a sentence each; a first version says its steps. Empty when nothing is."""
    return [*_of_head(before or Terms(), after), *_of_steps(before.steps if before else (), after.steps)]


def _of_head(before: Terms, after: Terms) -> Iterator[str]:
    if before.purpose != after.purpose:
        yield _("Purpose: %(text)s") % {"text": after.purpose or _("none any more")}
    if before.kinds != after.kinds:
        yield _("Done on: %(kinds)s") % {"kinds": kinds_in_words(after.kinds)}
    for name, label, _model in _SCOPES:
        if set(getattr(before, name)) != set(getattr(after, name)):
            yield _("Only for %(what)s: %(names)s") % {"what": label, "names": scope_in_words(after, name)}
    if set(before.priorities) != set(after.priorities):
        yield _("Only for priorities: %(names)s") % {"names": scope_in_words(after, "priorities")}
    if before.instructions != after.instructions:
        yield _("Work instructions: %(lines)s") % {"lines": _lines(before.instructions, after.instructions)}


def _lines(before: str, after: str) -> str:
    found = list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))[2:]
    added = sum(line.startswith("+") for line in found)
    removed = sum(line.startswith("-") for line in found)
    return _("%(added)d lines added, %(removed)d taken out") % {"added": added, "removed": removed}


def _of_steps(before: Sequence[StepTerms], after: Sequence[StepTerms]) -> Iterator[str]:
    old, new = ({step.slug: step for step in steps} for steps in (before, after))
    for step in before:
        if step.slug not in new:
            yield _("Left out: “%(step)s”") % {"step": step.name}
    for step in after:
        if step.slug not in old:
            said = (
                _("New, must be done: “%(step)s” (%(role)s)") if step.is_mandatory else _("New: “%(step)s” (%(role)s)")
            )
            yield said % {"step": step.name, "role": Role(step.role).label}
        else:
            yield from _of_step(old[step.slug], step)
    if [step.slug for step in before if step.slug in new] != [step.slug for step in after if step.slug in old]:
        yield _("The order of the steps is another one.")


def _of_step(before: StepTerms, after: StepTerms) -> Iterator[str]:
    values = {"step": after.name}
    if before.name != after.name:
        yield _("“%(before)s” is called “%(step)s”") % (values | {"before": before.name})
    if before.role != after.role:
        roles = {"before": Role(before.role).label, "after": Role(after.role).label}
        yield _("“%(step)s”: done by %(after)s, not %(before)s") % (values | roles)
    if before.is_mandatory != after.is_mandatory:
        said = _("“%(step)s” must be done now") if after.is_mandatory else _("“%(step)s” is no must any more")
        yield said % values
    if before.guidance != after.guidance:
        yield _("“%(step)s”: the guidance is another one") % values


def kinds_in_words(kinds: Sequence[str]) -> str:
    """Names of kinds, or that it is done outside of records."""
    known = {practice.kind: str(practice.label_plural) for practice in practices.all_practices()}
    return ", ".join(known.get(kind, kind) for kind in kinds) or _("no records")


def scope_in_words(terms: Terms, name: str) -> str:
    """What a condition asks for, by name; any without one."""
    if name == "priorities":
        return ", ".join(f"P{each}" for each in sorted(terms.priorities)) or _("any")
    model = next(model for known, _label, model in _SCOPES if known == name)
    keys = getattr(terms, name)
    names = dict(model.objects.filter(pk__in=keys).values_list("pk", "name"))
    return ", ".join(names.get(key, f"#{key}") for key in sorted(keys)) or _("any")


def conditions_of(terms: Terms) -> list[str]:
    """Every condition beside the kinds, a phrase each."""
    found = [
        _("only for %(what)s: %(names)s") % {"what": label, "names": scope_in_words(terms, name)}
        for name, label, _model in _SCOPES
        if getattr(terms, name)
    ]
    if terms.priorities:
        found.append(_("only for priorities: %(names)s") % {"names": scope_in_words(terms, "priorities")})
    return found
