"""The seven steps of one improvement as they stand: what was answered, what is missing, which way the pointer went."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from ..enums import LETTERS, SHORT_STEPS, Letter, Size, Step, Word
from ..models import Answer, Improvement, Measure, Option, Stride, Verdict
from ..questions import NEVER_SKIPPED, QUESTIONS, SKIPPED_WHEN_SMALL, Question
from .work import Work, open_tasks, work_of

FROM_WORST = (Word.WORSE, Word.NO_EVIDENCE, Word.PARTLY, Word.REACHED)


@dataclass(frozen=True)
class StepState:
    """One step: its questions with answers, and what it still lacks."""

    step: Step
    answers: list[tuple[Question, str]]
    missing: list[str]
    skip_reason: str
    may_be_skipped: bool
    is_current: bool
    earlier: list[Answer] = field(default_factory=list)

    @property
    def number(self) -> int:
        return int(self.step)

    @property
    def label(self) -> Any:
        return self.step.label

    @property
    def short(self) -> Any:
        return SHORT_STEPS[self.step]

    @property
    def letter(self) -> Letter:
        return LETTERS[self.step]

    @property
    def is_skipped(self) -> bool:
        return bool(self.skip_reason)

    @property
    def is_complete(self) -> bool:
        return self.is_skipped or not self.missing


@dataclass
class Wheel:
    """Everything about the steps of one improvement in its present loop; looked up with six queries."""

    improvement: Improvement
    answers: list[Answer]
    measures: list[Measure]
    verdicts: dict[int, Verdict]
    options: list[Option]
    work: list[Work]
    open_tasks: int
    strides: list[Stride]

    @property
    def steps(self) -> list[StepState]:
        return [self.state_of(step) for step in Step]

    def answer_of(self, step: Step) -> Answer | None:
        loop = self.improvement.loop
        return next((each for each in self.answers if (each.loop, each.step) == (loop, step)), None)

    def state_of(self, step: Step) -> StepState:
        answer = self.answer_of(step)
        texts = answer.texts if answer is not None else {}
        return StepState(
            step=step,
            answers=[(question, str(texts.get(question.name, ""))) for question in QUESTIONS[step]],
            missing=self._missing(step, texts),
            skip_reason=answer.skip_reason if answer is not None else "",
            may_be_skipped=self.may_skip(step),
            is_current=self.improvement.step == step,
            earlier=[each for each in self.answers if each.step == step and each.loop < self.improvement.loop],
        )

    def may_skip(self, step: Step) -> bool:
        """Table of the workflow: some steps for small items, the baseline unless a target is a number."""
        if step in NEVER_SKIPPED:
            return False
        if step in SKIPPED_WHEN_SMALL:
            return self.improvement.size == Size.SMALL
        return step != Step.NOW or all(each.target is None for each in self.measures)

    @property
    def complete_count(self) -> int:
        return sum(each.is_complete for each in self.steps)

    @property
    def word(self) -> Word | None:
        """The worst word of all measures, except that a reached beside a missed one is partly; None before all have."""
        words = [Word(verdict.word) for key in self._keys if (verdict := self.verdicts.get(key)) is not None]
        if not words or len(words) < len(self.measures):
            return None
        return combined(words)

    @property
    def _keys(self) -> list[int]:
        return [each.pk for each in self.measures]

    def _missing(self, step: Step, texts: dict[str, Any]) -> list[str]:
        found = [
            _("Not answered: %(question)s.") % {"question": question.label}
            for question in QUESTIONS[step]
            if question.is_required and not str(texts.get(question.name, "")).strip()
        ]
        return [*self._facts_missing(step), *found]

    def _facts_missing(self, step: Step) -> list[str]:
        """What the step lacks beside answers."""
        improvement = self.improvement
        if step == Step.VISION and improvement.goal_id is None:
            return [_("It serves no goal yet.")]
        if step == Step.NOW and not self.measures:
            return [_("There is no baseline yet: a measure, or what we see now in words.")]
        if step == Step.TARGET:
            if not self.measures:
                return [_("A target needs a baseline.")]
            return (
                [] if all(each.has_target for each in self.measures) else [_("A baseline has no target with a date.")]
            )
        if step == Step.WAY:
            if not self.options:
                return [_("No way has been weighed yet.")]
            return [] if any(each.is_chosen for each in self.options) else [_("No way is chosen yet.")]
        if step == Step.ACTION:
            return self._action_missing()
        if step == Step.CHECK:
            return [] if self.word is not None else [_("Not every target has a verdict yet.")]
        return []

    def _action_missing(self) -> list[str]:
        missing = []
        waiting = [each.record.reference for each in self.work if not each.has_ended]
        if waiting:
            missing.append(_("Not ended yet: %(work)s.") % {"work": ", ".join(waiting[:5])})
        if self.open_tasks:
            missing.append(_("Tasks are still open."))
        if self.improvement.acted_on is None:
            missing.append(_("Nobody has said from which day it is in effect."))
        return missing


def combined(words: Iterable[Word]) -> Word:
    """
    One word for several measures: worse when any is, reached when all are, partly when any moved, else no evidence.
    """
    said = set(words)
    if Word.WORSE in said:
        return Word.WORSE
    if said == {Word.REACHED}:
        return Word.REACHED
    return Word.PARTLY if said & {Word.REACHED, Word.PARTLY} else Word.NO_EVIDENCE


def wheel_of(improvement: Improvement) -> Wheel:
    """The wheel of one improvement."""
    measures = list(
        Measure.objects.filter(improvement=improvement, loop=improvement.loop).select_related(
            "service", "team", "organization", "pinned_by"
        )
    )
    return Wheel(
        improvement=improvement,
        answers=list(Answer.objects.filter(improvement=improvement).select_related("by")),
        measures=measures,
        verdicts=latest_verdicts(improvement),
        options=list(Option.objects.filter(improvement=improvement, loop=improvement.loop)),
        work=work_of(improvement),
        open_tasks=open_tasks(improvement),
        strides=list(Stride.objects.filter(improvement=improvement).select_related("by")),
    )


def latest_verdicts(improvement: Improvement) -> dict[int, Verdict]:
    """The latest first look at each measure since the action took effect; those of earlier actions don't count."""
    if improvement.acted_on is None:
        return {}
    rows = Verdict.objects.filter(
        measure__improvement=improvement, measure__loop=improvement.loop, months=0, acted_on=improvement.acted_on
    )
    return {each.measure_id: each for each in rows.select_related("by").order_by("pk")}
