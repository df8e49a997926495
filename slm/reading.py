"""What an agreement says, in words and in order: its page, its print, the comparison of two versions, and the API."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from measurement import declarations as measures
from measurement.declarations import Direction
from records.enums import Priority

from . import declarations
from .enums import MaintenancePolicy, ReopenPolicy, RetargetPolicy, VolumePeriod
from .models import Agreement, Target
from .points import Point


@dataclass(frozen=True)
class Line:
    """One thing that the text settles. `key` stays the same from version to version."""

    key: str
    label: str
    text: str


@dataclass(frozen=True)
class Difference:
    """A line that differs between two versions; empty texts where it stands in one of them only."""

    label: str
    before: str
    after: str


def working_time(minutes: int) -> str:
    """A number of minutes as people say it: `4 h`, `90 min` as `1 h 30 min`."""
    hours, rest = divmod(int(minutes), 60)
    parts = [_("%(number)s h") % {"number": hours}] if hours else []
    return " ".join([*parts, *([_("%(number)s min") % {"number": rest}] if rest or not hours else [])])


def clock_label(clock: str) -> str:
    """What a clock is called, its first letter large."""
    label = str(declarations.label_of(clock))
    return label[:1].upper() + label[1:]


def lines(text: Agreement) -> list[Line]:
    """Everything that the text settles, in the order in which people read it. :param text: with its relations read."""
    return [
        *_parties(text),
        *_targets(text),
        *_rules(text),
        *_availability(text),
        *_limits(text),
        *_duration(text),
    ]


def differences(before: Agreement, after: Agreement) -> list[Difference]:
    """What two versions say differently, in the order of the newer one, what was dropped at the end."""
    old = {each.key: each for each in lines(before)}
    new = {each.key: each for each in lines(after)}
    found = []
    for key in dict.fromkeys([*new, *old]):
        was, comes = (side[key].text if key in side else "" for side in (old, new))
        if was != comes:
            found.append(Difference((new.get(key) or old[key]).label, was, comes))
    return found


def promised_time(target: Target) -> str:
    """How soon: working time, or the point in time."""
    point = Point.from_code(target.point)
    return str(point) if point is not None else working_time(target.target_minutes)


def target_text(text: Agreement, target: Target) -> str:
    """One promise: so long, in which hours."""
    said = {"time": promised_time(target), "hours": target.calendar or text.calendar}
    return _("%(time)s, %(hours)s") % said


def matrix(text: Agreement) -> dict[str, Any]:
    """The targets as a table: clocks across, priorities down. `other` says which hours differ from the agreement's."""
    rows = list(text.targets.all())
    declared = [each.clock for each in declarations.promised(text.kind)]
    clocks = [each for each in declared if any(row.clock == each for row in rows)]
    cells = {(each.clock, each.priority): each for each in rows}
    return {
        "clocks": [clock_label(each) for each in clocks],
        "rows": [
            {
                "priority": priority,
                "cells": [_cell(cells.get((clock, int(priority)))) for clock in clocks],
            }
            for priority in Priority
            if any(row.priority == priority for row in rows)
        ],
    }


def _cell(target: Target | None) -> dict[str, str]:
    if target is None:
        return {"text": "–", "other": ""}
    return {"text": promised_time(target), "other": str(target.calendar or "")}


def _parties(text: Agreement) -> Iterable[Line]:
    yield Line("name", _("Name"), text.name)
    yield Line("type", _("Agreement"), str(text.get_type_display()))
    if text.partner and text.type != "customer":
        yield Line("partner", _("With"), text.partner)
    yield Line("organization", _("For the organization"), str(text.organization or _("every organization")))
    yield Line("service", _("For the service"), str(text.service or _("every service")))
    if text.requester_id:
        yield Line("requester", _("For the person"), str(text.requester))
    yield Line("calendar", _("Hours"), f"{text.calendar} ({text.calendar.zone})")


def _targets(text: Agreement) -> Iterable[Line]:
    for each in text.targets.all():
        label = f"{clock_label(each.clock)}, {Priority(each.priority).label}"
        yield Line(f"target {each.clock} {each.priority}", label, target_text(text, each))


def _rules(text: Agreement) -> Iterable[Line]:
    reasons = [declarations.reason_label(text.kind, each) for each in sorted(text.pause_reasons)]
    yield Line(
        "pauses", _("The resolution clock pauses while waiting for"), get_text_list(reasons, _("and")) or _("nothing")
    )
    yield Line("reopen", _("When a ticket is reopened"), str(ReopenPolicy(text.reopen_policy).label))
    yield Line("retarget", _("When priority or agreement change"), str(RetargetPolicy(text.retarget_policy).label))
    yield Line("attainment", _("Share of targets to be met"), f"{_number(text.attainment_target)}%")


def _availability(text: Agreement) -> Iterable[Line]:
    if text.availability_target is None:
        return
    yield Line("availability", _("Availability"), f"{_number(text.availability_target)}%")
    yield Line("service_hours", _("Service hours"), str(text.service_hours or text.calendar))
    policy = str(MaintenancePolicy(text.maintenance).label)
    if text.maintenance_windows_id:
        policy = f"{policy} ({text.maintenance_windows})"
    yield Line("maintenance", _("Planned maintenance"), policy)


def _limits(text: Agreement) -> Iterable[Line]:
    volume = text.limits.get("volume")
    if volume:
        said = {"most": volume["most"], "per": VolumePeriod(volume["per"]).label}
        yield Line("volume", _("Tickets it covers"), _("up to %(most)s %(per)s; more are counted and shown") % said)
    known = {each.id: each for each in measures.kpis()}
    for measure, bound in sorted(text.limits.get("quality", {}).items()):
        if measure in known:
            kpi = known[measure]
            yield Line(f"quality {measure}", str(kpi.name), bound_text(kpi, bound))


def bound_text(kpi: Any, bound: str) -> str:
    """`at most 5%`: which side is good says the measure."""
    unit = "%" if kpi.unit == "percent" else ""
    words = _("at least %(bound)s%(unit)s") if kpi.direction == Direction.HIGHER else _("at most %(bound)s%(unit)s")
    return words % {"bound": bound, "unit": unit}


def _duration(text: Agreement) -> Iterable[Line]:
    yield Line("exclusions", _("Exclusions"), text.exclusions or _("not settled"))
    yield Line(
        "valid_from", _("Valid from"), date_format(text.valid_from, "j M Y") if text.valid_from else _("its signature")
    )
    until = date_format(text.valid_to, "j M Y") if text.valid_to else _("open end")
    yield Line("valid_to", _("Valid to, this day not included"), until)
    yield Line("notice", _("Notice"), _("%(days)s days") % {"days": text.notice_days})


def _number(value: Any) -> str:
    return f"{value:f}".rstrip("0").rstrip(".")
