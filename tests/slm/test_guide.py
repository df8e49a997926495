"""The worked examples of docs/guide/clocks.md, lived through: whoever changes a number there has to be right."""

import re
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from calendars import operations as calendar_operations
from calendars.business_time import DayException, WeeklyWindow
from common.time import hours_and_minutes
from incidents import operations
from records import operations as record_operations
from slm import replanning
from slm.models import Agreement, Clock, Target
from slm.points import Point
from slm.queries import view_of
from slm.sentences import wall

GUIDE = (Path(__file__).parents[2] / "docs" / "guide" / "clocks.md").read_text()
CHAPTER = GUIDE.partition("\n## How a clock is computed\n")[2].partition("\n## ")[0]
EXAMPLES = {each.partition("\n")[0]: each for each in CHAPTER.split("\n### ")[1:]}
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
WINDOW = re.compile(r"(?:(daily)|(\w{3})-(\w{3})) (\d\d):(\d\d)-(\d\d):(\d\d)")


def windows(text: str) -> list[WeeklyWindow]:
    """Of `Mon-Fri 08:00-18:00`, several parted by commas; `Sun-Fri` goes over the turn of the week."""
    found = []
    for daily, first, last, *wall_clock in WINDOW.findall(text):
        begin, length = (0, 7) if daily else (DAYS.index(first), (DAYS.index(last) - DAYS.index(first)) % 7 + 1)
        start_hour, start_minute, end_hour, end_minute = map(int, wall_clock)
        for day in range(begin, begin + length):
            found.append(WeeklyWindow(day % 7, start_hour * 60 + start_minute, end_hour * 60 + end_minute))
    return sorted(found, key=lambda each: (each.weekday, each.start_minute))


def promises(text: str) -> dict[int, Any]:
    """Of `P4: 8 h` and `P4: next day 17:00 if by 14:00`: by priority, in minutes or as a point."""
    found: dict[int, Any] = {}
    for priority, said in re.findall(r"P(\d): ([^,]+)", text):
        hours = re.fullmatch(r"(\d+) h", said)
        found[int(priority)] = int(hours[1]) * 60 if hours else Point.parse(said)
    return found


def set_up(line: str) -> tuple[Any, ZoneInfo]:
    """Hours and agreement of the first line of an example. Returns the calendar and its zone."""
    zone = re.search(r" (\w+/\w+),", line)[1]  # type: ignore[index]
    hours = line.partition(zone)[0]
    calendar = calendar_operations.create_calendar(
        name="Hours",
        zone=zone,
        is_always_open=hours.startswith("always"),
        windows=windows(hours),
        exceptions=[DayException(date.fromisoformat(day), (), "") for day in re.findall(r"closed (\S+)", line)],
        by=None,
        at=datetime(2011, 1, 1, tzinfo=ZoneInfo("UTC")),
    )
    policies = dict(re.findall(r"(retarget|reopen) (\w+)", line))
    agreement = Agreement.objects.create(
        name="Example", slug="example", calendar=calendar, state="active", pause_reasons=["requester"],
        reopen_policy=policies.get("reopen", "resume"), retarget_policy=policies.get("retarget", "from_start"),
    )  # fmt: skip
    for priority, said in promises(line).items():
        is_point = isinstance(said, Point)
        Target.objects.create(
            agreement=agreement, clock="resolution", priority=priority,
            target_minutes=1 if is_point else said, point=said.code if is_point else "",
        )  # fmt: skip
    return calendar, ZoneInfo(zone)


def live(act: str, ticket: Any, house: SimpleNamespace, calendar: Any, at: datetime) -> Any:
    """Do what a row says."""
    said = {"by": house.tom, "at": at}
    same_day = re.search(r" at (\d\d):(\d\d)$", act)
    moment = at.replace(hour=int(same_day[1]), minute=int(same_day[2])) if same_day else None
    if act.startswith("on hold"):
        is_agreed = act == "on hold"
        more = {"question": "Which client?"} if is_agreed else {"supplier_reference": "S-1"}
        return operations.hold(incident=ticket, **said, hold_for="requester" if is_agreed else "supplier", **more)
    if act.startswith("becomes P"):
        return record_operations.override_priority(record=ticket, **said, priority=int(act[-1]), reason="Judged again.")
    if act.startswith("was reported"):
        return record_operations.correct_report(record=ticket, **said, opened_at=moment, reason="The mail says so.")
    if act.startswith("worked again"):
        return record_operations.correct_resolution(
            record=ticket, **said, resolved_at=moment, reason="The log says so."
        )
    if act.startswith("hours become"):
        calendar_operations.save_hours(
            calendar=calendar, exceptions=[],
            windows=windows(act), by=house.ines, at=at,
        )  # fmt: skip
        replanning.replan(calendar.pk, at=at)
        return ticket
    if act == "goes on":
        return operations.resume(incident=ticket, **said)
    if act == "resolved":
        return operations.resolve(incident=ticket, **said, code="fixed", text="Restarted.")
    assert act == "reopened", act
    return operations.reopen(incident=ticket, **said, reason="It drops again.")


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_comes_out_as_the_guide_says(name, house, log_incident):
    text = EXAMPLES[name]
    calendar, zone = set_up(re.search(r"`(.+)`", text)[1])
    rows = re.findall(r"^\| (\w{3} \d.+?) \| (.+?) \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    assert rows
    ticket: Any = None

    for when, act, *expected in rows:
        at = datetime.strptime(when, "%a %d %b %Y %H:%M").replace(tzinfo=zone)
        assert at.strftime("%a") == when[:3]
        if ticket is None:
            assert act == "reported"
            ticket = operations.start(incident=log_incident(at=at), by=house.tom, at=at)
        else:
            ticket = live(act, ticket, house, calendar, at)
        clock = Clock.objects.filter(record_id=ticket.pk, kind="resolution").order_by("-id")[0]
        clock.record = ticket
        used = view_of(clock, at=at).used
        due = clock.state if clock.state in ("met", "missed") else wall(clock.due_at, zone) if clock.due_at else "–"
        assert [hours_and_minutes(used), due.replace(",", "")] == expected, f"{when}: {act}"


def test_the_chapter_keeps_its_examples():
    assert len(EXAMPLES) >= 19
