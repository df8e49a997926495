"""Every bar opens as many incidents as it counts, for everybody who looks."""

from datetime import date, timedelta
from itertools import product
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from problems import operations as problem_operations
from problems.finding import pareto, recurrence, runs
from problems.finding.dimensions import DIMENSIONS
from problems.finding.pareto import Pareto
from records.models import Category
from records.query import compile as queries
from services.models import ConfigurationItem, Service
from tests.conftest import moment

from .conftest import NOW


@pytest.fixture
def mixed(log_incident: Any, house: Any, network: Any) -> list[Any]:
    """Eight incidents of two services, nested and namesake categories, items and symptoms; one of Umbrella's."""
    mail = Service.objects.create(name="Mail, calendar", slug="mail")
    wifi = Category.objects.create(name="Wi-Fi", parent=network)
    other = Category.objects.create(name="Other", parent=network)
    mailing = Category.objects.create(name="Mailing")
    namesake = Category.objects.create(name="Other", parent=mailing)
    gateway = ConfigurationItem.objects.create(name='gw "one"')
    printer = ConfigurationItem.objects.create(name="Printer")
    second = ConfigurationItem.objects.create(name="printer")
    said: list[dict[str, Any]] = [
        {"category": wifi, "item": gateway, "symptom": "drops", "affected_count": 10},
        {"category": wifi, "item": gateway, "symptom": "drops"},
        {"category": other, "item": printer},
        {"category": namesake, "item": second, "service": mail},
        {"category": network, "service": mail},
        {"category": None, "service": None},
        {"category": None, "service": mail, "symptom": "<b>slow</b>"},
        {"requester": house.otto, "category": wifi, "symptom": "drops"},
    ]
    return [log_incident(at=moment("2026-03-02 09:00") + timedelta(hours=at), **each) for at, each in enumerate(said)]


def asked(viewer: Any, query: str) -> pareto.Asked:
    return pareto.read(QueryDict(query), viewer, at=NOW)


def behind(client: Any, viewer: Any, url: str) -> int:
    """How many incidents the address of a bar shows."""
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.path == "/queue/":
        from records.models import Record
        from records.query.moments import Clock
        from records.query.parser import parse
        from records.query.scene import Scene

        scene = Scene(viewer, Clock(NOW, viewer.zone))
        compiled = queries.compile_query(parse(query["q"]), scene)
        return Record.objects.visible_to(viewer).filter(compiled.where).count()
    client.force_login(viewer)
    return client.get(url).context["page"].paginator.count


def test_every_bar_opens_what_it_counts(mixed: Any, house: Any, client: Any, subtests: Any) -> None:
    for by, (viewer, incidents) in product(DIMENSIONS, ((house.tom, 8), (house.otto, 1))):
        with subtests.test(f"{by} {viewer}"):
            found = Pareto(asked(viewer, f"by={by}&from=2026-03-01&to=2026-03-31"))

            assert found.incidents == incidents
            assert sum(bar.incidents for bar in found.bars) == found.incidents
            for bar in found.bars:
                assert behind(client, viewer, bar.url) == bar.incidents, bar


def test_bars_add_up_to_the_whole(mixed: Any, house: Any) -> None:
    bars = Pareto(asked(house.tom, "by=subcategory&from=2026-03-01&to=2026-03-31")).bars

    assert [bar.label for bar in bars][:2] == ["Network › Wi-Fi", "No category"]
    assert [bar.incidents for bar in bars] == sorted((bar.incidents for bar in bars), reverse=True)
    assert bars[-1].so_far == pytest.approx(100)
    assert sum(bar.share for bar in bars) == pytest.approx(100)


def test_what_weighs_is_time_lost_where_asked(mixed: Any, house: Any) -> None:
    by_count = Pareto(asked(house.tom, "by=symptom&from=2026-03-01&to=2026-03-31"))
    by_minutes = Pareto(asked(house.tom, "by=symptom&weight=minutes&from=2026-03-01&to=2026-03-31"))

    assert by_count.bars[0].label == "No symptom noted"
    assert by_minutes.bars[0].label == "drops"
    assert by_minutes.whole == by_count.minutes


