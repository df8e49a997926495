"""The SLA dashboard: every number opens exactly its records, and nobody reads what is not theirs."""

import html
import re
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
import time_machine
from django.core import mail as outbox

from calendars.models import CalendarVersion
from common.refusals import Refused
from incidents import operations
from measurement import rebuild
from measurement.filters import read
from measurement.schedules import mail
from measurement.schedules import operations as schedules
from measurement.schedules.models import Schedule
from records.models import Record
from slm.breaches import recording
from slm.breaches.models import Breach, Cause, Clause
from slm.dashboard.delays import DELAYS, NO_DELAY
from slm.dashboard.misses import Misses
from slm.models import AgreementVersion, Clock
from tests.conftest import moment

NOW = "2026-03-10 12:00"
STATEMENTS = 19


@pytest.fixture
def past(house, standard, log_incident):
    """Monday 2 March: one incident resolved in time, one an hour too late after three hand-overs; a third is open."""
    in_time = log_incident(title="Kept")
    in_time = operations.take(incident=in_time, by=house.tom, at=moment("2026-03-02 09:01"))
    operations.resolve(incident=in_time, by=house.tom, at=moment("2026-03-02 09:30"), code="fixed", text="Done.")
    late = log_incident(title="Missed")
    for team in (house.first_line, house.networks, house.first_line, house.networks):
        late = operations.assign(incident=late, by=house.tom, at=moment("2026-03-02 09:05"), team=team)
    operations.resolve(incident=late, by=house.tom, at=moment("2026-03-06 09:30"), code="fixed", text="Done.")
    log_incident(title="Still open", at=moment("2026-03-10 11:59"))
    rebuild.rebuild_all()
    return late


@pytest.fixture
def get(client, house):
    def ask(path, user=None, **query):
        if user or "_auth_user_id" not in client.session:
            client.force_login(user or house.tom)
        with time_machine.travel(moment(NOW), tick=False):
            return client.get(path, query)

    return ask


def test_attainment_counts_finished_clocks_only(past, get):
    shown = get("/sla/").context["page"]

    finished = Clock.objects.filter(state__in=["met", "missed"])
    assert shown.attained.denominator == finished.count() == 4
    assert shown.attained.numerator == finished.filter(state="met").count()


def test_days_without_clocks_lead_to_the_last_ones_also_under_an_agreement_out_of_force(
    past, house, standard, get, monkeypatch
):
    """As after the import of an old log, whose agreement is kept out of force."""
    type(standard).objects.update(state="retired")
    monkeypatch.setattr(f"{__name__}.NOW", "2026-08-10 12:00")

    page = get("/sla/")
    leads = dict(parse_qsl(page.context["page"].latest_url.removeprefix("?")))

    assert leads == {"from": "2025-12-07", "to": "2026-03-06"}
    assert "Show those days" in page.content.decode()
    found = get("/sla/", **leads)
    assert found.context["page"].attained.denominator == 4
    assert "No agreement yet" not in found.content.decode()
    assert "Show those days" not in get("/sla/", user=house.otto).content.decode()


def test_every_part_of_the_misses_opens_as_many_clocks_as_it_says(past, house, get):
    with time_machine.travel(moment(NOW), tick=False):
        asked = read({}, house.tom, at=moment(NOW), operation="sla.view")
    misses = Misses(asked.span, asked.scope)
    summary = misses.summary()

    assert summary.total == misses.rows().count() > 0
    for name in (*DELAYS, NO_DELAY):
        assert summary.delays[name] == misses.rows(delay=name).count()
    for (weekday, hour), count in summary.hours.items():
        assert count == misses.rows(weekday=weekday, hour=hour).count()
    assert summary.delays["handed"] > 0


