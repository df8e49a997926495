"""Tables of a measure: cells and totals that open as many records, bounded, and each reader's own."""

from datetime import date

import pytest
import time_machine

from common import rows as table
from common.refusals import NotAllowed, Refused
from incidents.models import Incident
from measurement import known, rebuild
from measurement.explorer import files
from measurement.explorer import operations as exports
from measurement.known import kpis
from measurement.periods import Range
from measurement.pivots import counting, mailed, operations
from measurement.pivots.models import Pivot
from measurement.schedules import mail
from measurement.schedules import operations as schedules
from measurement.schedules.content import report_for
from measurement.schedules.models import Letter
from measurement.schedules.pdf import as_pdf
from measurement.scope import scope_of
from people.models import Organization, User
from services.models import Service
from tests.conftest import HASHED, moment

AT = moment("2026-03-10 12:00")
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
    beta = Organization.objects.create(name="<i>Beta</i>", slug="beta")
    bea = User.objects.create(username="bea", name="Bea", organization=beta, password=HASHED, email="b@beta.example")
    for day, who, impact in ((2, house.maria, 1), (3, house.maria, 3), (4, bea, 3)):
        log_incident(at=moment(f"2026-03-0{day} 09:00"), requester=who, impact=impact)
    rebuild.rebuild_all()


@pytest.mark.parametrize(("rows", "columns"), [("organization", "priority"), ("priority", "day"), ("team", "month")])
@pytest.mark.parametrize("kpi", ["inc-volume", "inc-backlog"])
def test_each_cell_and_total_opens_as_many_records(world, get, subtests, kpi, rows, columns):
    shown = get("/dashboards/tables/build/", kpi=kpi, rows=rows, columns=columns, **DAYS).context["shown"]

    cells = [*shown.totals, shown.total, *(line.total for line in shown.lines)]
    cells += [cell for line in shown.lines for cell in line.cells]
    assert shown.total.value.numerator == 3
    for cell in cells:
        if cell.value is not None:
            with subtests.test(cell.url):
                assert get(cell.url).context["total"] == cell.value.numerator
    if columns == "priority":
        for number, line in enumerate(zip(*(line.cells for line in shown.lines), strict=True)):
            assert sum(cell.value.numerator for cell in line if cell.value) == shown.totals[number].value.numerator


def test_otto_reads_an_empty_table_and_nobody_s_name(world, house, get):
    answer = get("/dashboards/tables/build/", house.otto, kpi="inc-volume", rows="organization", columns="day", **DAYS)

    assert answer.context["shown"].is_empty
    assert "Beta" not in answer.content.decode()
    assert "&lt;i&gt;Beta" in get("/dashboards/tables/build/", rows="organization", **DAYS).content.decode()


def test_only_so_much_is_shown_and_the_totals_hold_all(world, get, monkeypatch):
    monkeypatch.setattr(counting, "MOST_ROWS", 1)
    monkeypatch.setattr(counting, "MOST_COLUMNS", 2)

    answer = get("/dashboards/tables/build/", kpi="inc-volume", rows="organization", columns="day", **DAYS)

    shown = answer.context["shown"]
    assert (len(shown.lines), len(shown.columns), shown.rows_left_out, shown.columns_left_out) == (1, 2, 1, 7)
    assert shown.total.value.numerator == 3
    assert "The totals hold all" in answer.content.decode()


def test_every_measure_can_be_set_by_every_pair_of_dimensions(world, house, subtests):
    scope, span = scope_of(house.tom), Range(date(2026, 3, 1), date(2026, 3, 10))
    for kpi in kpis():
        with subtests.test(kpi.id):
            counting.cross(kpi, span, scope, rows="service", columns="organization")


