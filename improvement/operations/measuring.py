"""Baselines of measures, their targets, and the comparison before and after."""

import math
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import NotAllowed, Refusal, Refused
from measurement import declarations, samples
from measurement.declarations import KPI, Direction, Unit
from measurement.periods import Range, today
from measurement.scope import REAL, SAMPLE, Scope, scope_of
from people.access import require
from records import changing
from records.operations.saying import say, write

from .. import comparing, power
from ..enums import State, Step, Word
from ..models import Improvement, Measure, Verdict
from .observing import present, refuse_too_many, unfit_date
from .working import worked_on

SHORTEST, LONGEST = 14, 3 * 366
REMEASURED_AFTER = (3, 6, 12)
SHORTEST_LOOK = power.LEAST_WEEKS * 7


@transaction.atomic
def pin(
    *, improvement: Improvement, by: Any, at: datetime, kpi: str, baseline_from: date | None, baseline_to: date | None,
    service: Any = None, team: Any = None, priority: int | None = None, organization: Any = None,
) -> Measure:  # fmt: skip
    """
    Pin the baseline of a KPI over [baseline_from, baseline_to): its figure, its values and the fingerprint of its rows.

    Counted are records of the organizations that the person's roles cover; who covers fewer never sees the figures.

    :raises NotAllowed: the person sees no measures. :raises Refused: no such KPI, days that don't fit, nothing counted.
    """
    locked = worked_on(improvement, by=by)
    require(by, "kpi.view", locked)
    refuse_too_many(locked)
    declared = _comparable(kpi)
    span = _span(baseline_from, baseline_to, at=at, acted_on=locked.acted_on)
    made = Measure(
        improvement=locked, loop=locked.loop, kpi=declared.id, service=service, team=team, priority=priority,
        organization=organization, is_sample=locked.is_sample, baseline_from=span.day_from, baseline_to=span.day_to,
        pinned_by=by, pinned_at=at, definition=_definition(declared),
    )  # fmt: skip
    scope = scope_of(by, data=SAMPLE if locked.is_sample else REAL)
    if scope.is_empty or (
        organization is not None and scope.organizations is not None and organization.pk not in scope.organizations
    ):
        raise NotAllowed.because("not_allowed", _("Your roles cover no records of this organization."))
    made.organizations = None if scope.organizations is None else sorted(scope.organizations)
    if organization is not None:
        made.organizations = [organization.pk]
    found = samples.samples_of(declared, comparing.whole_weeks(span), counted_in(made))
    if not found.count:
        raise Refused.because(
            "nothing", _("Nothing was counted in these days. Choose other days or fewer filters."), "baseline_from"
        )
    made.baseline, made.fingerprint = comparing.pinned(declared, found), found.fingerprint
    made.save()
    say(
        locked, "pinned", by=by, at=at, title=str(declared.name), step=int(Step.NOW), kpi=declared.id,
        fingerprint=found.fingerprint,
    )  # fmt: skip
    return made


@transaction.atomic
def set_target(*, measure: Measure, by: Any, at: datetime, target: float, target_date: date | None) -> Measure:
    """
    Say which figure is to be reached, in the unit of the KPI, and by when. The minimum sample is kept with it: how much
    has to be counted afterwards to see an effect of this size.

    :raises NotAllowed: :raises Refused: it is an observation, the target is not better than the baseline, or judged.
    """
    locked, found = present(measure, by=by)
    refusals = []
    declared = found.declared
    if found.is_observation or declared is None:
        raise Refused.because("kind", _("This is an observation. Say in words what you want to see."), "target")
    if found.verdicts.exists():
        raise Refused.because("judged", _("It has a verdict. A target that moves afterwards is none."), "target")
    before = found.baseline["value"]
    if isinstance(target, bool) or not math.isfinite(target) or not 0 <= target <= 1e9:
        refusals.append(Refusal("target", _("The target is a number from 0 on."), "target"))
    elif declared.unit == Unit.PERCENT and target > 100:
        refusals.append(Refusal("target", _("A share is at most 100 %."), "target"))
    elif target == before or not comparing.is_beyond(declared, target, before):
        better = _("higher") if declared.direction == Direction.HIGHER else _("lower")
        refusals.append(
            Refusal("target", _("Better is %(way)s: the baseline is %(before)s. Set a target beyond it.")
                    % {"way": better, "before": found.baseline_value}, "target")
        )  # fmt: skip
    refusals += unfit_date(target_date, at)
    if refusals:
        raise Refused.all_of(refusals)
    least = comparing.needed(declared, found.baseline, target)
    found.target, found.target_date, found.targeted_at = target, target_date, at
    found.needed = {"count": least, "days": days_needed(found, least)}
    found.save()
    say(locked, "target_set", by=by, at=at, title=str(found.name), target=target, target_date=target_date, needed=least)
    return found


