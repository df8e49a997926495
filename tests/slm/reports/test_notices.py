"""Who finds reports, reviews and what they are to do in their inbox."""

from datetime import date

import pytest

from audit import outbox
from notifications.models import Notice
from slm.reports import operations
from tests.conftest import moment

from .conftest import AFTER, FEBRUARY

pytestmark = pytest.mark.django_db
LATER = moment("2026-03-11 09:00")


def told():
    while outbox.dispatch_due(at=moment("2030-01-01 00:00")):
        pass
    rows = Notice.objects.filter(subject_kind="report").order_by("pk").values_list("user__username", "kind", "text")
    found = sorted(rows)
    Notice.objects.all().delete()
    return found


def test_the_life_of_a_report_reaches_those_whom_it_concerns_on_their_side(house, plan, solved, client):
    plan.receivers.add(house.otto)  # took the job of somebody, and belongs elsewhere by now
    solved("2026-02-10 09:00", "2026-02-10 12:00")
    report = operations.compile_report(plan=plan, first_day=FEBRUARY, by=None, at=AFTER)
    assert told() == [("ines", "changed", "Its figures are counted. Look them through.")]
    operations.review(report=report, by=house.ines, at=AFTER)
    operations.issue(report=report, by=house.ines, at=AFTER)
    assert told() == [("maria", "decision", "It is issued. Read it, then accept or dispute it.")]
    operations.dispute(report=report, by=house.max, at=AFTER, comment="Why?")
    assert told() == [("ines", "replied", "The customer disputes it.")]
    operations.answer(report=report, by=house.ines, at=AFTER, text="Because")
    assert told() == [("max", "replied", "Your dispute is answered.")]
    meeting = operations.plan_meeting(
        report=report, by=house.ines, at=AFTER, starts_at=moment("2026-03-10 09:00"), people=[house.max, house.aisha]
    )
    assert told() == [(name, "meeting", "Its review is planned.") for name in ("aisha", "max")]
    said = {"meeting": meeting, "by": house.ines, "at": LATER, "due_date": date(2099, 1, 1), "text": "<b>Do it</b>"}
    operations.give_action(owner=house.max, **said)
    operations.give_action(owner=house.aisha, **said)

    while outbox.dispatch_due(at=moment("2030-01-01 00:00")):
        pass

    for person, place in ((house.aisha, "/reports/"), (house.max, "/portal/reports/")):
        client.force_login(person)
        page = client.get("/inbox/").content.decode()
        assert "&lt;b&gt;Do it&lt;/b&gt;" in page
        assert client.post(f"/inbox/report/{report.pk}/reading/").headers["Location"] == f"{place}{report.pk}/"