def test_every_number_of_the_dashboard_opens_a_list_of_that_length(past, house, log_incident, get):
    """Raw and excused, by agreement, place, week and month, over the end of a month and with nothing assigned."""
    recording.make(recording.unanswered())
    excused = Clock.objects.filter(state="missed", record=past).latest("stopped_at")
    decided = {
        "cause": Cause.objects.create(name="x"),
        "clause": Clause.objects.create(name="x"),
        "explained_at": moment(NOW),
    }
    rows = Breach.objects.filter(clock=excused)
    assert rows.update(state="excused", decided_at=moment(NOW), **decided) == 1
    early = log_incident(title="<i>February</i>", at=moment("2026-02-27 09:00"))
    early = operations.take(incident=early, by=house.tom, at=moment("2026-02-27 09:01"))
    operations.resolve(incident=early, by=house.tom, at=moment("2026-02-28 22:59"), code="fixed", text="Done.")
    rebuild.rebuild_all()
    answer = get("/sla/", range="30d")

    shown = answer.context["page"]
    rows = [row for place in shown.places for row in place["rows"]] + shown.by_month
    rows += get("/sla/agreements/", range="30d").context["rows"]
    links = [(each["url"], each["number"]) for each in shown.delays]
    links += [(cell["url"], cell["value"]) for row in shown.heatmap["rows"] for cell in row["cells"] if cell["url"]]
    for row in rows:
        counts = row.counts
        links += [(row.finished_url, counts.finished), (row.missed_url, counts.missed), (row.excused_url, 1)][
            : 3 if counts.excused else 2
        ]
    links += [
        (cell["url"], cell["number"])
        for row in shown.trend["rows"]
        for cell in row
        if isinstance(cell, dict) and cell["url"]
    ]

    assert [row.name for row in shown.by_month] == ["Mar 2026", "Feb 2026"]
    assert {row.raw.denominator - row.net.denominator for row in rows} == {0, 1}
    for url, number in links:
        assert follow(get, url).context["total"] == number, url
    whole = shown.attained
    for place in shown.places:
        assert sum(row.counts.finished for row in place["rows"]) == whole.denominator
    assert sum(row.counts.finished for row in shown.by_month) == whole.denominator == 6
    page = answer.content.decode() + get("/sla/agreements/", range="30d").content.decode()
    told = {html.unescape(url) for url in re.findall(r'href="(/(?:sla/breaches|kpi/[^"]*records)/[^"]*)"', page)}
    assert {url for url, _number in links} <= told


def test_a_miss_stands_in_the_hour_in_which_its_target_passed_and_pages_follow_the_key(past, get, monkeypatch):
    late = Clock.objects.filter(state="missed").latest("stopped_at")
    for number in range(3):
        Clock.objects.filter(pk=_copy(late).pk).update(
            breached_at=moment("2026-02-01 23:30"), is_breached_by_reclassification=not number
        )
    Clock.objects.filter(pk=_copy(late).pk).update(breached_at=None)  # imported: it finished on Friday at 9:30
    rebuild.rebuild_all()
    monkeypatch.setattr("slm.dashboard.listing.ROWS", 2)

    shown = get("/sla/", range="30d").context["page"]

    assert shown.misses.hours[5, 9] >= 1
    assert (7, 23) not in shown.misses.hours  # that target passed before these days
    seen, url = [], "/sla/breaches/?range=30d"
    while url:
        context = follow(get, url).context
        seen += [clock.pk for clock in context["rows"]]
        url = context["older_url"] and f"/sla/breaches/{context['older_url']}"
    assert len(seen) == len(set(seen)) == context["total"] == shown.attained.missed
    assert follow(get, "/sla/breaches/?range=30d&before=x99").context["rows"][0].pk == seen[0]


def follow(get, url):
    path, _mark, query = url.partition("?")
    return get(path, **dict(parse_qsl(query)))


@pytest.mark.parametrize(
    "query", [{}, {"team": "none"}, {"priority": "p2"}, {"service": "vpn", "organization": "acme"}]
)
def test_at_risk_breached_and_due_today_open_the_queue_with_as_many_tickets(past, house, log_incident, get, query):
    for state, due_at, at_risk_at, left in (
        ("running", "2026-03-10 11:59", "2026-03-10 10:00", None),
        ("running", "2026-03-10 12:01", "2026-03-10 12:00", None),
        ("running", "2026-03-10 23:59", "2026-03-10 22:00", None),
        ("running", "2026-03-11 00:00", "2026-03-10 11:00", None),
        ("paused", None, None, timedelta(0)),
        ("paused", None, None, timedelta(minutes=1)),
    ):
        Record.objects.filter(pk=log_incident(at=moment("2026-03-10 11:00")).pk).update(
            due_state=state,
            due_at=due_at and moment(due_at),
            at_risk_at=at_risk_at and moment(at_risk_at),
            due_remaining=left,
        )

    shown = get("/sla/", **query).context["page"].now

    for each in shown:
        assert follow(get, each["url"]).context["total"] == str(each["number"]), each["url"]
    if not query:
        assert [each["number"] for each in shown] == [2, 2, 2]


