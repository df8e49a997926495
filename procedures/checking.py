"""What a version of a procedure may say."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.text import slugify
from django.utils.translation import gettext as _

from common.refusals import Refusal, Refused
from common.texts import one_line
from people.enums import Role
from people.models import Organization, Team
from records import practices
from records.enums import Priority
from services.models import Service

from .models import Procedure
from .terms import StepTerms, Terms

STEPS_AT_MOST = 30
LONGEST = {"purpose": 300, "instructions": 20_000}
LONGEST_GUIDANCE = 10_000


def tidied(procedure: Procedure, terms: Terms, *, known_slugs: Iterable[str] = ()) -> Terms:
    """
    The terms as they are kept: trimmed, each step with its short name.

    :param known_slugs: of steps that versions before had; a step may keep one, and a new one takes none of them.
    :raises Refused: everything that does not fit.
    """
    refusals = [*_of_texts(terms), *_of_scope(procedure, terms), *_of_steps(terms)]
    if refusals:
        raise Refused.all_of(refusals)
    return replace(
        terms,
        purpose=one_line(terms.purpose),
        instructions=_block(terms.instructions),
        steps=tuple(_named(terms.steps, set(known_slugs))),
    )


def _block(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def _named(steps: Iterable[StepTerms], known: set[str]) -> Iterator[StepTerms]:
    steps = list(steps)
    kept = {step.slug for step in steps if step.slug in known}
    used: set[str] = set()
    for step in steps:
        slug = step.slug if step.slug in known and step.slug not in used else ""
        if not slug:
            stem = slugify(step.name)[:40].strip("-") or "step"
            slug, number = stem, 2
            while slug in used or slug in kept or slug in known:
                slug, number = f"{stem}-{number}", number + 1
        used.add(slug)
        yield replace(step, slug=slug, name=one_line(step.name), guidance=_block(step.guidance))


def _of_texts(terms: Terms) -> Iterator[Refusal]:
    for name, limit in LONGEST.items():
        if len(getattr(terms, name)) > limit:
            said = _("At most %(limit)d characters fit here. Shorten it.") % {"limit": limit}
            yield Refusal("too_long", said, name)


def _of_scope(procedure: Procedure, terms: Terms) -> Iterator[Refusal]:
    fitting = {each.kind for each in practices.all_practices() if procedure.step in each.steps.values()}
    fitting &= {each.kind for each in practices.all_practices() if each.process == procedure.process}
    for kind in terms.kinds:
        if kind not in fitting:
            yield Refusal(
                "kind",
                _("Records of the kind “%(kind)s” never are at this step. Leave it out.") % {"kind": kind},
                "kinds",
            )
    if not terms.kinds and (terms.services or terms.teams or terms.organizations or terms.priorities):
        said = _("These conditions are about records. Choose on which kinds it is done, or leave them out.")
        yield Refusal("kinds", said, "kinds")
    for model, keys, name in (
        (Service, terms.services, "services"),
        (Team, terms.teams, "teams"),
        (Organization, terms.organizations, "organizations"),
    ):
        if model.objects.filter(pk__in=keys).count() != len(set(keys)):
            yield Refusal(name, _("One of them is not there any more. Choose again."), name)
    if not set(terms.priorities) <= set(Priority.values):
        yield Refusal("priorities", _("Priorities go from P1 to P5."), "priorities")


def _of_steps(terms: Terms) -> Iterator[Refusal]:
    if not 1 <= len(terms.steps) <= STEPS_AT_MOST:
        yield Refusal("steps", _("A procedure has 1 to %(limit)d steps.") % {"limit": STEPS_AT_MOST}, "steps")
    for number, step in enumerate(terms.steps, start=1):
        said = ""
        if not 1 <= len(one_line(step.name)) <= 200:
            said = _("say in 1 to 200 characters what is done.")
        elif step.role not in Role.values:
            said = _("choose who does it.")
        elif len(step.guidance) > LONGEST_GUIDANCE:
            said = _("the guidance is longer than %(limit)d characters.") % {"limit": LONGEST_GUIDANCE}
        if said:
            whole = _("Step %(number)d: %(problem)s") % {"number": number, "problem": said}
            yield Refusal("step", whole, f"steps.{number - 1}")
    if not terms.kinds and terms.has_mandatory_steps:
        yield Refusal(
            "mandatory", _("A step can be a must on records only. Choose on which kinds it is done."), "kinds"
        )
