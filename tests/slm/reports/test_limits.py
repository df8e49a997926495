"""Volume limits and quality targets in the report of a month."""

import pytest

from slm.reports import operations
from slm.reports.agenda import points_of
from slm.reports.pdf import made_from
from slm.reports.reading import Reading
from tests.conftest import moment

from .conftest import AFTER, FEBRUARY

pytestmark = pytest.mark.django_db


def test_limits_are_counted_in_the_zone_of_the_report_and_open_their_rows(
    house, plan, promised, solved, log_incident, pages_of
):
    promised.organization = house.acme
    promised.limits = {"volume": {"most": 1, "per": "week"}, "quality": {"inc-fcr": "100", "inc-reopen": "0"}}
    promised.save()
    early = solved("2026-02-01 22:59", "2026-02-02 01:00")  # Sunday evening in Oslo: the week before
    solved("2026-02-01 23:00", "2026-02-02 02:00")  # Monday there
    solved("2026-02-08 22:59", "2026-02-08 23:30", title="<b>x</b>")
    solved("2026-02-23 09:00", "2026-02-28 22:59")  # its week ends with 1 March, in the next month
    late = solved("2026-02-20 09:00", "2026-02-28 23:00")  # resolved in March, there
    log_incident(at=moment("2026-02-03 09:00"), requester=house.otto)

    report = operations.compile_report(plan=plan, first_day=FEBRUARY, by=None, at=AFTER)

    volume, fcr, reopened = report.document["promises"]
    assert (volume["used"]["count"], volume["busiest"], volume["over"], volume["spans"]) == (2, "2026-02-02", 1, 4)
    measured = report.evidence.get(key=f"quality.{promised.pk}.inc-fcr.measured").ids
    assert early.pk in measured
    assert late.pk not in measured
    assert (fcr["hits"]["count"], fcr["measured"]["count"]) == (0, 4)
    assert (reopened["hits"]["count"], reopened["measured"]["count"]) == (0, 4)
    read = Reading(report).promises
    assert [(each["bound"], str(each["came_to"]), each["is_held"]) for each in read] == [
        ("up to 1 a week", "2", False), ("at least 100%", "0.0%", False), ("at most 0%", "0.0%", True),
    ]  # fmt: skip
    assert read[0]["detail"] == "busiest week: from 2 Feb; over in 1 of 4 weeks"
    agenda = [text for kind, text in points_of(report) if kind == "target"]
    assert "Acme gold: Tickets that came 2, up to 1 a week promised" in agenda
    client, base = pages_of(house.ines), report.get_absolute_url()
    page = client.get(base).content.decode()
    assert "Volume and quality" in page
    assert f"{base}figures/{volume['used']['key']}/" in page
    rows = client.get(f"{base}figures/{volume['used']['key']}/").content.decode()
    assert "&lt;b&gt;x&lt;/b&gt;" in rows
    assert early.reference not in rows
    assert made_from(report).startswith(b"%PDF")


def test_nothing_is_told_where_nothing_is_limited_or_nothing_was_measured(house, plan, promised, solved):
    report = operations.compile_report(plan=plan, first_day=FEBRUARY, by=None, at=AFTER)
    assert report.document["promises"] == []

    promised.organization, promised.limits = (
        house.acme,
        {"volume": {"most": 5, "per": "month"}, "quality": {"inc-fcr": "70"}},
    )
    promised.save()
    report = operations.compile_again(report=report, by=house.ines, at=AFTER)

    volume, fcr = Reading(report).promises
    assert (volume["came_to"].count, volume["came_to"].url, volume["detail"], volume["is_held"]) == (0, "", "", True)
    assert (fcr["came_to"], fcr["is_held"]) == ("n/a", None)
    del report.document["promises"]  # one issued before these were told
    assert Reading(report).promises == []