def test_each_agreement_says_whether_it_is_kept_and_opens_its_misses(past, house, get, standard):
    page = get("/sla/agreements/", range="30d")
    rows = page.context["rows"]

    assert [(row.name, row.counts, row.is_held) for row in rows] == [("Standard", (2, 4, 4), False)]
    shown = follow(get, rows[0].missed_url).context
    assert (shown["total"], len(shown["rows"])) == (2, 2)
    assert "Standard" in [chip["label"] for chip in shown["chips"]]
    assert follow(get, "/sla/breaches/?range=30d&agreement=none").context["total"] == 0
    assert "Choose 92 days or fewer" in get("/sla/agreements/", range="12m").content.decode()
    assert get("/sla/agreements/", user=house.otto, range="30d").context["rows"] == []


def test_numbers_of_a_filter_that_names_nothing_open_nothing(past, get):
    shown = get("/sla/", service="no-such-service").context["page"]

    assert [(each["number"], each["url"]) for each in shown.now] == [(0, "")] * 3


def test_a_forecast_is_made_from_the_same_hours_of_eight_weeks(past, get, log_incident):
    late = Clock.objects.filter(state="missed").first()
    for week, count in enumerate((3, 0, 5, 1, 2, 9, 1, 4), start=1):
        for _each in range(count):
            Clock.objects.filter(pk=_copy(late).pk).update(
                breached_at=moment("2026-03-10 18:00") - timedelta(weeks=week)
            )
        Clock.objects.filter(pk=_copy(late).pk).update(breached_at=moment("2026-03-10 11:59") - timedelta(weeks=week))
        update = _copy(late).pk  # of an update that came late; the next may come in time
        Clock.objects.filter(pk=update).update(
            kind="update", breached_at=moment("2026-03-10 18:00") - timedelta(weeks=week)
        )

    with time_machine.travel(moment(NOW), tick=False):
        rebuild.rebuild_all()
    assert get("/sla/").context["page"].forecast is None  # readings of a week only

    log_incident(at=moment("2026-01-05 09:00"))
    Clock.objects.filter(pk=_copy(late).pk).update(stopped_at=moment("2026-02-01 09:00"))
    rebuild.rebuild_all()
    found = get("/sla/").context["page"].forecast
    assert found["text"] == "Forecast: 1–4 more misses likely today."
    assert "0, 1, 1, 2, 3, 4, 5, 9" in found["method"]


def _copy(clock):
    """Another missed clock of the same record."""
    return Clock.objects.create(
        **{field.attname: getattr(clock, field.attname) for field in Clock._meta.fields if field.name != "id"}
    )


def test_new_versions_of_agreements_and_calendars_stand_on_the_trend(past, standard, office, get):
    AgreementVersion.objects.create(agreement=standard, number=2, document={}, created_at=moment("2026-03-04 10:00"))
    CalendarVersion.objects.create(calendar=office, number=9, document={}, created_at=moment("2026-02-17 10:00"))
    CalendarVersion.objects.create(calendar=office, number=8, document={}, created_at=moment("2025-11-17 10:00"))

    answer = get("/sla/")

    assert [(each["label"], each["text"]) for each in answer.context["page"].changes] == [
        ("W10", f"agreement “{standard.name}”, version 2"),
        ("W8", f"hours of “{office.name}”, version 9"),
    ]
    assert "W10*" in answer.context["page"].trend["chart"]["labels"]


def test_the_number_of_finished_clocks_opens_that_many(past, get):
    shown = get("/sla/").context["page"]
    answer = get("/kpi/slm-attainment/records/", part="measured")

    assert answer.context["total"] == shown.attained.denominator


def test_otto_sees_none_of_it(past, house, get):
    answer = get("/sla/", user=house.otto)
    listed = get("/sla/breaches/", user=house.otto)

    assert answer.context["page"].attained.denominator == 0
    assert [each["number"] for each in answer.context["page"].now] == [0, 0, 0]
    assert answer.context["page"].misses.total == listed.context["total"] == 0
    assert "Missed" not in re.sub(r"Missed target", "", listed.content.decode())
    assert "Acme" not in answer.content.decode()


def test_naming_another_organization_gives_otto_nothing(past, house, get):
    answer = get("/sla/breaches/", user=house.otto, organization="acme")

    assert answer.context["total"] == 0


def test_requesters_have_no_dashboard(past, house, get):
    assert get("/sla/", user=house.maria).status_code == 403
    assert get("/sla/breaches/", user=house.maria).status_code == 403
    assert get("/kpi/", user=house.maria).status_code == 403


