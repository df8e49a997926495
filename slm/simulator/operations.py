"""The acts on simulations: ask for one, stop it, remove it. They are one's own, and change no clock."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from calendars.models import Calendar
from calendars.spec import CalendarSpec
from calendars.validation import problems_of
from common.refusals import Refused
from people.access import require

from .. import declarations
from ..models import Agreement
from ..operations import LONGEST_TARGET_MINUTES
from ..points import Point
from ..terms import Promise
from .drafts import Draft, NewHours, NewTerms
from .enums import State
from .gathering import clocks_of, keys_of
from .models import Outcome, Simulation

MOST = 200_000
MOST_UNFINISHED = 3
LONGEST_DAYS = 800


@transaction.atomic
def try_hours(
    *, calendar: Calendar, spec: CalendarSpec, by: Any, at: datetime, days: int | None = 90, has_open: bool = True
) -> Simulation:
    """
    Ask what other hours of a calendar would have changed, and would change for open tickets.

    :param days: clocks that finished in so many days before `at`; None for no finished ones.
    :raises NotAllowed: :raises Refused: hours that can't be, nothing or too much to look at, too many at work.
    """
    if problems := problems_of(spec):
        raise Refused.all_of(problems)
    title = _("Other hours of %(calendar)s") % {"calendar": calendar.name}
    return _ask(Draft(hours=NewHours(calendar.pk, spec)), title, by=by, at=at, days=days, has_open=has_open)


@transaction.atomic
def try_terms(
    *,
    agreement: Agreement,
    calendar: Calendar,
    targets: Any,
    target_calendars: Any = None,
    pause_reasons: Any,
    by: Any,
    at: datetime,
    days: int | None = 90,
    has_open: bool = True,
) -> Simulation:
    """
    Ask what other targets, hours and pauses of an agreement would have changed, and would change for open tickets.

    :param targets: working minutes by (clock, priority); what is missing would not be promised.
    :param target_calendars: hours of single targets that differ from `calendar`.
    :raises NotAllowed: :raises Refused: a target out of range, nothing or too much to look at, too many at work.
    """
    for clock, priority in targets:
        said = targets[clock, priority]
        is_known = declarations.find(agreement.kind, clock) is not None
        if not is_known or not (isinstance(said, Point) or 1 <= said <= LONGEST_TARGET_MINUTES):
            raise Refused.because(
                "out_of_range",
                _("A target takes between one minute and a year of working time."),
                f"{clock}_{priority}",
            )
    own = target_calendars or {}
    promises = {
        (str(clock), int(priority)): Promise.said(said, (own.get((clock, priority)) or calendar).pk)
        for (clock, priority), said in targets.items()
    }
    draft = Draft(terms=NewTerms(agreement.pk, promises, frozenset(pause_reasons)))
    title = _("Other terms of %(agreement)s") % {"agreement": agreement.name}
    return _ask(draft, title, by=by, at=at, days=days, has_open=has_open)


def _ask(draft: Draft, title: str, *, by: Any, at: datetime, days: int | None, has_open: bool) -> Simulation:
    require(by, "simulation.run")
    if days is None and not has_open:
        raise Refused.because("nothing", _("Choose past tickets, open ones, or both."), "days")
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise Refused.because("out_of_range", _("Choose between 1 and %(days)s days.") % {"days": LONGEST_DAYS}, "days")
    if Simulation.objects.select_for_update().filter(by=by).unfinished().count() >= MOST_UNFINISHED:
        raise Refused.because(
            "too_many",
            _("%(count)s of your simulations are still at work. Wait for one, or stop it.")
            % {"count": MOST_UNFINISHED},
        )
    simulation = Simulation(
        by=by,
        title=title[:200],
        draft=draft.as_document(),
        clocks_from=None if days is None else at - timedelta(days=days),
        has_open=has_open,
        at=at,
    )
    keys = _keys(simulation, draft)
    simulation.total = len(keys)
    simulation.save(force_insert=True)
    log.record(
        "simulation.asked",
        subject_kind="simulation",
        subject_id=simulation.pk,
        subject_label=simulation.title,
        by=by,
        at=at,
        data={"draft": simulation.draft, "clocks": simulation.total},
    )
    return simulation


def _keys(simulation: Simulation, draft: Draft) -> list[int]:
    """
    The clocks to look at. The sample is looked at only where there is nothing else, as in the figures.

    :raises Refused: none, or too many.
    """
    for is_sample in (False, True):
        simulation.is_sample = is_sample
        keys = keys_of(clocks_of(simulation, draft), limit=MOST)
        if len(keys) > MOST:
            raise Refused.because(
                "too_much",
                _("These are more than %(limit)s clocks. Choose fewer days.") % {"limit": f"{MOST:,}"},
                "days",
            )
        if keys:
            return keys
    raise Refused.because(
        "nothing",
        _("No clock that you may see ran by this in that time. Choose more days, or open tickets too."),
        "days",
    )


@transaction.atomic
def stop(*, simulation: Simulation, by: Any, at: datetime) -> Simulation:
    """Have no further clocks looked at; what was found stays. :raises Refused: it is over already."""
    locked = _own(simulation, by)
    if locked.is_over:
        raise Refused.because("over", _("This simulation is over already."))
    locked.state, locked.ended_at = State.STOPPED, at
    locked.save(update_fields=["state", "ended_at"])
    return locked


@transaction.atomic
def remove(*, simulation: Simulation, by: Any) -> int:
    """Forget a simulation with all that it found. Returns how many clocks it had listed."""
    locked = _own(simulation, by)
    count: int = Outcome.objects.filter(simulation=locked)._raw_delete("default")
    locked.delete()
    return count


def _own(simulation: Simulation, by: Any) -> Simulation:
    require(by, "simulation.run")
    return Simulation.objects.visible_to(by).select_for_update().get(pk=simulation.pk)