@transaction.atomic
def compare(*, measure: Measure, by: Any, at: datetime) -> Verdict:
    """
    Compare the whole weeks since the action took effect, up to yesterday, with the baseline; the verdict is kept.

    :raises NotAllowed: only who may say what came of it, and sees all that is counted. :raises Refused: no target, no
        action, or no week since then.
    """
    locked, found = present(measure, by=by)
    require(by, "improvement.judge", locked)
    if not may_see_figures(by, found):
        raise NotAllowed.because("not_allowed", _("It counts records of organizations that your roles don't cover."))
    if found.is_observation:
        raise Refused.because("kind", _("Nothing counts this. Judge it yourself."))
    if found.target is None:
        raise Refused.because("target", _("It has no target yet."))
    if locked.acted_on is None:
        raise Refused.because("action", _("Nobody has said from which day it is in effect."))
    span = Range(locked.acted_on + timedelta(days=locked.settling_days), today(at))
    if span.days < 7:
        raise Refused.because("early", _("There is no whole week to compare yet. Come back later."))
    made = _verdict(locked, found, span, by=by, at=at, months=0)
    say(locked, "compared", by=by, at=at, title=str(found.name), word=made.word, verdict=made.pk)
    return made


@transaction.atomic
def remeasure(*, at: datetime) -> int:
    """
    Measure again what was realized, 3, 6 and 12 months after it had settled; a result that is gone is written down, and
    a new loop proposed. Goes through what is realized only; a look that was missed is made up for.

    :returns: how many measures were looked at.
    """
    day, count = today(at), 0
    due = Improvement.objects.filter(
        state__in=[State.REALIZED, State.PARTLY_REALIZED], acted_on__isnull=False,
        acted_on__gte=day - timedelta(days=3 * 366),
    )  # fmt: skip
    for improvement in changing.take(due.order_by("pk")):
        settled: date = improvement.acted_on + timedelta(days=improvement.settling_days)
        for measure in Measure.objects.filter(improvement=improvement, loop=improvement.loop, target__isnull=False):
            known = set(measure.verdicts.filter(acted_on=improvement.acted_on).values_list("months", flat=True))
            for months in REMEASURED_AFTER:
                end = months_later(settled, months)
                if months in known or end > day or measure.declared is None:
                    continue
                look = max(measure.baseline["days"], SHORTEST_LOOK)
                span = Range(max(settled, end - timedelta(days=look)), end)
                _look_again(improvement, measure, span, months=months, at=at)
                count += 1
    return count


def _look_again(improvement: Improvement, measure: Measure, span: Range, *, months: int, at: datetime) -> None:
    made = _verdict(improvement, measure, span, by=None, at=at, months=months)
    write(improvement, "remeasured", by=None, at=at, title=str(measure.name), months=months, word=made.word)
    is_gone = made.numbers["is_enough"] and made.word in (Word.NO_EVIDENCE, Word.WORSE)
    if is_gone and improvement.decayed_at is None:
        improvement.decayed_at = at
        say(improvement, "decayed", by=None, at=at, title=str(measure.name), changes={"decayed_at": (None, at)})


