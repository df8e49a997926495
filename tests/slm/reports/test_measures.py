"""What reviews and boards are measured by, with figures by hand: none, half, one left out, and Otto."""

from datetime import date, timedelta

import pytest

from changes.board import operations as boards
from improvement import operations as improvements
from measurement import declarations, rebuild
from measurement.drill import HIT, MEASURED, MISSED, Drill
from measurement.periods import Range
from measurement.scope import scope_of
from slm.reports import operations
from slm.reports.models import ReviewMeeting
from tests.changes.board.conftest import MONDAY_10, WEDNESDAY_9, board  # noqa: F401 - fixtures
from tests.changes.conftest import gateway, write_change  # noqa: F401 - fixtures
from tests.changes.pipelines.test_measures import counted, settle, value
from tests.conftest import moment

from .conftest import MARCH
from .test_meetings import LATER, planned, written  # noqa: F401 - a fixture and a helper

MONTH = Range(date(2026, 3, 1), date(2026, 4, 1))


@pytest.fixture(autouse=True)
def _counted(db):
    rebuild.rebuild_all()


def told(name, viewer, on="2026-03-31"):
    """Numerator and denominator of the month up to a day, or of what stands at its end."""
    found = value(name, viewer, "2026-03-01", str(date.fromisoformat(on) + timedelta(days=1)))
    return found.numerator, found.denominator


def behind(name, viewer, part, span=MONTH):
    found = Drill(declarations.kpi(name), span, scope_of(viewer)).rows(part)
    return sorted(str(row) for rows in found.values() for row in rows)


def test_a_review_counts_for_its_day_and_as_held_once_its_minutes_are_closed(planned, house, plan, solved):  # noqa: F811
    assert value("slm-reviews", house.ines).text == "n/a"
    meeting = planned()
    assert told("slm-reviews", house.ines) == (0, 1)

    operations.close_minutes(meeting=written(meeting, house), by=house.ines, at=LATER)
    march = operations.compile_report(plan=plan, first_day=MARCH, by=None, at=moment("2026-04-01 09:00"))
    march = operations.issue(
        report=operations.review(report=march, by=house.ines, at=moment("2026-04-01 09:00")),
        by=house.ines, at=moment("2026-04-01 09:00"),
    )  # fmt: skip
    operations.plan_meeting(
        report=march, by=house.ines, at=moment("2026-04-01 09:00"), starts_at=moment("2026-04-20 09:00")
    )

    assert told("slm-reviews", house.ines) == (1, 1)
    assert value("slm-reviews", house.ines, "2026-03-01", "2026-05-01").number == 50
    both = Range(MONTH.day_from, date(2026, 5, 1))
    assert behind("slm-reviews", house.ines, HIT, both) == ["Acme, February 2026"]
    assert behind("slm-reviews", house.ines, MISSED, both) == ["Acme, March 2026"]
    assert value("slm-reviews", house.otto, "2026-03-01", "2026-05-01").denominator == 0
    assert behind("slm-reviews", house.otto, MEASURED, both) == []


def test_actions_are_open_until_they_are_done_and_overdue_from_the_day_after(planned, house, board):  # noqa: F811
    """Of a review: one done late, one done in the register; of a board: one without a day, never overdue."""
    assert value("csi-actions-overdue", house.ines).text == "n/a"
    meeting = planned()
    quick, mail = (
        operations.give_action(
            meeting=meeting, by=house.ines, at=LATER, text=text, owner=house.ines, due_date=date(2026, 3, day),
            is_for_register=day == 14,
        )
        for text, day in (("Add a gateway", 12), ("<b>Mail</b>", 14))
    )  # fmt: skip
    board_meeting = boards.create(by=house.ines, at=MONDAY_10, board=board.board, starts_at=WEDNESDAY_9, zone="UTC")
    board_meeting = boards.begin(meeting=board_meeting, by=house.ines, at=WEDNESDAY_9)
    someday = boards.add_action(
        meeting=board_meeting, by=house.ines, at=moment("2026-03-12 09:00"), text="Someday", owner=house.ines
    )
    boards.add_action(
        meeting=board_meeting, by=house.ines, at=moment("2026-03-12 09:00"), text="Never", owner=house.ines,
        due_date=date(9999, 12, 31),
    )  # fmt: skip
    found = [told("csi-actions-overdue", house.ines, f"2026-03-{on}") for on in (10, 11, 12, 13, 14, 15)]
    assert found == [(0, 0), (0, 2), (0, 4), (1, 4), (1, 4), (2, 4)]

    operations.finish_action(action=quick, by=house.ines, at=moment("2026-03-16 09:00"))
    improvements.decline(
        improvement=mail.record.specific, by=house.ines, at=moment("2026-03-17 09:00"), reply="Not worth it."
    )
    boards.finish_action(action=someday, by=house.ines, at=moment("2026-03-18 09:00"))
    found = [told("csi-actions-overdue", house.ines, f"2026-03-{on}") for on in (15, 16, 17, 18)]
    assert found == [(2, 4), (1, 3), (0, 2), (0, 1)]
    boards.reopen_action(action=someday, by=house.ines, at=moment("2026-03-19 09:00"))

    settle()
    assert [told("csi-actions-overdue", house.ines, f"2026-03-{on}") for on in (16, 17, 19)] == [(1, 3), (0, 2), (0, 2)]
    end = Range(MONTH.day_from, date(2026, 3, 17))
    assert behind("csi-actions-overdue", house.ines, HIT, end) == ["<b>Mail</b>"]
    assert behind("csi-actions-overdue", house.ines, MEASURED, end) == ["<b>Mail</b>", "Never", "Someday"]
    assert counted("csi-actions-overdue", house.otto, "2026-03-01", "2026-03-20").denominator == 0
    assert behind("csi-actions-overdue", house.otto, MEASURED, end) == []


def test_the_rows_behind_a_number_are_shown_and_html_is_data(planned, house, pages_of):  # noqa: F811
    operations.give_action(
        meeting=planned(), by=house.ines, at=LATER, text="<b>Mail</b>", owner=house.ines, due_date=date(2026, 3, 14)
    )
    settle()
    client = pages_of(house.ines)

    page = client.get("/kpi/csi-actions-overdue/records/?from=2026-03-01&to=2026-03-20").content.decode()

    assert "&lt;b&gt;Mail&lt;/b&gt;" in page and "Ines Duarte, until March 14, 2026 · Acme, February 2026" in page
    assert f"/reports/{ReviewMeeting.objects.get().report_id}/meeting/" in page and "None" not in page
    assert (
        "Acme, February 2026"
        in client.get("/kpi/slm-reviews/records/?part=missed&from=2026-03-01&to=2026-03-20").content.decode()
    )
