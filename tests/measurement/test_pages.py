"""Pages of the measures: what they say about much, little and nothing."""

import pytest
import time_machine

from common.csvs import harmless
from incidents import operations
from measurement import declarations, rebuild
from people.models import Organization
from tests.conftest import moment

NOW = "2026-03-10 12:00"
LIST_STATEMENTS, KPI_STATEMENTS = 16, 25


@pytest.fixture
def get(client, house):
    def ask(path, user=None, **query):
        if user or "_auth_user_id" not in client.session:
            client.force_login(user or house.tom)
        with time_machine.travel(moment(NOW), tick=False):
            return client.get(path, query)

    return ask


@pytest.fixture
def resolved(house, log_incident):
    incident = operations.take(incident=log_incident(), by=house.tom, at=moment("2026-03-02 09:01"))
    operations.resolve(incident=incident, by=house.tom, at=moment("2026-03-03 09:30"), code="fixed", text="Done.")
    rebuild.rebuild_all()
    return incident


def row_of(answer, name):
    return next(row for row in answer.context["page"].rows if row.kpi.id == name)


def test_the_list_shows_every_measure(resolved, get):
    answer = get("/kpi/")

    assert [row.kpi for row in answer.context["page"].rows] == declarations.kpis()
    assert row_of(answer, "inc-volume").value.text == "1"
    assert row_of(answer, "inc-reopen").value.text == "0.0%"
    assert row_of(answer, "inc-resolution-sla").value.text == "n/a"


def test_nothing_counted_yet_is_not_zero(house, get):
    answer = get("/kpi/inc-volume/")

    assert answer.context["page"].is_empty
    assert "No data for these days" in answer.content.decode()


def test_zero_is_shown_as_zero_once_something_was_counted(resolved, get):
    answer = get("/kpi/inc-volume/", **{"from": "2026-03-04", "to": "2026-03-05"})

    assert answer.context["page"].value.text == "0"
    assert "No data" not in answer.content.decode()


def test_under_thirty_a_share_is_marked_as_indicative(resolved, get):
    assert "indicative" in get("/kpi/inc-reopen/").content.decode()


@pytest.mark.parametrize("by", ["", "service", "team", "priority", "organization", "nonsense"])
def test_every_measure_has_a_page_by_every_dimension(resolved, get, subtests, by):
    for kpi in declarations.kpis():
        with subtests.test(kpi.id):
            assert get(f"/kpi/{kpi.id}/", by=by).status_code == 200


def test_the_list_behind_a_count_is_as_long_as_the_count(resolved, get, subtests):
    for kpi in declarations.kpis():
        with subtests.test(kpi.id):
            page = get(f"/kpi/{kpi.id}/").context["page"]
            listed = get(f"/kpi/{kpi.id}/records/").context["total"]

            value, is_whole = page.value, page.value.denominator is not None and not page.is_share
            assert listed == (value.denominator if is_whole else value.numerator)


def test_an_unknown_measure_is_not_found(house, get):
    assert get("/kpi/no-such/").status_code == 404
    assert get("/kpi/no-such/records/").status_code == 404


def test_otto_reads_no_other_organization_s_numbers_by_any_dimension(resolved, house, get):
    for by in ("", "service", "team", "priority", "organization"):
        page = get("/kpi/inc-volume/", user=house.otto, by=by).context["page"]
        assert (page.value.numerator, page.groups) == (0, [])
    assert get("/kpi/inc-volume/records/", user=house.otto).context["total"] == 0


def test_the_file_of_a_measure_holds_its_table(resolved, get):
    answer = get("/kpi/inc-volume/", format="csv", **{"from": "2026-03-02", "to": "2026-03-03"})

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines() == ["From,Incidents opened", "2 Mar 2026,1", "3 Mar 2026,0"]


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_text_that_begins_like_a_formula_is_made_harmless(value):
    assert harmless(value) == f"'{value}"
    assert harmless("a=1") == "a=1"
    assert harmless(-1) == -1


def test_sample_data_is_shown_only_while_there_is_nothing_else_and_says_so(house, log_incident, get):
    Organization.objects.filter(pk=house.umbrella.pk).update(is_sample=True)
    log_incident(is_sample=True, at=moment("2026-03-02 09:00"))
    rebuild.rebuild_all()

    assert row_of(get("/kpi/"), "inc-volume").value.numerator == 1
    assert "Sample data" in get("/kpi/").content.decode()

    log_incident(at=moment("2026-03-03 09:00"))
    rebuild.settle_marks()

    assert row_of(get("/kpi/"), "inc-volume").value.numerator == 1
    assert "Sample data" not in get("/kpi/").content.decode()
    assert "Sample data" in get("/kpi/", data="sample").content.decode()


def test_pages_take_the_same_number_of_statements_for_one_and_for_three(
    resolved, house, log_incident, get, django_assert_num_queries
):
    for _round in range(2):
        get("/kpi/")
        with django_assert_num_queries(LIST_STATEMENTS):
            get("/kpi/")
        with django_assert_num_queries(KPI_STATEMENTS):
            get("/kpi/inc-backlog/", by="team")
        log_incident(at=moment("2026-03-04 09:00"))
        log_incident(at=moment("2026-03-05 09:00"))
        rebuild.rebuild_all()
