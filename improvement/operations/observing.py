"""What is seen rather than counted: a baseline in words, a target in words, and a person's verdict."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refusal, Refused
from common.texts import one_line
from measurement.periods import today
from people.access import require
from records.operations.saying import say

from ..enums import Step, Word
from ..models import Improvement, Measure, Verdict
from .working import worked_on

MOST_MEASURES = 10
LATEST = date(2100, 1, 1)


@transaction.atomic
def observe(*, improvement: Improvement, by: Any, at: datetime, text: str) -> Measure:
    """Say what we see now, where nothing counts it. :raises NotAllowed: :raises Refused: no text, too many."""
    locked, text = worked_on(improvement, by=by), one_line(text)[:501]
    if not 1 <= len(text) <= 500:
        raise Refused.because("text", _("Say in 1 to 500 characters what you see now."), "text")
    refuse_too_many(locked)
    made = Measure.objects.create(improvement=locked, loop=locked.loop, baseline_text=text, pinned_by=by, pinned_at=at)
    say(locked, "observed", by=by, at=at, title=text, step=int(Step.NOW))
    return made


@transaction.atomic
def expect(*, measure: Measure, by: Any, at: datetime, text: str, target_date: date | None) -> Measure:
    """
    Say what we want to see instead of an observation, and by when.

    :raises NotAllowed: :raises Refused: no text or date, a date that is over, or it is a KPI.
    """
    locked, found = present(measure, by=by)
    text, refusals = one_line(text)[:501], []
    if not found.is_observation:
        refusals.append(Refusal("kind", _("This is a figure. Set its target as a number."), "text"))
    if not 1 <= len(text) <= 500:
        refusals.append(Refusal("text", _("Say in 1 to 500 characters what you want to see."), "text"))
    refusals += unfit_date(target_date, at)
    if refusals:
        raise Refused.all_of(refusals)
    found.target_text, found.target_date, found.targeted_at = text, target_date, at
    found.save()
    say(locked, "target_set", by=by, at=at, title=found.baseline_text, target=text, target_date=target_date)
    return found


@transaction.atomic
def judge(*, measure: Measure, by: Any, at: datetime, word: str, note: str) -> Verdict:
    """
    Say what came of an observation: a person's verdict, as nothing counts it.

    :raises NotAllowed: only who may say what came of improvements. :raises Refused: no note, no target, no action, or
        it is a KPI, whose verdict is computed.
    """
    locked, found = present(measure, by=by)
    require(by, "improvement.judge", locked)
    note, refusals = one_line(note)[:1000], []
    if not found.is_observation:
        refusals.append(Refusal("kind", _("The verdict on a figure is computed. Compare it instead."), "word"))
    if word not in Word.values:
        refusals.append(Refusal("word", _("Choose one of the four verdicts."), "word"))
    if not note:
        refusals.append(Refusal("required", _("Say what you see now."), "note"))
    if not found.has_target:
        refusals.append(Refusal("target", _("It has no target yet."), "word"))
    day = today(at)
    if locked.acted_on is None or locked.acted_on > day:
        refusals.append(Refusal("action", _("It is not in effect yet."), "word"))
    if refusals:
        raise Refused.all_of(refusals)
    acted_on: Any = locked.acted_on
    made = Verdict.objects.create(
        measure=found, acted_on=acted_on, after_from=acted_on, after_to=day + timedelta(days=1), word=word, note=note,
        by=by, at=at,
    )  # fmt: skip
    say(locked, "judged", by=by, at=at, title=found.baseline_text, reason=note, word=word)
    return made


@transaction.atomic
def remove_measure(*, measure: Measure, by: Any, at: datetime) -> None:
    """Take a measure out that nobody has compared yet. :raises NotAllowed: :raises Refused: it has a verdict."""
    locked, found = present(measure, by=by)
    if found.verdicts.exists():
        raise Refused.because("judged", _("It has a verdict, which stays. Say in the next loop what is measured."))
    say(locked, "measure_removed", by=by, at=at, title=str(found))
    found.delete()


@transaction.atomic
def take_effect(
    *, improvement: Improvement, by: Any, at: datetime, acted_on: date | None, settling_days: int = 0,
    version: int | None = None,
) -> Improvement:  # fmt: skip
    """
    Say from which day on the new way holds. What is compared afterwards begins `settling_days` later.

    :raises NotAllowed: :raises Stale: :raises Refused: no day, one far away, or one within the days of a baseline.
    """
    locked = worked_on(improvement, by=by, version=version)
    refusals = []
    day = today(at)
    if acted_on is None:
        refusals.append(Refusal("required", _("Say from which day on it is in effect."), "acted_on"))
    elif not day.replace(year=day.year - 10, day=1) <= acted_on or acted_on > day:
        refusals.append(Refusal("date", _("Choose today or an earlier day of the last ten years."), "acted_on"))
    if isinstance(settling_days, bool) or not 0 <= settling_days <= 366:
        refusals.append(Refusal("days", _("It settles within 0 to 366 days."), "settling_days"))
    if refusals:
        raise Refused.all_of(refusals)
    late = Measure.objects.filter(improvement=locked, loop=locked.loop, baseline_to__gt=acted_on).first()
    if late is not None:
        raise Refused.because(
            "baseline", _("The baseline ends on %(day)s, after that day. A baseline lies before the action.")
            % {"day": late.baseline_to}, "acted_on",
        )  # fmt: skip
    changes = {}
    for name, value in (("acted_on", acted_on), ("settling_days", settling_days)):
        if getattr(locked, name) != value:
            changes[name] = (getattr(locked, name), value)
            setattr(locked, name, value)
    if changes:
        say(locked, "took_effect", by=by, at=at, changes=changes)
    return Improvement.objects.get(pk=locked.pk)


def present(measure: Measure, *, by: Any) -> tuple[Improvement, Measure]:
    """
    The improvement, held, and the measure as it is now.

    :raises NotAllowed: :raises Refused: it was taken out, or belongs to an earlier loop.
    """
    locked = worked_on(measure.improvement, by=by)
    found = Measure.objects.filter(pk=measure.pk, improvement=locked).first()
    if found is None:
        raise Refused.because("gone", _("Somebody has taken it out already."))
    if found.loop != locked.loop:
        raise Refused.because("loop", _("It belongs to an earlier loop, which stays as it was."))
    return locked, found


def refuse_too_many(improvement: Improvement) -> None:
    """:raises Refused: it has as many measures as it may."""
    if Measure.objects.filter(improvement=improvement, loop=improvement.loop).count() >= MOST_MEASURES:
        raise Refused.because("many", _("There are 10 measures already. Take one out first."))


def unfit_date(target_date: date | None, at: datetime) -> list[Refusal]:
    """What speaks against a date by which a target is to be reached."""
    if target_date is None:
        return [Refusal("required", _("Say by when."), "target_date")]
    if not today(at) <= target_date < LATEST:
        return [Refusal("date", _("Choose a day from today on, before the year 2100."), "target_date")]
    return []
