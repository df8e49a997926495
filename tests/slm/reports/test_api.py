"""Reports over REST: the same acts, for both sides; nobody sees what is not theirs."""

import pytest

from slm.reports import files, operations
from slm.reports.models import ReportPlan, ServiceReport

from .conftest import AFTER

pytestmark = pytest.mark.django_db
API = "/api/v1/"


def test_the_whole_way_over_rest(house, promised, as_, solved):
    solved("2026-02-10 09:00", "2026-02-10 12:00")
    ines, max_ = as_(house.ines), as_(house.max)
    said = {"organization": "acme", "zone": "Europe/Oslo", "first_month": "2026-02-14", "receivers": ["maria"]}
    plan = ines.call("POST", f"{API}report-plans/", said).json()
    assert (plan["first_month"], [each["name"] for each in plan["receivers"]]) == ("2026-02", ["Maria Rossi"])

    made = ines.call("POST", f"{API}report-plans/{plan['id']}/reports/", {"month": "2026-02-01"})
    assert made.status_code == 201
    one = f"{API}reports/{made.json()['id']}/"
    own = f"{API}own-reports/{made.json()['id']}/"
    assert max_.call("GET", own).status_code == 404
    assert ines.call("POST", f"{one}issue/", {}).status_code == 409
    assert ines.call("POST", f"{one}review/", {"summary": "Calm"}).status_code == 200
    assert ines.call("POST", f"{one}issue/", {}, if_match='"1"').status_code == 412
    issued = ines.call("POST", f"{one}issue/", {}).json()
    assert (issued["state"], len(issued["fingerprint"])) == ("issued", 64)
    rows = ines.call("GET", f"{one}rows/?key=tickets.incident.opened").json()
    assert (rows["kind"], len(rows["ids"])) == ("record", 1)
    assert ines.call("GET", f"{one}rows/?key=nothing").status_code == 404
    assert max_.call("POST", f"{own}dispute/", {}).status_code == 422
    assert max_.call("POST", f"{own}dispute/", {"comment": "No"}).json()["state"] == "disputed"
    assert ines.call("POST", f"{one}answer/", {"text": "Yes"}).status_code == 200
    second = ines.call("POST", f"{one}correction/", {"reason": "x"})
    assert (second.status_code, second.json()["corrects"]) == (201, issued["id"])
    assert max_.call("POST", f"{own}acceptance/", {}).json()["state"] == "accepted"
    files.make_due(at=AFTER.replace(year=2030))
    assert max_.call("GET", f"{own}file/")["Content-Type"] == "application/pdf"


def test_a_plan_is_changed_by_who_read_it(house, plan, as_):
    one = f"{API}report-plans/{plan.pk}/"
    ines = as_(house.ines)

    assert ines.call("PATCH", one, {"is_active": False}).status_code == 428
    assert ines.call("PATCH", one, {"is_active": False}, if_match='"9"').status_code == 412
    assert ines.call("PATCH", one, {"left_out": ["nothing"]}, if_match="*").status_code == 422
    assert ines.call("PATCH", one, {"is_active": False}, if_match="*").json()["is_active"] is False
    assert ReportPlan.objects.get().is_active is False


@pytest.mark.parametrize("person", ["tom", "maria", "max", "otto"])
def test_the_inner_side_is_closed_to_everybody_else(issued, house, as_, person, plan):
    report = issued()
    caller = as_(getattr(house, person))
    one = f"{API}reports/{report.pk}/"

    for path in ("reports/", f"reports/{report.pk}/", f"reports/{report.pk}/rows/?key=x", f"reports/{report.pk}/file/",
                 "report-plans/", f"report-plans/{plan.pk}/"):  # fmt: skip
        assert caller.call("GET", API + path).status_code == 403
    for act, body in (("compilation", {}), ("review", {}), ("issue", {}), ("answer", {"text": "x"}),
                      ("correction", {"reason": "x"})):  # fmt: skip
        assert caller.call("POST", f"{one}{act}/", body).status_code == 403
    assert ServiceReport.objects.count() == 1


def test_customers_list_their_own(issued, house, as_):
    report = issued()

    def seen(person):
        return [each["id"] for each in as_(person).call("GET", f"{API}own-reports/").json()["items"]]

    assert seen(house.max) == seen(house.maria) == [report.pk]
    assert seen(house.otto) == seen(house.ines) == []


def test_a_list_takes_as_many_statements_for_three_as_for_one(
    compiled,
    house,
    as_,
    django_assert_num_queries,
):
    compiled()
    caller = as_(house.ines)
    caller.call("GET", f"{API}reports/")
    with django_assert_num_queries(3):
        caller.call("GET", f"{API}reports/")
    operations.compile_due(at=AFTER.replace(month=5))
    with django_assert_num_queries(3):
        assert len(caller.call("GET", f"{API}reports/").json()["items"]) == 3


def test_credits_are_set_read_and_taken_away(promised, house, as_):
    one = f"{API}agreements/{promised.pk}/credits/"
    ines = as_(house.ines)
    terms = {
        "monthly_fee": "100.50", "currency": "EUR", "cap_percent": "10",
        "steps": [{"promise": "availability", "below_percent": "99.5", "credit_percent": "2.5"}],
    }  # fmt: skip

    assert ines.call("GET", one).json()["monthly_fee"] is None
    assert ines.call("PUT", one, terms | {"monthly_fee": "1e9"}).status_code == 422
    assert ines.call("PUT", one, terms).json()["steps"][0]["below_percent"] == "99.500"
    assert ines.call("PUT", one, terms, if_match='"0"').status_code == 412
    assert ines.call("PUT", one, terms, if_match=ines.call("GET", one)["ETag"]).status_code == 200
    assert as_(house.tom).call("PUT", one, terms).status_code == 403
    assert ines.call("DELETE", one).status_code == 204
    assert ines.call("DELETE", one).status_code == 409
