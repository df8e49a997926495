"""Learning from finished clocks, looking at what is due in this shift, and the pages that show it."""

from datetime import timedelta

import pytest

from incidents import operations as incidents
from slm.forecasts import foreseeing, learning
from slm.forecasts.models import Curve, Forecast, Lesson
from slm.models import Clock
from slm.sweep import sweep
from tests.conftest import moment

MONDAY = moment("2026-03-02 09:00")
NOW = moment("2026-03-10 12:00")  # a Tuesday; the desk closes at 18:00


@pytest.fixture
def past(standard, house, log_incident):
    """Finished resolution clocks of P4, 8 h: so many resolved after 6 h, so many after 9 h."""

    def make(met, missed):
        made = [log_incident(at=MONDAY) for _each in range(met + missed)]
        Clock.objects.filter(record__in=made, kind="resolution").update(
            state="met", stopped_at=moment("2026-03-02 15:00"), used=timedelta(hours=6)
        )
        late = [each.pk for each in made[:missed]]
        Clock.objects.filter(record__in=late, kind="resolution").update(
            state="missed", stopped_at=moment("2026-03-02 18:00"), used=timedelta(hours=9)
        )
        Clock.objects.filter(record__in=made, kind="response").update(state="met", stopped_at=MONDAY)

    return make


@pytest.fixture
def as_(client):
    def enter(person):
        client.force_login(person)
        return client

    return enter


def text_of(answer):
    return " ".join(answer.content.decode().split())


def look(at=NOW):
    for is_sample in (False, True):
        learning.learn(is_sample=is_sample, at=at)
    return foreseeing.foresee(at=at)


def test_nothing_learned_and_nothing_due(as_, house):
    told = text_of(as_(house.tom).get("/sla/forecast/"))
    assert "Nothing learned yet" in told

    look()

    told = text_of(as_(house.tom).get("/sla/forecast/"))
    assert "Nothing is due in this shift" in told
    assert Lesson.objects.get(is_sample=False).score is None


def test_what_is_due_in_this_shift_has_its_chance_and_says_why(as_, house, past, log_incident):
    past(met=30, missed=10)
    due = log_incident(at=moment("2026-03-10 08:00"))  # due at 16:00, half used
    log_incident(at=moment("2026-03-10 11:00"))  # due tomorrow

    assert look() == 2  # response and resolution

    row = Forecast.objects.get(clock__kind="resolution")
    assert (row.record_id, row.alike, row.alike_missed, row.twentieths) == (due.pk, 40, 10, 10)
    assert row.chance == pytest.approx(0.25)
    told = text_of(as_(house.tom).get("/sla/forecast/"))
    assert "25%" in told
    assert "10 of 40 like it that had used 50% or more were missed." in told


def test_too_few_similar_records_give_no_chance(as_, house, past, log_incident):
    past(met=10, missed=2)
    log_incident(at=moment("2026-03-10 08:00"))
    look()

    told = text_of(as_(house.tom).get("/sla/forecast/"))

    assert "Too few similar records: 12 of 30 needed." in told
    assert Forecast.objects.get(clock__kind="resolution").chance is None


def test_paused_missed_and_finished_clocks_have_no_forecast(house, past, log_incident):
    past(met=30, missed=10)
    waiting, done, late = (log_incident(at=moment("2026-03-10 08:00")) for _each in range(3))
    at = moment("2026-03-10 08:30")
    started = incidents.start(incident=waiting, by=house.tom, at=at)
    incidents.hold(incident=started, by=house.tom, at=at, hold_for="requester", question="Which floor?")
    incidents.resolve(
        incident=incidents.start(incident=done, by=house.tom, at=at), by=house.tom, at=at, code="fixed", text="x"
    )
    look()
    assert set(Forecast.objects.standing().values_list("record_id", flat=True)) == {late.pk}

    sweep(moment("2026-03-11 18:00"))

    assert not Forecast.objects.standing().exists()


def test_otto_and_maria_see_no_forecast_of_others(as_, house, past, log_incident):
    past(met=30, missed=10)
    log_incident(at=moment("2026-03-10 08:00"), title="Secret trouble")
    look()

    assert "Secret trouble" not in text_of(as_(house.otto).get("/sla/forecast/"))
    assert as_(house.maria).get("/sla/forecast/").status_code == 403
    assert "Secret trouble" in text_of(as_(house.tom).get("/sla/forecast/"))


def test_a_title_is_text_and_nonsense_in_the_address_is_left_out(as_, house, past, log_incident):
    past(met=30, missed=10)
    log_incident(at=moment("2026-03-10 08:00"), title="<script>alert(1)</script>")
    look()
    client = as_(house.tom)

    told = [text_of(client.get(f"/sla/forecast/?before={each}")) for each in ("x", "nan_1", "2_5", "0.5_x", "-1_99")]

    assert not any("<script>alert" in each for each in told)


def test_pages_go_on_by_key_and_the_dashboard_counts_the_same(
    as_, house, past, log_incident, monkeypatch, django_assert_num_queries
):
    past(met=30, missed=10)
    log_incident(at=moment("2026-03-10 08:00"))
    look()
    client = as_(house.tom)
    client.get("/sla/forecast/")
    with django_assert_num_queries(9):
        client.get("/sla/forecast/")
    for _each in range(4):
        log_incident(at=moment("2026-03-10 08:00"))
    look()
    with django_assert_num_queries(9):
        client.get("/sla/forecast/")
    monkeypatch.setattr("slm.forecasts.listing.ROWS", 2)
    seen, url = [], "/sla/forecast/"
    while url:
        answer = client.get(url)
        seen += [line["forecast"].pk for line in answer.context["lines"]]
        url = answer.context["older_url"] and f"/sla/forecast/{answer.context['older_url']}"

    expected = answer.context["expected"]
    shift = client.get("/sla/").context["page"].shift
    assert len(seen) == len(set(seen)) == expected.due == shift.due
    assert 0 <= expected.low <= expected.expected <= expected.high <= expected.known


def test_learning_again_forgets_what_was_known_before(past):
    past(met=30, missed=10)
    look()
    before = Curve.objects.count()

    look(at=NOW + timedelta(days=400))

    assert before and not Curve.objects.exists()
    assert not Forecast.objects.exists()


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-10 12:00", "2026-03-10 18:00"),
        ("2026-03-10 17:59", "2026-03-10 18:00"),
        ("2026-03-10 18:00", "2026-03-11 18:00"),  # closed: the next shift
        ("2026-03-13 18:01", "2026-03-14 18:01"),
    ],
)
def test_a_shift_ends_when_the_hours_close(office, at, expected):
    from calendars import registry

    assert foreseeing.shift_end(registry.current(office.pk).time, moment(at)) == moment(expected)


def test_around_the_clock_a_shift_has_eight_hours_also_when_the_clocks_change(around_the_clock):
    from calendars import registry

    at = moment("2026-03-29 00:30")

    assert foreseeing.shift_end(registry.current(around_the_clock.pk).time, at) == at + timedelta(hours=8)
