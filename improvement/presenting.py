"""Verdicts in words: what was compared, what came out of it, and what else may have done it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import Entry
from measurement.declarations import Direction
from measurement.periods import start_of
from measurement.scope import organizations_of
from measurement.values import write
from people.access import access_of
from records import calendar_entries

from . import comparing, power
from .enums import Word
from .models import Improvement, Measure, Verdict

NAMED_AT_MOST = 8
AROUND = timedelta(days=14)


def minimum(measure: Measure) -> str:
    """The minimum sample in words, as told when the target is set."""
    if measure.target is None:
        return ""
    count, days = measure.needed.get("count"), measure.needed.get("days")
    if count is None:
        return _(
            "The baseline is too short, or the target too close to it: no number of later records could show this"
            " difference. Pin a longer baseline, or aim further."
        )
    if measure.baseline["kind"] == comparing.RATE:
        return ngettext(
            "To see this difference, count at least %(count)d day afterwards.",
            "To see this difference, count at least %(count)d days afterwards.",
            count,
        ) % {"count": count}
    said = ngettext(
        "To see this difference, count at least %(count)s record afterwards",
        "To see this difference, count at least %(count)s records afterwards",
        count,
    ) % {"count": number_format(count, force_grouping=True)}
    pace = ngettext(
        "about %(days)d day at the pace of the baseline, four weeks at least.",
        "about %(days)d days at the pace of the baseline, four weeks at least.",
        days,
    )
    return f"{said}: {pace % {'days': days}}"


def sentence(measure: Measure, verdict: Verdict) -> str:
    """Why the word is what it is, with the numbers."""
    if measure.is_observation:
        return verdict.note
    said = verdict.numbers
    parts = [_values(measure, said)]
    if "effect" in said and said["effect"] is not None:
        parts.append(_effect(measure, said))
    parts.append(_because(measure, verdict))
    return " ".join(parts)


def _values(measure: Measure, said: dict[str, Any]) -> str:
    texts = {
        comparing.SHIFT: _("Median before %(before)s (%(rows_before)s records), after %(after)s (%(rows_after)s)."),
        comparing.SHARE: _("Share before %(before)s (%(rows_before)s records), after %(after)s (%(rows_after)s)."),
        comparing.MEAN: _("Mean before %(before)s (%(rows_before)s records), after %(after)s (%(rows_after)s)."),
        comparing.RATE: _("Before %(before)s (%(rows_before)s records), after %(after)s (%(rows_after)s)."),
    }
    return texts[said["kind"]] % {
        "before": measure.written(said["before"]),
        "after": measure.written(said["after"]),
        "rows_before": number_format(said["rows_before"], force_grouping=True),
        "rows_after": number_format(said["rows_after"], force_grouping=True),
    }


def _effect(measure: Measure, said: dict[str, Any]) -> str:
    if said["kind"] == comparing.RATE:
        numbers = {name: _open_number(said[name]) for name in ("effect", "low", "high")}
        return _("That is %(effect)s times as many, with 95%% confidence between %(low)s and %(high)s times.") % numbers
    unit = measure.declared.unit if measure.declared is not None else ""
    numbers = {name: _signed(said[name], unit) for name in ("effect", "low", "high")}
    return _("The difference is %(effect)s, with 95%% confidence between %(low)s and %(high)s.") % numbers


def _because(measure: Measure, verdict: Verdict) -> str:
    said, target = verdict.numbers, measure.written(measure.target)
    if not said["is_enough"]:
        if said["needed"] is None:
            return _("The baseline is too short to show the difference aimed at, so this is no evidence either way.")
        if said["days_after"] < power.LEAST_WEEKS * 7:
            return _("That is too early: %(days)s of the %(least)s days that it takes at least.") % {
                "days": said["days_after"], "least": power.LEAST_WEEKS * 7,
            }  # fmt: skip
        size = said["days_after"] if said["kind"] == comparing.RATE else said["rows_after"]
        if size >= said["needed"]:
            return _("Too little was counted before, so this is no evidence either way.")
        return _("That is too little: %(size)s of the %(needed)s that were said to be needed.") % {
            "size": number_format(size, force_grouping=True),
            "needed": number_format(said["needed"], force_grouping=True),
        }
    texts = {
        Word.REACHED: _("Chance does not explain it, and the target of %(target)s is reached."),
        Word.PARTLY: _("Chance does not explain it, but the target of %(target)s is not reached."),
        Word.WORSE: _("Chance does not explain it, and it goes the wrong way."),
        Word.NO_EVIDENCE: _("Chance may explain it: no difference at all lies between these bounds."),
    }
    return texts[Word(verdict.word)] % {"target": target}


def _signed(number: float | None, unit: str) -> str:
    if number is None:
        return _("no bound")
    text = write(abs(number), unit)
    # What rounds to nothing has no side.
    sign = "±" if text == write(0, unit) else "+" if number > 0 else "−"
    return f"{sign}{text}"


def _open_number(number: float | None) -> str:
    return _("no bound") if number is None else str(number_format(round(number, 2), 2))


def signals(measure: Measure, verdict: Verdict) -> list[str]:
    """What the control chart says, in words."""
    lower_is_better = measure.declared is not None and measure.declared.direction == Direction.LOWER
    found = []
    for each in verdict.signals[:NAMED_AT_MOST]:
        is_good = bool(each["is_above"]) != lower_is_better
        week = date_format(date.fromisoformat(each["week"]), "j M Y")
        texts = {
            "outside": (_("The week of %(week)s lies above what the baseline lets expect"),
                        _("The week of %(week)s lies below what the baseline lets expect")),
            "run": (_("Eight weeks in a row up to that of %(week)s lie above the baseline"),
                    _("Eight weeks in a row up to that of %(week)s lie below the baseline")),
            "trend": (_("Six weeks in a row up to that of %(week)s rise"),
                      _("Six weeks in a row up to that of %(week)s fall")),
        }  # fmt: skip
        text = texts[each["rule"]][0 if each["is_above"] else 1] % {"week": week}
        found.append(_("%(signal)s: for the better.") % {"signal": text} if is_good else
                     _("%(signal)s: for the worse.") % {"signal": text})  # fmt: skip
    return found


def rivals(measure: Measure, verdict: Verdict, viewer: Any, improvement: Improvement) -> list[str]:
    """
    What else happened that may have made the difference, as far as the viewer may know of it: work and freezes on the
    calendar around the action, versions of agreements and calendars, other improvements on the same measure, the
    season, and whether it was moving before. Five statements.
    """
    if measure.is_observation:
        return []
    found = [*drift(measure, verdict), *_season(measure, verdict), *_doubts(verdict)]
    period = start_of(verdict.acted_on - AROUND), start_of(verdict.after_to)
    found += _others(measure, verdict, viewer, improvement)
    found += _changed_rules(viewer, *period)
    return [*found, *_planned(measure, viewer, *period)]


def drift(measure: Measure, verdict: Verdict) -> Iterable[str]:
    """Whether it went the same way before the action: between the halves of the baseline, at least half as far."""
    said, weeks = verdict.numbers, comparing.weeks_of(measure.baseline)
    half = len(weeks) // 2
    if said.get("after") is None or measure.declared is None or half < 2:
        return
    first, latest = (
        comparing.level(measure.declared, [each.value for each in some]) for some in (weeks[:half], weeks[-half:])
    )
    now, before = said["after"] - said["before"], latest - first
    if now * before > 0 and abs(before) >= abs(now) / 2:
        text = _(
            "It was moving before: within the baseline from %(before)s in the first weeks to %(after)s in the latest,"
            " on average of the weeks."
        )
        yield text % {"before": measure.written(first), "after": measure.written(latest)}


def _doubts(verdict: Verdict) -> Iterable[str]:
    if verdict.numbers.get("has_baseline_changed"):
        yield _("Records of the baseline were changed since it was pinned; the pinned figures were compared.")
    if verdict.numbers.get("has_definition_changed"):
        yield _("What the measure means was changed since the baseline was pinned.")


def _season(measure: Measure, verdict: Verdict) -> Iterable[str]:
    """The same weeks a year before, when they moved at least half as far in the same direction."""
    season, said = verdict.numbers.get("season"), verdict.numbers
    if not season or said.get("after") is None or None in season.values():
        return
    now, then = said["after"] - said["before"], season["after"] - season["before"]
    if now * then > 0 and abs(then) >= abs(now) / 2:
        text = _("Season: in the same weeks a year before it moved from %(before)s to %(after)s, without this action.")
        yield text % {
            "before": measure.written(season["before"]), "after": measure.written(season["after"]),
        }  # fmt: skip


def _others(measure: Measure, verdict: Verdict, viewer: Any, improvement: Improvement) -> Iterable[str]:
    rows = Improvement.objects.visible_to(viewer).filter(
        measures__kpi=measure.kpi, acted_on__gte=measure.baseline_from, acted_on__lt=verdict.after_to
    )
    for each in rows.exclude(pk=improvement.pk).distinct().order_by("pk")[:NAMED_AT_MOST]:
        yield _("%(reference)s works on the same measure, in effect from %(day)s.") % {
            "reference": each.reference, "day": date_format(each.acted_on, "j M Y"),
        }  # fmt: skip


def _changed_rules(viewer: Any, start: datetime, end: datetime) -> Iterable[str]:
    """Acts on agreements and calendars; of other organizations' ones nothing is said."""
    rows = Entry.objects.filter(subject_kind__in=["agreement", "calendar"], at__gte=start, at__lt=end)
    covered = organizations_of(viewer)
    if covered is not None:
        rows = rows.filter(organization_id__in=covered)
    seen: set[Any] = set()
    for entry in rows.order_by("at", "pk")[: 10 * NAMED_AT_MOST]:
        what = entry.subject_label, entry.at.date()
        if what not in seen and len(seen) < NAMED_AT_MOST:
            seen.add(what)
            yield _("%(what)s was changed on %(day)s.") % {
                "what": entry.subject_label,
                "day": date_format(entry.at, "j M Y"),
            }


def _planned(measure: Measure, viewer: Any, start: datetime, end: datetime) -> Iterable[str]:
    """Releases, freezes and changes that touch the service of the measure, or any when it counts all services."""
    labels = {kind.name: kind.label for kind in calendar_entries.kinds()}
    entries = [
        each
        for each in calendar_entries.between(access_of(viewer), start, end)
        if not each.is_busy
        and (measure.service_id in each.service_ids if measure.service_id else each.kind != "change")
    ]
    for each in entries[:NAMED_AT_MOST]:
        yield _("%(kind)s %(title)s, %(day)s.") % {
            "kind": str(labels[each.kind]).capitalize(), "title": f"{each.reference} {each.title}".strip(),
            "day": date_format(each.starts_at, "j M Y"),
        }  # fmt: skip
    if len(entries) > NAMED_AT_MOST:
        more = len(entries) - NAMED_AT_MOST
        yield ngettext(
            "And %(count)d more entry of the calendar.", "And %(count)d more entries of the calendar.", more
        ) % {"count": more}
