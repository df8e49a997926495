"""Scheduled reports: at the right time by the clock on the wall, to people who may see them, with their own numbers."""

from zoneinfo import ZoneInfo

import pytest
from django.core import mail as outbox
from django.utils.timezone import now

from audit.outbox import dispatch_due
from common.refusals import NotAllowed, Refused, Stale
from measurement import rebuild
from measurement.dashboards import operations as dashboards
from measurement.schedules import mail, operations
from measurement.schedules.content import as_csv, report_for
from measurement.schedules.models import Letter, Run, Schedule
from measurement.schedules.pdf import as_pdf
from measurement.schedules.report import Report, Section
from measurement.schedules.times import next_after
from notifications.models import Notice
from tests.conftest import moment

AT = moment("2026-03-10 12:00")
OSLO = ZoneInfo("Europe/Oslo")


@pytest.fixture
def board(house, log_incident):
    for day in (2, 3, 4):
        log_incident(at=moment(f"2026-03-0{day} 09:00"), title="=cmd()")
    rebuild.rebuild_all()
    made = dashboards.create(by=house.tom, at=AT, name="Désk – été")
    said = {"dashboard": made, "by": house.tom, "at": AT}
    for kind in ("number", "trend", "control"):
        dashboards.add_tile(kind=kind, kpi="inc-volume", **said)
    dashboards.add_tile(kind="split", kpi="inc-volume", by_dimension="priority", **said)
    dashboards.add_tile(kind="records", query="is:open", **said)
    dashboards.change(
        dashboard=made,
        by=house.tom,
        at=AT,
        version=None,
        name=made.name,
        range="30d",
        with_whom={"people": [house.otto]},
    )
    return made


@pytest.fixture
def plan(house, board):
    def of(**said):
        usual = {
            "by": house.tom, "at": AT, "name": "Weekly", "dashboard": board, "zone": "UTC", "every": "day",
            "minute": 780, "receivers": [house.tom, house.otto], "has_csv": True,
        }  # fmt: skip
        return operations.create(**(usual | said))

    return of


@pytest.mark.parametrize(
    ("after", "every", "said", "wanted"),
    [
        ("2026-03-28 12:00", "day", {"minute": 150}, "2026-03-29 01:30"),  # 02:30 is left out: 03:30 summer time
        ("2026-10-25 00:00", "day", {"minute": 150}, "2026-10-25 00:30"),  # 02:30 comes twice: the first
        ("2026-10-25 00:30", "day", {"minute": 150}, "2026-10-26 01:30"),
        ("2026-03-10 12:00", "week", {"weekday": 1, "minute": 780}, "2026-03-17 12:00"),  # that very moment is past
        ("2026-01-31 12:00", "month", {"month_day": 31, "minute": 0}, "2026-02-27 23:00"),
        ("2026-03-10 23:30", "day", {"minute": 0}, "2026-03-11 23:00"),
    ],
)
def test_it_goes_out_by_the_clock_on_the_wall(after, every, said, wanted):
    usual = {"weekday": 0, "month_day": 1, "minute": 0}

    found = next_after(moment(after), every, zone=OSLO, **(usual | said))

    assert found == moment(wanted)


def test_each_receiver_gets_the_numbers_of_their_own_rights(plan, house):
    plan()
    due = moment("2026-03-10 13:00")

    assert (operations.plan_due(at=due), mail.send_due(at=due)) == (1, 2)

    by_person = {message.to[0]: message for message in outbox.outbox}
    toms, ottos = by_person[house.tom.email], by_person[house.otto.email]
    assert "Incidents opened: 3" in toms.body
    assert "Incidents opened: 0" in ottos.body
    assert ["INC-" in str(each.attachments[1][1]) for each in (toms, ottos)] == [True, False]
    assert [each[0] for each in toms.attachments] == ["weekly.pdf", "weekly.csv"]
    assert toms.attachments[0][1].startswith(b"%PDF-")
    assert operations.plan_due(at=due) == mail.send_due(at=due) == 0
    assert Schedule.objects.get().next_at == moment("2026-03-11 13:00")


