"""Medians and percentiles: each group and each total sorted by itself, on every page, file and letter."""

import csv
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
import time_machine

from common.refusals import Refused
from incidents.models import Incident
from measurement import declarations, figures, known, rebuild
from measurement.dashboards import operations, showing
from measurement.explorer import files
from measurement.explorer import operations as exports
from measurement.periods import Range
from measurement.schedules import operations as schedules
from measurement.schedules.content import report_for
from measurement.scope import scope_of
from people.models import Organization, User
from tests.conftest import HASHED, moment
from tests.measurement.conftest import day

AT = moment("2026-03-10 12:00")
KPI = "inc-mean-time-acknowledge"
DAYS = {"from": "2026-03-01", "to": "2026-03-09"}


@pytest.fixture
def get(client, house):
    def ask(path, user=None, **query):
        client.force_login(user or house.tom)
        with time_machine.travel(AT, tick=False):
            return client.get(path, query)

    return ask


@pytest.fixture
def world(house, log_incident):
    """Minutes until the first answer. Acme: 10, 20, 90. Beta: 30, 600. The median of all is 30, no mean of medians."""
    beta = Organization.objects.create(name="Beta", slug="beta")
    bea = User.objects.create(username="bea", name="Bea", organization=beta, password=HASHED, email="b@beta.example")
    for at, who, impact, minutes in (
        ("2026-03-02 00:00", house.maria, 1, 10), ("2026-03-02 09:00", house.maria, 3, 20),
        ("2026-03-08 22:00", house.maria, 3, 90), ("2026-03-03 09:00", bea, 3, 30), ("2026-03-04 09:00", bea, 3, 600),
    ):  # fmt: skip
        made = log_incident(at=moment(at), requester=who, impact=impact)
        Incident.objects.filter(pk=made.pk).update(responded_at=moment(at) + timedelta(minutes=minutes))
    rebuild.rebuild_all()


def texts(cells):
    return [cell.value.text if cell.value else "" for cell in cells]


def test_a_table_sorts_each_cell_and_each_total_by_itself(world, house, get):
    def table(figure, columns="priority", user=None):
        said = {"kpi": KPI, "rows": "organization", "columns": columns, "figure": figure}
        return get("/dashboards/tables/build/", user, **said, **DAYS).context["shown"]

    mean, median, p90 = table("mean"), table("median"), table("p90")

    assert [line.label for line in median.lines] == ["Acme", "Beta"]
    assert [line.total.value.text for line in mean.lines] == ["40.0 min", "315.0 min"]
    assert [line.total.value.text for line in median.lines] == ["20.0 min", "315.0 min"]
    assert (mean.total.value.text, median.total.value.text, p90.total.value.text) == (
        "150.0 min", "30.0 min", "396.0 min",
    )  # fmt: skip
    # Of priority 3: Acme 10; of 4: Acme 20 and 90, Beta 30 and 600.
    assert {texts(line.cells)[0] for line in median.lines} == {"55.0 min", "315.0 min"}
    assert texts(median.totals)[0] == "60.0 min"
    assert texts(table("median", "week").totals) == ["", "30.0 min", "n/a"]
    assert table("median", user=house.otto).is_empty
    assert median.head[0].endswith(", median")


def test_what_has_no_single_values_says_so_and_shows_its_mean(world, house, get):
    for kpi, said in (("inc-fcr", "Only durations"), ("avl-mtbf", "No single values")):
        for path, query in (
            ("/dashboards/tables/build/", {"kpi": kpi, "rows": "team", "columns": "month"}), (f"/kpi/{kpi}/", {}),
        ):  # fmt: skip
            page = get(path, figure="median", **query, **DAYS).content.decode()
            assert said in page
    made = operations.create(by=house.tom, at=AT, name="Ours")
    with pytest.raises(Refused, match="no single values to sort"):
        operations.add_tile(dashboard=made, by=house.tom, at=AT, kind="number", kpi="avl-mtbf", figure="median")


def test_tiles_show_the_figure_and_many_values_come_after_the_page(world, house, get, monkeypatch):
    made = operations.create(by=house.tom, at=AT, name="Ours")
    said = {"dashboard": made, "by": house.tom, "at": AT, "kpi": KPI}
    operations.add_tile(kind="number", figure="median", **said)
    operations.add_tile(kind="split", figure="p90", by_dimension="organization", **said)
    operations.add_tile(kind="trend", figure="median", **said)
    tile = operations.add_tile(kind="control", figure="p90", title="Nine of ten", **said)
    url = f"/dashboards/{made.pk}/"

    number, split, trend, control = get(url, **DAYS).context["shown"]

    assert (number.value.text, number.target, number.title) == ("30.0 min", "", "Time to first answer, median")
    assert [each["number"] for each in split.bars] == ["76.0 min", "543.0 min"]
    assert [each for each in trend.chart["series"][0]["values"] if each is not None] == [15.0, 30.0, 600.0, 90.0]
    assert parse_qs(control.url.partition("?")[2])["figure"] == ["p90"]
    assert get(number.url).context["page"].value.text == "30.0 min"

    monkeypatch.setattr(showing, "SINGLES_AT_ONCE", 2)
    late = get(url, **DAYS)
    assert [bool(each.late_url) for each in late.context["shown"]] == [True] * 4
    alone = get(url + late.context["shown"][3].late_url)
    assert [(each.tile.pk, bool(each.late_url)) for each in alone.context["shown"]] == [(tile.pk, False)]
    assert get(f"{url}wall/", **DAYS).context["shown"][0].value.text == "30.0 min"


def test_files_and_letters_show_what_the_page_shows(world, house, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    query = "figure=median&from=2026-03-01&to=2026-03-09"
    export = exports.ask(
        kpi=known.kpi(KPI), what="pivot", format="csv", query=f"{query}&rows=organization&columns=month", by=house.tom,
        at=AT,
    )  # fmt: skip
    assert files.make(export.pk)
    with export.path.open(encoding="utf-8-sig") as file:
        assert [row[-1] for row in csv.reader(file)] == ["Total", "20", "315", "30"]
    plan = schedules.create(
        by=house.tom, at=AT, receivers=[house.tom], name="Answers", kpi=KPI, query=query, zone="UTC", every="week",
    )  # fmt: skip

    report = report_for(plan, house.tom, at=AT)

    [section] = report.sections
    assert section.facts[0] == "30.0 min"
    assert section.facts[-1] == "Mean: 150.0 min · 90th percentile: 396.0 min"
    assert section.head[1].endswith(", median")


def test_every_spread_has_as_many_values_as_the_measure_counts(world, house, subtests):
    scope, span = scope_of(house.tom), Range(day("2026-03-01"), day("2026-03-10"))
    for kpi in declarations.kpis():
        if kpi.has_singles:
            with subtests.test(kpi.id):
                found = figures.series(kpi, span, scope, by="team", figure="median")
                mean = figures.series(kpi, span, scope, by="team")
                assert [each.total.denominator for each in found] == [each.total.denominator for each in mean]
