"""What keeps an act on a calendar from being done."""

from django.utils.translation import gettext as _

from common.refusals import Refused, Stale

from . import holidays
from .models import Calendar
from .spec import CalendarSpec
from .validation import problems_of

MOST_YEARS_OF_HOLIDAYS = 10


def locked(calendar: Calendar, seen_version: int | None) -> Calendar:
    """
    Read the calendar again and lock it until the end of the transaction.

    :raises Stale: a person saw another version than the one in force.
    """
    fresh = Calendar.objects.select_for_update().get(pk=calendar.pk)
    if seen_version is not None and fresh.version != seen_version:
        raise Stale.because(
            "stale",
            _(
                "Somebody saved version %(now)s of this calendar while you edited version %(seen)s. "
                "Compare both, then save again."
            )
            % {"now": fresh.version, "seen": seen_version},
        )
    return fresh


def refuse_name(name: str, besides: Calendar | None = None) -> None:
    """:raises Refused: the name is empty or another calendar has it."""
    if not name:
        raise Refused.because("no_name", _("A calendar needs a name. Enter one."), "name")
    others = Calendar.objects.filter(name=name)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if others.exists():
        message = _("There is a calendar named “%(name)s” already. Choose another name.") % {"name": name}
        raise Refused.because("name_taken", message, "name")


def refuse_impossible(spec: CalendarSpec) -> None:
    """:raises Refused: with every reason why these hours cannot be."""
    problems = problems_of(spec)
    if problems:
        raise Refused.all_of(problems)


def refuse_holidays(calendar: Calendar, country: str, region: str, years: range) -> None:
    """:raises Refused: no such holidays can be copied into this calendar."""
    if calendar.is_always_open:
        raise Refused.because(
            "always_open_with_hours",
            _("This calendar is open around the clock, holidays included. Give it weekly windows first."),
            "country",
        )
    if country not in holidays.countries():
        message = _("No holidays are known for the country “%(country)s”. Pick one of the list.")
        raise Refused.because("unknown_country", message % {"country": country}, "country")
    if not holidays.is_known(country, region):
        message = _("No holidays are known for the region “%(region)s” of %(country)s. Pick one of the list.")
        raise Refused.because("unknown_region", message % {"region": region, "country": country}, "subdivision")
    within = years and years[0] >= holidays.FIRST_YEAR and years[-1] <= holidays.LAST_YEAR
    if not within or years.step != 1 or len(years) > MOST_YEARS_OF_HOLIDAYS:
        message = _("Holidays are copied for at most %(most)s years in a row, between %(first)s and %(last)s.")
        limits = {"most": MOST_YEARS_OF_HOLIDAYS, "first": holidays.FIRST_YEAR, "last": holidays.LAST_YEAR}
        raise Refused.because("years_out_of_range", message % limits, "years")
