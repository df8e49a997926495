"""Findings in words: the figures, what follows, and where to mend it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from records.enums import Priority

from ..points import Point
from ..reading import clock_label, working_time


@dataclass(frozen=True)
class Told:
    """A finding as people read it. :ivar url: the page on which it can be mended, empty where there is none."""

    code: str
    version: int
    text: str
    advice: str
    url: str
    is_warning: bool


def told(findings: Iterable[Mapping[str, Any]]) -> list[Told]:
    """Put stored findings into words, in the language of whoever reads."""
    return [
        Told(
            code=each["code"],
            version=each["version"],
            text=_TEXTS[each["code"]](each),
            advice=_advice(each),
            url=reverse("slm:agreement", args=[each["mend"]]) if each.get("mend") else _service_url(each),
            is_warning=each["code"] != "nothing_beneath",
        )
        for each in findings
    ]


def _service_url(finding: Mapping[str, Any]) -> str:
    return reverse("availability:service", args=[finding["service_slug"]]) if finding.get("service_slug") else ""


def _slow(finding: Mapping[str, Any]) -> str:
    said = _said(finding) | {
        "start": _moment(finding["start"], finding),
        "due": _moment(finding["due"], finding),
        "end": _moment(finding["end"], finding),
        "over": working_time(finding["over_minutes"]),
    }
    minutes = [finding["promised_minutes"], *finding["beneath_minutes"]]
    points = [Point.from_code(code) for code in finding.get("points") or [""] * len(minutes)]
    times = [str(point) if point else working_time(each) for each, point in zip(minutes, points, strict=True)]
    said |= {"promised": times[0], "beneath": " + ".join(times[1:])}
    if any(points):
        said["parties"] = get_text_list([each for each in (finding["with"], said["partner"]) if each], _("and then"))
        return (
            _(
                "%(about)s: promised is %(promised)s. A ticket of %(start)s is due %(due)s, but %(parties)s promised "
                "%(beneath)s, which ends %(end)s: %(over)s too late."
            )
            % said
        )
    if finding["with"]:
        said["with"] = finding["with"]
        return (
            _(
                "%(about)s: promised in %(promised)s. A ticket of %(start)s is due %(due)s, but %(with)s and then "
                "%(partner)s may take %(beneath)s, until %(end)s: %(over)s too late."
            )
            % said
        )
    return (
        _(
            "%(about)s: promised in %(promised)s. A ticket of %(start)s is due %(due)s, but %(partner)s may take "
            "%(beneath)s of its own hours, until %(end)s: %(over)s too late."
        )
        % said
    )


def _chain(finding: Mapping[str, Any]) -> str:
    said = {name: finding[name] for name in ("promised", "service", "formula", "beneath")}
    text = _(
        "Availability of %(promised)s%% is promised; what %(service)s needs (%(parts)s) was promised with "
        "%(formula)s = %(beneath)s."
    )
    return text % (said | {"parts": ", ".join(finding["parts"])})


_TEXTS = {
    "too_slow": _slow,
    "sum_too_slow": _slow,
    "never_open": lambda each: _("%(about)s: the hours of “%(name)s” never open for so long.") % _said(each),
    "missing": lambda each: _("%(about)s: “%(name)s” with %(partner)s promises nothing for it.") % _said(each),
    "hours": lambda each: (
        _("The hours of “%(name)s” don't cover the service hours, for the first time on %(start)s.")
        % {"name": each["name"], "start": _moment(each["start"], each)}
    ),
    "availability": lambda each: (
        _("Availability of %(promised)s%% is promised; “%(name)s” promises %(beneath)s%%.")
        % {"promised": each["promised"], "name": each["name"], "beneath": each["beneath"]}
    ),
    "chain": _chain,
    "ends": lambda each: (
        _("“%(name)s” with %(partner)s ends on %(day)s, before this agreement does.")
        % {"name": each["name"], "partner": each["partner"], "day": date_format(date.fromisoformat(each["day"]))}
    ),
    "nothing_beneath": lambda each: (
        _("No agreement with %(team)s, who support %(service)s, stands underneath.")
        % {"team": each["team"], "service": each["service"]}
    ),
}


def _advice(finding: Mapping[str, Any]) -> str:
    said = {"name": finding.get("name", ""), "team": finding.get("team", "")}
    texts = {
        "too_slow": _("Agree on less time or longer hours in “%(name)s”, or promise later here."),
        "sum_too_slow": _("Agree on less time in “%(name)s” or with the team, or promise later here."),
        "never_open": _("Choose other hours in “%(name)s”."),
        "missing": _("Add the target to “%(name)s”."),
        "hours": _("Agree on longer service hours in “%(name)s”, or promise shorter ones here."),
        "availability": _("Agree on more in “%(name)s”, or promise less here."),
        "chain": _("Agree on more for a part, let parts stand in for each other, or promise less here."),
        "ends": _("Prolong “%(name)s”, or find who takes over."),
        "nothing_beneath": _("Make an agreement with %(team)s."),
    }
    return texts[finding["code"]] % said


def _said(finding: Mapping[str, Any]) -> dict[str, Any]:
    about = f"{clock_label(finding['clock'])}, {Priority(finding['priority']).label}"
    return {"about": about, "name": finding["name"], "partner": finding["partner"]}


def _moment(text: str, finding: Mapping[str, Any]) -> str:
    return date_format(datetime.fromisoformat(text).astimezone(ZoneInfo(finding["zone"])), "D j M Y, H:i")
