"""The pointer over the seven steps: where it goes, what is answered there, and what is skipped."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refusal, Refused
from common.texts import one_line
from records import changing
from records.operations.saying import say, write

from ..enums import Step
from ..models import Answer, Improvement, Measure, Option, Stride
from ..queries.wheel import wheel_of
from ..questions import LONGEST_ANSWER, QUESTIONS
from .working import worked_on

MOST_LOOPS = 99
LONGEST_REASON = 500


@transaction.atomic
def go_to(
    *, improvement: Improvement, by: Any, at: datetime, step: int, reason: str = "", version: int | None = None
) -> Improvement:
    """
    Move the pointer to another step.

    Forward is free; passing a step that is not complete needs a reason, and one that may be skipped is skipped with it.
    Back needs a reason and opens a new loop, which begins with the answers of the steps before.

    :raises NotAllowed: :raises Stale: :raises Refused: no such step, the same one, or no reason.
    """
    locked, reason = worked_on(improvement, by=by, version=version), one_line(reason)[:LONGEST_REASON]
    if step not in Step.values:
        raise Refused.because("step", _("There are seven steps. Choose one from 1 to 7."), "step")
    if step == locked.step:
        raise Refused.because("same", _("It stands at this step already."), "step")
    if step < locked.step:
        if not reason:
            raise Refused.because("required", _("Going back opens a new loop. Say why."), "reason")
        open_loop(locked, to=Step(step), by=by, at=at, reason=reason)
        return Improvement.objects.get(pk=locked.pk)
    wheel = wheel_of(locked)
    passed = [wheel.state_of(each) for each in Step if locked.step <= each < step]
    lacking = [each for each in passed if not each.is_complete]
    if lacking and not reason:
        raise Refused.all_of(
            Refusal(
                "incomplete",
                _("Step %(number)d, “%(step)s”, is not complete: %(missing)s Complete it, or say why it is passed.")
                % {"number": each.number, "step": each.label, "missing": " ".join(each.missing)},
                "reason",
            )
            for each in lacking
        )
    for each in lacking:
        if each.may_be_skipped:
            _skip(locked, each.step, reason, by=by, at=at)
    _stride(locked, Step(step), by=by, at=at, reason=reason)
    return Improvement.objects.get(pk=locked.pk)


@transaction.atomic
def answer(
    *, improvement: Improvement, by: Any, at: datetime, step: int, texts: Mapping[str, str], version: int | None = None
) -> Answer:
    """
    Answer questions of one step; those not named stay. A step that was skipped counts again when it is answered.

    :param texts: name of the question -> answer.
    :raises NotAllowed: :raises Stale: :raises Refused: no such step or question, or too long.
    """
    locked = worked_on(improvement, by=by, version=version, step=step)
    if step not in Step.values:
        raise Refused.because("step", _("There are seven steps. Choose one from 1 to 7."), "step")
    known = {each.name for each in QUESTIONS[Step(step)]}
    refusals = [
        Refusal("unknown_field", _("This step does not ask “%(name)s”.") % {"name": name}, name)
        for name in sorted(set(texts) - known)
    ]
    refusals += [
        Refusal("long", _("At most %(limit)s characters. Keep it shorter.") % {"limit": LONGEST_ANSWER}, name)
        for name, text in texts.items()
        if len(text) > LONGEST_ANSWER
    ]
    if refusals:
        raise Refused.all_of(refusals)
    given = _answer_of(locked, step, by=by, at=at)
    before = dict(given.texts)
    given.texts = before | {name: text.replace("\x00", "").strip() for name, text in texts.items()}
    is_said = any(given.texts.values())
    if given.texts == before and not (is_said and given.skip_reason):
        return given
    given.by, given.at = by, at
    if is_said:
        given.skip_reason = ""
    given.save()
    say(locked, "answered", by=by, at=at, title=str(Step(step).label), step=step, loop=locked.loop)
    return given


@transaction.atomic
def skip(
    *, improvement: Improvement, by: Any, at: datetime, step: int, reason: str, version: int | None = None
) -> Improvement:
    """
    Leave a step out, with the reason.

    :raises NotAllowed: :raises Stale: :raises Refused: no reason, or this step is never left out here.
    """
    locked, reason = worked_on(improvement, by=by, version=version, step=step), one_line(reason)[:300]
    if step not in Step.values:
        raise Refused.because("step", _("There are seven steps. Choose one from 1 to 7."), "step")
    if not wheel_of(locked).may_skip(Step(step)):
        raise Refused.because(
            "not_skipped",
            _("“%(step)s” can't be skipped here. Small improvements may skip the first and the fourth step; the"
              " baseline may be skipped while no target is a number.")
            % {"step": Step(step).label},
            "step",
        )  # fmt: skip
    if not reason:
        raise Refused.because("required", _("Say why this step is skipped."), "reason")
    _skip(locked, Step(step), reason, by=by, at=at)
    changing.save(locked, (), at)
    return Improvement.objects.get(pk=locked.pk)


def open_loop(improvement: Improvement, *, to: Step, by: Any, at: datetime, reason: str) -> None:
    """
    Begin the next loop at a step; `improvement` is held by the caller.

    Steps before `to` keep their answers, measures and options in the new loop; later ones are asked anew. What took
    effect before is history: the new loop has no action yet unless it begins after that step.
    """
    if improvement.loop >= MOST_LOOPS:
        raise Refused.because("loops", _("There are 99 loops already. Suggest another improvement."))
    old = improvement.loop
    improvement.loop = old + 1
    _copy(Answer, improvement, old, to, at=at)
    if to > Step.NOW:
        _copy(Measure, improvement, old, to)
    if to > Step.WAY:
        _copy(Option, improvement, old, to)
    changes: dict[str, tuple[Any, Any]] = {"loop": (old, improvement.loop)}
    if to <= Step.ACTION and improvement.acted_on is not None:
        changes["acted_on"] = (improvement.acted_on, None)
        improvement.acted_on = None
    _stride(improvement, to, by=by, at=at, reason=reason, changes=changes)


def _copy(model: Any, improvement: Improvement, old: int, to: Step, **said: Any) -> None:
    """What the new loop begins with, as rows of its own."""
    rows = list(model.objects.filter(improvement=improvement, loop=old).order_by("pk"))
    if model is Answer:
        rows = [each for each in rows if each.step < to]
    for each in rows:
        each.pk, each.loop, each._state.adding = None, improvement.loop, True
        if model is Measure and to <= Step.TARGET:
            each.target, each.target_text, each.target_date, each.targeted_at, each.needed = None, "", None, None, {}
    model.objects.bulk_create(rows)


def _stride(
    improvement: Improvement, to: Step, *, by: Any, at: datetime, reason: str, changes: dict[str, Any] | None = None
) -> None:
    before = improvement.step
    Stride.objects.create(
        improvement=improvement, loop=improvement.loop, step_from=before, step_to=to, reason=reason, by=by, at=at
    )
    improvement.step = to
    is_back = to <= before
    say(
        improvement,
        "went_back" if is_back else "went_on",
        by=by,
        at=at,
        title=str(to.label),
        reason=reason,
        changes={"step": (before, int(to)), **(changes or {})} if before != to else (changes or {}),
        loop=improvement.loop,
    )


def _answer_of(improvement: Improvement, step: int, *, by: Any, at: datetime) -> Answer:
    found, _is_new = Answer.objects.get_or_create(
        improvement=improvement, loop=improvement.loop, step=step, defaults={"by": by, "at": at}
    )
    return found


def _skip(improvement: Improvement, step: Step, reason: str, *, by: Any, at: datetime) -> None:
    given = _answer_of(improvement, step, by=by, at=at)
    given.skip_reason, given.by, given.at = reason[:300], by, at
    given.save()
    write(improvement, "skipped", by=by, at=at, title=str(step.label), reason=reason, step=int(step))
