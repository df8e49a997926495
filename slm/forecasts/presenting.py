"""Forecasts in words: what a clock is compared with, and how often those were missed."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records import practices

from .. import declarations
from .estimating import BLOCKS, NEEDED, STEPS
from .models import Forecast


def alike_of(forecast: Forecast) -> str:
    """What the clocks that it is compared with have in common, from the coarsest on."""
    record, clock = forecast.record, forecast.clock
    block = BLOCKS[int(forecast.group.rsplit("|", 1)[1]) if forecast.group.count("|") == 5 else 0]
    words: list[Any] = [
        practices.of(record.kind).label,
        declarations.label_of(clock.kind),
        f"P{clock.priority}",
        record.team or _("no team"),
        record.service or _("no service"),
        _("due %(first)02d–%(last)02d h") % {"first": block[0], "last": block[1]},
    ]
    return ", ".join(str(each) for each in words[: forecast.group.count("|") + 1])


def why(forecast: Forecast) -> str:
    """How many clocks alike came this far, and how many of them were missed; or that there are too few."""
    if forecast.chance is None:
        return _("Too few similar records: %(count)s of %(needed)s needed.") % {
            "count": forecast.alike,
            "needed": NEEDED,
        }
    if not forecast.twentieths:
        return ngettext(
            "%(missed)s of %(count)s like it was missed.",
            "%(missed)s of %(count)s like it were missed.",
            forecast.alike_missed,
        ) % {"missed": forecast.alike_missed, "count": forecast.alike}
    return ngettext(
        "%(missed)s of %(count)s like it that had used %(share)s%% or more was missed.",
        "%(missed)s of %(count)s like it that had used %(share)s%% or more were missed.",
        forecast.alike_missed,
    ) % {
        "missed": forecast.alike_missed,
        "count": forecast.alike,
        "share": forecast.twentieths * 100 // STEPS,
    }


def percent(chance: float | None) -> str:
    """A chance as people read it: never 0 or 100 %, which nobody knows."""
    if chance is None:
        return "–"
    return f"{min(99, max(1, round(chance * 100)))}%"