def test_the_file_of_text_holds_no_formula(plan, house):
    text = as_csv(report_for(plan(), house.tom, at=AT)).decode()

    assert "'=cmd()" in text
    assert ",=cmd()" not in text


def test_a_measure_goes_out_as_its_page_was(plan, house):
    made = plan(dashboard=None, kpi="inc-backlog", query="chart=flow&grain=day&from=2026-03-02&to=2026-03-04")

    section = report_for(made, house.tom, at=AT).sections[0]

    assert [row[1:] for row in section.rows] == [[1, 0, 1], [1, 0, 2], [1, 0, 3]]


def test_who_may_not_see_it_can_t_be_named_and_later_gets_nothing_and_the_run_says_so(plan, board, house):
    with pytest.raises(Refused, match="may not see this"):
        plan(receivers=[house.aisha])
    made = plan()
    dashboards.change(
        dashboard=board, by=house.tom, at=AT, version=None, name="Ours", range="30d", with_whom={"people": []}
    )
    due = moment("2026-03-10 13:00")
    operations.plan_due(at=due)

    assert mail.send_due(at=due) == 1
    outcomes = {str(each.user.username): each.outcome for each in Letter.objects.filter(run__schedule=made)}
    assert outcomes == {"tom": "sent", "otto": "left_out"}


def test_a_failure_is_shown_and_tried_again(plan, client, house, monkeypatch):
    made = plan(receivers=[house.tom])
    due = moment("2026-03-10 13:00")
    operations.plan_due(at=due)
    monkeypatch.setattr(mail, "report_for", lambda *_args, **_more: 1 / 0)

    assert mail.send_due(at=due) == 0

    letter = Letter.objects.get()
    assert (letter.outcome, "ZeroDivisionError" in letter.error) == ("waiting", True)
    client.force_login(house.tom)
    assert "ZeroDivisionError" in client.get(made.get_absolute_url()).content.decode()


def test_paused_it_sends_nothing_and_then_goes_on_with_the_next_time(plan, house):
    made = plan()
    operations.pause(schedule=made, by=house.tom, at=AT)
    with pytest.raises(Refused):
        operations.pause(schedule=made, by=house.tom, at=AT)

    assert operations.plan_due(at=moment("2026-03-20 13:00")) == 0
    operations.resume(schedule=made, by=house.tom, at=moment("2026-03-20 13:00"))
    assert operations.plan_due(at=moment("2026-03-20 23:00")) == 0
    assert operations.plan_due(at=moment("2026-03-24 13:00")) == 1  # three times were missed: one run
    assert Run.objects.count() == 1


def test_when_its_owner_has_left_it_pauses_and_somebody_else_takes_it_over(plan, board, house):
    made = plan(receivers=[house.otto])
    house.tom.is_active = False
    house.tom.save()

    assert operations.plan_due(at=moment("2026-03-10 13:00")) == 0
    made.refresh_from_db()
    assert (made.is_paused, "owner has left" in made.paused_reason) == (True, True)
    with pytest.raises(Refused):
        operations.resume(schedule=made, by=house.ines, at=AT)
    with pytest.raises(NotAllowed):
        operations.take_over(schedule=made, by=house.aisha, at=AT)
    operations.take_over(schedule=made, by=house.ines, at=AT)
    operations.resume(schedule=made, by=house.ines, at=AT)
    # The dashboard is not shared with Ines.
    assert operations.plan_due(at=moment("2026-03-10 13:00")) == 0
    made.refresh_from_db()
    assert "may no longer see the dashboard" in made.paused_reason