def test_an_incident_of_two_problems_counts_once(mixed: Any, house: Any) -> None:
    for title in ("Gateway", "Firmware"):
        problem_operations.create(by=house.tom, at=NOW, title=title, incidents=mixed[:2])

    found = Pareto(asked(house.tom, "by=problem&from=2026-03-01&to=2026-03-31"))

    assert [(bar.label.split(" ", 1)[-1], bar.incidents) for bar in found.bars] == [
        ("problem linked", 6),
        ("Gateway", 2),
    ]


def test_days_are_those_of_the_viewer(log_incident: Any, house: Any) -> None:
    house.tom.time_zone = "Pacific/Auckland"
    house.tom.save()
    log_incident(at=moment("2026-03-01 12:30"))

    assert Pareto(asked(house.tom, "from=2026-03-02&to=2026-03-02")).incidents == 1
    assert Pareto(asked(house.ines, "from=2026-03-02&to=2026-03-02")).incidents == 0


@pytest.mark.parametrize(
    "query",
    [
        "",
        "range=1y",
        "from=2026-03-02",
        "from=2026-03-02&to=2026-03-01",
        "from=0001-01-01&to=9999-12-31",
        "by=x&weight=y",
    ],
)
def test_an_address_that_says_nonsense_is_about_the_usual_days(house: Any, query: str) -> None:
    found = asked(house.tom, query)

    assert (found.days.first, found.days.last, found.dimension.name, found.weight) == (
        date(2025, 12, 31), date(2026, 3, 30), "service", "count",
    )  # fmt: skip


def test_as_many_statements_for_three_bars_as_for_one(log_incident: Any, house: Any) -> None:
    counts = []
    for number in range(3):
        log_incident(service=Service.objects.create(name=f"S{number}", slug=f"s{number}"))
        viewer = type(house.tom).objects.get(pk=house.tom.pk)
        with CaptureQueriesContext(connection) as said:
            assert len(Pareto(asked(viewer, "by=service&from=2026-03-01&to=2026-03-31")).bars) == number + 1
        counts.append(len(said))

    assert counts == [3, 3, 3]


def test_recurrence_counts_each_incident_under_the_first_reason_that_fits(
    similar: Any, log_incident: Any, house: Any
) -> None:
    from problems.models import KnownError, Problem
    from records.models import Record

    first, *later = similar(4)
    closed = problem_operations.create(by=house.tom, at=first.opened_at, title="Gateway", incidents=later[:1])
    Record.objects.filter(pk=closed.pk).update(state="closed", phase="done", closed_at=first.opened_at)
    known = problem_operations.create(by=house.tom, at=first.opened_at, title="Client", incidents=later[1:2])
    KnownError.objects.create(
        problem=Problem.objects.get(pk=known.pk), title="Client", symptom="drops", published_at=first.opened_at
    )
    problem_operations.create(by=house.tom, at=NOW, title="Router", incidents=[first, later[2]])

    march = recurrence.Recurrence(house.tom, date(2026, 3, 30)).months[-1]

    assert (march.opened, march.came_back, march.parts) == (4, 3, {"closed": 1, "known": 1, "alike": 1})
    days = pareto.Days(march.first, march.last, house.tom.zone)
    assert {why: recurrence.rows_behind(days, house.tom, why).count() for why in march.parts} == march.parts
    assert recurrence.rows_behind(days, house.tom, "").count() == 3


def test_all_but_the_first_of_a_group_came_back(similar: Any, house: Any) -> None:
    similar(5)
    runs.find(at=NOW)

    months = recurrence.Recurrence(house.tom, date(2026, 3, 30)).months

    assert [month.parts["alike"] for month in months] == [0] * 11 + [4]
    assert recurrence.Recurrence(house.otto, date(2026, 3, 30)).is_empty


def test_the_measure_counts_incidents_of_closed_problems(similar: Any, house: Any) -> None:
    from measurement import queries as readings
    from measurement import rebuild
    from measurement.declarations import kpi
    from measurement.periods import Range
    from measurement.scope import scope_of
    from records.models import Record

    first, *later = similar(4)
    problem = problem_operations.create(
        by=house.tom, at=first.opened_at, title="Gateway", incidents=[first, *later[:2]]
    )
    Record.objects.filter(pk=problem.pk).update(state="closed", phase="done", closed_at=first.opened_at)
    rebuild.rebuild_all()

    span = Range(date(2026, 3, 1), date(2026, 4, 1))
    total = readings.series(kpi("prb-recurrence"), span, scope_of(house.ines))[0].total

    assert (total.numerator, total.denominator) == (2, 4)