def test_a_saved_table_is_read_by_whom_it_is_shared_with_and_exported(world, house, get, client):
    said = {
        "kpi": "inc-volume",
        "rows": "organization",
        "columns": "priority",
        "query": "from=2026-03-01&to=2026-03-09",
    }
    saved = operations.create(by=house.tom, at=AT, name="<b>Ours</b>", **said)
    path = saved.get_absolute_url()
    assert get(path, house.aisha).status_code == 404

    operations.change(table=saved, by=house.tom, at=AT, version=1, name=saved.name, with_whom={"people": [house.aisha]})

    assert get(path, house.aisha).context["shown"].total.value.numerator == 3
    assert "<b>Ours" not in get(path).content.decode()
    assert get(f"{path}settings/", house.aisha).status_code == 403
    assert get(path, house.otto).status_code == 404
    lines = b"".join(get(path, format="csv").streaming_content).decode("utf-8-sig").splitlines()
    assert (len(lines), lines[-1].rpartition(",")[2]) == (4, "3")


def test_removing_is_taken_back_and_what_does_not_fit_is_refused(world, house, client):
    said = {"by": house.tom, "at": AT, "kpi": "inc-volume"}
    for wrong in ({"rows": "team", "columns": "team"}, {"rows": "x", "columns": "day"}):
        with pytest.raises(Refused):
            operations.create(name="x", **(said | wrong))
    saved = operations.create(name="x", rows="team", columns="day", **said)
    with pytest.raises(NotAllowed):
        operations.remove(table=saved, by=house.ada, at=AT)

    client.force_login(house.tom)
    client.post(f"{saved.get_absolute_url()}removal/")
    assert client.get(saved.get_absolute_url()).status_code == 404
    client.post(f"{saved.get_absolute_url()}return/")
    assert client.get(saved.get_absolute_url()).status_code == 200
    assert Pivot.objects.count() == 1


def test_a_saved_table_shows_something_else_later_and_whoever_was_overtaken_loses_nothing(world, house, client, get):
    saved = operations.create(
        by=house.tom, at=AT, name="Ours", kpi="inc-volume", rows="team", columns="month", query="range=90d&team=none"
    )
    path = saved.get_absolute_url()
    plain, other = get(path), {"kpi": "inc-mean-time-acknowledge", "rows": "organization", "columns": "day"}
    assert (plain.context["is_changed"], len(plain.context["asked"].chips)) == (False, 1)
    assert get(path + plain.context["asked"].chips[0]["remove_url"]).context["is_changed"]
    chosen = get(path, figure="median", **other, **DAYS)
    assert "Save the changes" in chosen.content.decode()

    said = other | {"query": chosen.context["asked"].query(), "version": 1}
    operations.change(table=saved, by=house.tom, at=AT, version=1, name="Ours, renamed")
    stale = client.post(path, said)

    assert stale.status_code == 412
    assert (stale.context["kpi"].id, stale.context["rows"], stale.context["figure"]) == (
        "inc-mean-time-acknowledge", "organization", "median",
    )  # fmt: skip
    saved.refresh_from_db()
    assert (saved.kpi, saved.version) == ("inc-volume", 2)
    assert client.post(path, said | {"version": 2}).status_code == 303
    again = get(path)
    assert (again.context["figure"], again.context["columns"], again.context["is_changed"]) == ("median", "day", False)
    assert client.post(path, said | {"version": 3, "columns": "organization"}).status_code == 409
    operations.change(table=saved, by=house.tom, at=AT, version=None, with_whom={"people": [house.aisha]})
    assert "Save the changes" not in get(path, house.aisha, **other).content.decode()
    assert client.post(path, said | {"version": 4}).status_code == 403
    assert client.post(path.replace(str(saved.pk), "999999"), said).status_code == 404


@pytest.fixture
def four_hundred(house, log_incident):
    """An incident, and one more of each of 400 services with names that a spreadsheet would run."""
    template = log_incident()
    services = Service.objects.bulk_create(
        Service(name=f"=DIENST({number}) <b>", slug=f"s-{number}", owner=house.aisha) for number in range(400)
    )
    known = {each.attname: getattr(template, each.attname) for each in Incident._meta.concrete_fields}
    made = [Incident(**known | {"id": None, "record_ptr_id": None, "service_id": each.pk}) for each in services]
    table.take_keys(*made)
    table.insert(made)
    rebuild.rebuild_all()