def test_an_unknown_service_in_the_address_finds_nothing_and_can_be_taken_away(past, get):
    answer = get("/sla/", service="no-such")

    assert answer.context["page"].attained.denominator == 0
    assert answer.context["asked"].chips == [{"label": "Service: no-such", "remove_url": "?"}]


@pytest.mark.parametrize(
    "query",
    [
        {"range": "1000y"},
        {"from": "2026-02-30", "to": "x"},
        {"from": "0001-01-01", "to": "9999-12-31"},
        {"why": "'; DROP"},
        {"weekday": "8", "hour": "99"},
        {"page": "-7"},
        {"priority": "\x00"},
        {"clock": "none"},
    ],
)
def test_nonsense_in_the_address_is_left_out(past, get, query):
    assert get("/sla/", **query).status_code == 200
    assert get("/sla/breaches/", **query).status_code == 200


def test_the_file_of_misses_runs_nothing_in_a_spreadsheet(past, house, log_incident, get):
    evil = log_incident(title="=HYPERLINK(1)", at=moment("2026-03-03 09:00"))
    evil = operations.take(incident=evil, by=house.tom, at=moment("2026-03-09 09:00"))
    operations.resolve(incident=evil, by=house.tom, at=moment("2026-03-09 15:00"), code="fixed", text="Done.")
    rebuild.settle_marks()

    answer = get("/sla/breaches/", format="csv")

    text = b"".join(answer.streaming_content).decode()
    assert ",'=HYPERLINK(1)," in text
    assert answer["Content-Disposition"] == 'attachment; filename="missed-targets.csv"'


def test_the_dashboard_takes_the_same_number_of_statements_for_one_and_for_three(
    past, house, log_incident, get, django_assert_num_queries
):
    get("/sla/")
    with django_assert_num_queries(STATEMENTS):
        get("/sla/")
    for title in ("A", "B"):
        other = operations.take(incident=log_incident(title=title), by=house.tom, at=moment("2026-03-02 09:01"))
        operations.resolve(incident=other, by=house.tom, at=moment("2026-03-06 09:30"), code="fixed", text="Done.")
    rebuild.settle_marks()
    with django_assert_num_queries(STATEMENTS):
        get("/sla/")


def test_the_weekly_mail_holds_the_numbers_of_its_reader_goes_out_once_and_can_be_stopped(past, house, get, client):
    get("/sla/", service="vpn")
    address = "/sla/subscription/?service=vpn&from=2026-03-01&to=2026-03-02"
    with time_machine.travel(moment(NOW), tick=False):
        assert [client.post(address).status_code for _click in range(2)] == [302, 302]
    plan = Schedule.objects.get()
    assert (plan.page, plan.query, list(plan.receivers.all())) == ("service_levels", "service=vpn", [house.tom])
    assert plan.next_at.astimezone(house.tom.zone).strftime("%a %H:%M") == "Mon 07:00"
    assert "Stop the weekly mail" in get("/sla/", service="vpn").content.decode()
    assert "Mail it weekly" in get("/sla/").content.decode()
    schedules.change(
        schedule=plan, by=house.tom, at=moment(NOW), version=None, receivers=[house.tom, house.otto], name="<b>We</b>"
    )  # fmt: skip
    with pytest.raises(Refused, match="may not see this"):
        schedules.change(schedule=plan, by=house.tom, at=moment(NOW), version=None, receivers=[house.maria])
    due = plan.next_at
    assert [schedules.plan_due(at=due) for _worker in range(2)] == [1, 0]
    with time_machine.travel(due, tick=False):
        assert sum(mail.send_due(at=due) for _turn in range(2)) == 2

    toms, ottos = (
        next(each for each in outbox.outbox if each.to == [person.email]) for person in (house.tom, house.otto)
    )
    told = next(content for content, kind in toms.alternatives if kind == "text/html")
    assert "50.0%" in told
    assert "Networks" in told
    assert "/sla/?service=vpn" in told
    assert "No clock finished in these days." in ottos.body
    assert "Networks" not in str(ottos.alternatives)
    assert "has this sent to you" in ottos.body
    leaving = f"/dashboards/schedules/{plan.pk}/leaving/"
    assert leaving in ottos.body
    assert f"/dashboards/schedules/{plan.pk}/" not in ottos.body.replace(leaving, "")
    client.post("/sla/subscription/?service=vpn", {"stop": "1"})
    assert not Schedule.objects.exists()
    client.force_login(house.maria)
    assert client.post(address).status_code == 403