def _verdict(improvement: Improvement, measure: Measure, span: Range, *, by: Any, at: datetime, months: int) -> Verdict:
    """Count the whole weeks, compare, keep. A share of the rows counted stays as their fingerprint."""
    kpi, span = _comparable(measure.kpi), comparing.whole_weeks(span)
    after = samples.samples_of(kpi, span, counted_in(measure))
    before: Any = measure.baseline_from, measure.baseline_to
    again = samples.samples_of(kpi, comparing.whole_weeks(Range(*before)), counted_in(measure)).fingerprint
    target: Any = measure.target
    acted_on: Any = improvement.acted_on
    found = comparing.compare(kpi, measure.baseline, after, target=target, least=measure.needed.get("count"))
    numbers = found.numbers | {
        "has_baseline_changed": again != measure.fingerprint,
        "has_definition_changed": _definition(kpi) != measure.definition,
        "season": _season(kpi, measure, span),
    }
    signals = [{"rule": each.rule, "is_above": each.is_above, "week": each.first.isoformat()} for each in found.signals]
    made: Verdict = Verdict.objects.create(
        measure=measure, months=months, acted_on=acted_on, after_from=span.day_from, after_to=span.day_to,
        word=found.word, numbers=numbers, signals=signals, fingerprint=after.fingerprint, by=by, at=at,
    )  # fmt: skip
    return made


def _season(kpi: KPI, measure: Measure, span: Range) -> dict[str, Any] | None:
    """The figures of the same weeks a year before, when both periods were counted then."""
    year = timedelta(days=364)
    start: Any = measure.baseline_from
    end: Any = measure.baseline_to
    spans = Range(start - year, end - year), Range(span.day_from - year, span.day_to - year)
    before, after = (samples.samples_of(kpi, each, counted_in(measure)) for each in spans)
    if not before.count or not after.count:
        return None
    return {"before": comparing.figure(kpi, before), "after": comparing.figure(kpi, after)}


def counted_in(measure: Measure) -> Scope:
    """Whose records a measure counts, whoever looks."""
    organizations = None if measure.organizations is None else frozenset(measure.organizations)
    return Scope(viewer=None, organizations=organizations, is_sample=measure.is_sample, filters=measure.filters)


def may_see_figures(user: Any, measure: Measure) -> bool:
    """Whether the person's roles cover all organizations whose records the measure counts."""
    covered = scope_of(user).organizations
    if covered is None or measure.is_observation:
        return True
    return measure.organizations is not None and set(measure.organizations) <= covered


def months_later(day: date, months: int) -> date:
    """The same day some months later; the last day of the month where there is no such day."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    after = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), after - timedelta(days=1))


def _comparable(name: str) -> KPI:
    found = next((each for each in samples.comparable() if each.id == name), None)
    if found is None:
        raise Refused.because("kpi", _("Periods of this measure can't be compared. Choose one of the list."), "kpi")
    return found


def _definition(kpi: KPI) -> int:
    """The version of what the KPI means, its families included."""
    return kpi.definition * 1000 + sum(declarations.family(name).definition for name in kpi.families)


def days_needed(measure: Measure, least: int | None) -> int | None:
    """How many days that takes at the pace of the baseline."""
    if least is None or measure.baseline["kind"] == comparing.RATE:
        return least
    at_pace = math.ceil(least * measure.baseline["days"] / measure.baseline["count"])
    return max(at_pace, power.LEAST_WEEKS * 7)


def _span(day_from: date | None, day_to: date | None, *, at: datetime, acted_on: date | None) -> Range:
    """:raises Refused: half a period, the wrong order, too short or long, not over yet, or after the action."""
    if day_from is None or day_to is None:
        raise Refused.because("required", _("A baseline has a first and a last day."), "baseline_from")
    if not date(1990, 1, 1) <= day_from < day_to <= today(at):
        raise Refused.because("days", _("A baseline lies in the past, its first day before its end."), "baseline_from")
    if not SHORTEST <= (day_to - day_from).days <= LONGEST:
        raise Refused.because("length", _("A baseline takes 14 days to three years."), "baseline_to")
    if acted_on is not None and day_to > acted_on:
        raise Refused.because("action", _("A baseline ends before the day on which it took effect."), "baseline_to")
    return Range(day_from, day_to)