def test_others_find_no_schedule_and_change_none(plan, house, client):
    made = plan()

    for user, status in ((house.otto, 404), (house.aisha, 404), (house.ines, 403)):
        client.force_login(user)
        assert client.get(f"{made.get_absolute_url()}settings/").status_code == status
        assert client.post(f"{made.get_absolute_url()}removal/").status_code == status
    client.force_login(house.maria)
    assert client.get(made.get_absolute_url()).status_code == 403
    with pytest.raises(Stale):
        operations.change(schedule=made, by=house.tom, at=AT, version=99, receivers=[house.tom])


def test_the_form_keeps_what_was_typed_and_says_what_does_not_fit(board, house, client):
    client.force_login(house.tom)
    said = {
        "name": "Typed", "dashboard": board.pk, "receivers": "nobody@x.example", "every": "week", "time": "07:00",
        "zone": "Mars/Base",
    }  # fmt: skip

    first = client.post("/dashboards/schedules/new/", said)
    second = client.post("/dashboards/schedules/new/", said | {"receivers": "tom"})
    third = client.post(
        "/dashboards/schedules/new/", said | {"receivers": "tom", "zone": "Europe/Oslo", "has_pdf": "on"}
    )

    assert (first.status_code, second.status_code, third.status_code) == (422, 409, 303)
    assert ("nobody@x.example" in first.content.decode(), "no such time zone" in second.content.decode()) == (
        True,
        True,
    )
    assert client.get(third.url).status_code == 200


def test_the_sample_sends_no_mail(plan, house):
    plan(is_sample=True)

    assert operations.plan_due(at=moment("2026-03-10 13:00")) == 1
    assert not Letter.objects.exists()


def test_a_receiver_leaves_by_themselves_and_only_they_come_back(plan, house, client, mailoutbox):
    made = plan(receivers=[house.tom, house.otto])
    operations.plan_due(at=moment("2026-03-10 13:00"))
    path = f"/dashboards/schedules/{made.pk}/leaving/"
    client.force_login(house.aisha)
    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)
    client.force_login(house.otto)
    assert "Weekly" in client.get(path).content.decode()

    for _twice in range(2):
        assert client.post(path).status_code == 303

    assert mail.send_due(at=moment("2026-03-10 13:00")) == 1
    [letter] = mailoutbox
    assert letter.to == [house.tom.email]
    assert (path in letter.body, path in letter.extra_headers["List-Unsubscribe"]) == (False, True)
    dispatch_due(at=now())
    assert [(each.user, each.text) for each in Notice.objects.order_by("pk")] == [
        (house.tom, "Otto Weiss left it and gets it no more.")
    ]
    client.force_login(house.tom)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Left by themselves" in page
    assert "Otto Weiss" in page
    said = {"schedule": made, "by": house.tom, "at": AT, "version": None, "zone": "UTC"}
    with pytest.raises(Refused, match="only they themselves"):
        operations.change(receivers=[house.tom, house.otto], **said)
    operations.leave(schedule=made, by=house.tom, at=AT)
    made.refresh_from_db()
    assert (made.is_paused, made.receivers.count()) == (True, 0)

    operations.come_back(schedule=made, by=house.otto, at=AT)

    assert list(made.receivers.all()) == [house.otto]
    dashboards.remove(dashboard=made.dashboard, by=house.tom, at=AT)
    with pytest.raises(Refused, match="may not see this any more"):
        operations.come_back(schedule=made, by=house.tom, at=AT)


def test_paper_turns_for_wide_tables_only_and_begins_no_page_without_need(plan, house):
    tiles = report_for(plan(), house.tom, at=AT)
    wide = Section("Wide", head=["Name", *map(str, range(20))], rows=[["Ü" * 20, *range(20)]] * 3)
    mixed = Report("Mixed", "", "", [Section("Plain", ["1"]), wide, wide, Section("Plain", ["2"])])

    assert pages(as_pdf(tiles, whose="Tom")) == 3
    assert pages(as_pdf(mixed, whose="Tom")) == 3
    assert pages(as_pdf(Report("Empty", "", "", []), whose="Tom")) == 1


def pages(paper):
    return paper.count(b"/Type /Page\n")