def test_a_table_of_400_rows_is_whole_in_files_and_letters(four_hundred, house, get, settings, tmp_path, subtests):
    settings.MEDIA_ROOT = tmp_path
    query = "from=2026-03-01&to=2026-03-09&data=real"
    page = get("/dashboards/tables/build/", kpi="inc-volume", rows="service", columns="day", **DAYS)
    assert (len(page.context["shown"].lines), page.context["shown"].rows_left_out) == (50, 351)
    for kind in ("csv", "xlsx"):
        asked = exports.ask(
            kpi=known.kpi("inc-volume"), what="pivot", format=kind, by=house.tom, at=AT,
            query=f"{query}&rows=service&columns=day",
        )  # fmt: skip
        assert files.make(asked.pk)
        asked.refresh_from_db()
        assert asked.done == 402
    direct = b"".join(
        get("/dashboards/tables/build/", kpi="inc-volume", rows="service", columns="day", format="csv", **DAYS)
    ).decode("utf-8-sig")
    assert direct.count("'=DIENST(") == 400
    saved = operations.create(
        by=house.tom, at=AT, name="Ours", kpi="inc-volume", rows="service", columns="day", query=query
    )
    plan = schedules.create(
        by=house.tom, at=AT, receivers=[house.tom], name="Ours", page="table", query=mailed.query_of(saved), zone="UTC",
        every="week", has_csv=True,
    )  # fmt: skip

    report = report_for(plan, house.tom, at=AT)

    [section] = report.sections
    assert (len(section.rows), section.rows[-1][-1], len(section.head)) == (402, "401", 11)
    assert as_pdf(report, whose="Tom").startswith(b"%PDF")
    with pytest.raises(Refused, match="may not see this"):
        schedules.change(schedule=plan, by=house.tom, at=AT, version=None, receivers=[house.aisha])
    operations.remove(table=saved, by=house.tom, at=AT)
    assert not schedules.may_receive(plan, house.tom)
    assert schedules.plan_due(at=moment("2026-03-20 12:00")) == 0
    plan.refresh_from_db()
    assert "page was removed" in plan.paused_reason
    assert get("/dashboards/schedules/new/", house.aisha, page="table", query=mailed.query_of(saved)).status_code == 404


def test_a_table_that_is_unshared_or_removed_between_plan_and_mail_goes_to_nobody_who_may_not_read_it(
    world, house, mailoutbox
):
    said = {"by": house.tom, "at": AT, "name": "Ours"}
    saved = operations.create(
        **said, kpi="inc-volume", rows="team", columns="day", query="from=1999-01-01&to=1999-01-02"
    )
    operations.change(table=saved, by=house.tom, at=AT, version=None, with_whom={"people": [house.aisha, house.ines]})
    schedules.create(
        **said, receivers=[house.tom, house.aisha, house.ines], page="table", query=mailed.query_of(saved), zone="UTC",
        every="day", minute=0,
    )  # fmt: skip
    house.ines.is_active = False
    house.ines.save()
    assert schedules.plan_due(at=moment("2026-03-11 01:00")) == 1
    operations.change(table=saved, by=house.tom, at=AT, version=None, with_whom={})

    assert mail.send_due(at=moment("2026-03-11 01:00")) == 1
    [letter] = mailoutbox
    assert (letter.to, "Nothing was counted in these days" in letter.body) == ([house.tom.email], True)

    assert schedules.plan_due(at=moment("2026-03-12 01:00")) == 1
    operations.remove(table=saved, by=house.tom, at=AT)
    assert mail.send_due(at=moment("2026-03-12 01:00")) == 0
    assert len(mailoutbox) == 1
    assert set(Letter.objects.filter(sent_at=None).values_list("retry_at", "error")) == {(None, "")}
