"""Pages of reports, on both sides, and who sees what."""

import pytest

from slm.reports import files, operations
from slm.reports.models import ReportPlan, ServiceReport

from .conftest import AFTER, FEBRUARY

pytestmark = pytest.mark.django_db


def test_the_report_opens_every_figure_with_as_many_rows(issued, house, pages_of):
    report = issued()
    client = pages_of(house.ines)
    page = client.get(f"/reports/{report.pk}/").content.decode()

    for key, said in report.document["evidence"].items():
        address = f"/reports/{report.pk}/figures/{key}/"
        assert f'href="{address}">{said["count"]}</a>' in page
        assert client.get(address).content.decode().count("data-row-link") == said["count"]
    assert "Late &lt;b&gt;one&lt;/b&gt;" in page


def test_a_report_is_read_with_as_many_statements_whatever_it_holds(
    compiled, solved, house, pages_of, django_assert_num_queries
):
    report = compiled()
    client = pages_of(house.ines)
    client.get(f"/reports/{report.pk}/")
    with django_assert_num_queries(5):
        client.get(f"/reports/{report.pk}/")
    for day in (16, 17, 18):
        solved(f"2026-02-{day} 09:00", f"2026-02-{day} 10:00")
    operations.compile_again(report=report, by=house.ines, at=AFTER)
    with django_assert_num_queries(5):
        client.get(f"/reports/{report.pk}/")


def test_the_way_of_a_report_by_pages(compiled, house, pages_of):
    report = compiled()
    ines, max_ = pages_of(house.ines), pages_of(house.max)
    base, portal = f"/reports/{report.pk}/", f"/portal/reports/{report.pk}/"
    assert max_.get(portal).status_code == 404

    ines.post(f"{base}review/", {"summary": "Calm", "seen_version": report.version})
    report = ServiceReport.objects.get()
    answer = ines.post(f"{base}issue/", {"seen_version": report.version}, follow=True)
    assert "Report issued." in answer.content.decode()
    assert "waits for your answer" in max_.get("/portal/reports/").content.decode()
    answer = max_.post(f"{portal}dispute/", {"comment": ""})
    assert answer.status_code == 409
    assert "Say which figure is wrong" in answer.content.decode()
    max_.post(f"{portal}dispute/", {"comment": "<i>Wrong</i>"})
    assert "&lt;i&gt;Wrong&lt;/i&gt;" in ines.get(base).content.decode()
    ines.post(f"{base}answer/", {"text": "Why so?"})
    assert "Why so?" in max_.get(portal).content.decode()
    answer = ines.post(f"{base}correction/", {"reason": "Checked again"}, follow=True)
    assert "edition 2" in answer.content.decode()
    max_.post(f"{portal}acceptance/", {"comment": ""})

    assert ServiceReport.objects.get(edition=1).is_accepted


def test_a_double_click_on_issue_is_told_what_happened(compiled, house, pages_of):
    report = operations.review(report=compiled(), by=house.ines, at=AFTER)
    client = pages_of(house.ines)
    said = {"seen_version": report.version}

    assert client.post(f"/reports/{report.pk}/issue/", said).status_code == 303
    again = client.post(f"/reports/{report.pk}/issue/", said)

    assert again.status_code == 412
    assert "changed by somebody else" in again.content.decode()


def test_the_customer_sees_issued_reports_of_its_own_and_no_drafts(issued, compiled, house, pages_of, plan):
    report = issued()
    draft = operations.correct(report=report, by=house.ines, at=AFTER, reason="x")
    for person, sees in ((house.max, 200), (house.maria, 200), (house.otto, 404), (house.tom, 404)):
        client = pages_of(person)
        assert client.get(f"/portal/reports/{report.pk}/").status_code == sees, person
        assert client.get(f"/portal/reports/{report.pk}/figures/tickets.incident.opened/").status_code == sees
        assert client.get(f"/portal/reports/{draft.pk}/").status_code == 404
        assert client.get(f"/reports/{report.pk}/").status_code == 403
        assert client.get("/reports/").status_code == 403
    page = pages_of(house.otto).get("/portal/reports/").content.decode()
    assert "Acme" not in page
    operations.revise_plan(plan=plan, by=house.ines, at=AFTER, receivers=[])
    assert pages_of(house.maria).get(f"/portal/reports/{report.pk}/").status_code == 404
    assert pages_of(house.max).get(f"/portal/reports/{report.pk}/").status_code == 200


def test_the_file_is_given_to_who_may_read_the_report(issued, house, pages_of):
    report = issued()
    assert pages_of(house.max).get(f"/portal/reports/{report.pk}/file/").status_code == 404
    files.make_due(at=AFTER)

    answer = pages_of(house.max).get(f"/portal/reports/{report.pk}/file/")

    assert answer["Content-Type"] == "application/pdf"
    assert "service-report-acme-2026-02.pdf" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert pages_of(house.otto).get(f"/portal/reports/{report.pk}/file/").status_code == 404


def test_a_plan_is_made_changed_and_compiled_by_pages(house, pages_of, promised):
    client = pages_of(house.ines)
    said = {"zone": "Europe/Oslo", "first_month": "2026-02", "is_active": "on", "told": ["changes"], "purpose": ""}
    assert "No reports are planned yet" in client.get("/reports/").content.decode()
    client.post("/reports/plans/new/", said | {"organization": house.acme.pk})
    plan = ReportPlan.objects.get()
    assert (plan.first_month, plan.left_out) == (FEBRUARY, ["changes_ahead", "problems", "releases"])

    wrong = client.post(plan.get_absolute_url(), said | {"zone": "Mars/Base", "seen_version": plan.version})
    assert wrong.status_code == 422
    assert "is no time zone" in wrong.content.decode()
    client.post(plan.get_absolute_url(), said | {"receivers": [house.maria.pk], "seen_version": plan.version})
    assert list(plan.receivers.all()) == [house.maria]
    stale = client.post(plan.get_absolute_url(), said | {"seen_version": plan.version})
    assert stale.status_code == 412
    page = client.post(f"{plan.get_absolute_url()}compilation/", {"month": "2026-02"}, follow=True)
    assert "Acme, February 2026" in page.content.decode()
    again = client.post(f"{plan.get_absolute_url()}compilation/", {"month": "2026-02"})
    assert again.status_code == 409
    nonsense = client.post(f"{plan.get_absolute_url()}compilation/", {"month": "2026-13"})
    assert nonsense.status_code == 422


def test_the_list_takes_as_many_statements_for_three_as_for_one(
    compiled, plan, house, pages_of, django_assert_num_queries
):
    compiled()
    client = pages_of(house.ines)
    client.get("/reports/")
    with django_assert_num_queries(6):
        client.get("/reports/")
    operations.compile_due(at=AFTER.replace(month=5))
    with django_assert_num_queries(6):
        assert client.get("/reports/").content.decode().count("data-row-link") == 3


def test_reports_are_paged_by_key_and_found_by_month_also_over_rest(compiled, plan, house, pages_of, as_, monkeypatch):
    compiled()
    operations.compile_due(at=AFTER.replace(month=9))  # February to August
    monkeypatch.setattr("slm.reports.queries.ROWS", 3)
    client, url, seen = pages_of(house.ines), "?show=all&customer=acme", []

    while url:
        context = client.get(f"/reports/{url}").context
        seen += [f"{each.first_day:%m}" for each in context["reports"]]
        url = context["older_url"]

    assert seen == ["08", "07", "06", "05", "04", "03", "02"]
    for month, count in (("2026-05", 1), ("2027-05", 0), ("2026-13", 3), ("'--", 3)):
        found = client.get("/reports/", {"show": "all", "month": month, "customer": "acme"})
        assert len(found.context["reports"]) == count, month
    assert "No report here" in client.get("/reports/?show=work&month=2027-05").content.decode()
    rest = as_(house.ines)
    assert [each["month"] for each in rest.get("/api/v1/reports/?month=2026-05").json()["items"]] == ["2026-05"]
    assert rest.get("/api/v1/reports/?month=2026-13").status_code == 422
    assert pages_of(house.otto).get("/reports/?show=all&month=2026-05").status_code == 403


def test_service_credits_are_set_and_taken_away_by_pages(promised, house, pages_of):
    client, page = pages_of(house.ines), f"/reports/credits/{promised.slug}/"
    said = {
        "monthly_fee": "100.50",
        "currency": "EUR",
        "cap_percent": "10",
        "promise_0": "availability",
        "part_month": "days",
    }
    half = client.post(page, said | {"below_0": "99.5"})
    assert half.status_code == 422
    assert "A step needs both numbers" in half.content.decode()
    assert client.post(page, said).status_code == 422

    assert client.post(page, said | {"below_0": "99.5", "credit_0": "2.5"}).status_code == 302
    assert "100.50 EUR" in client.get("/reports/credits/").content.decode()
    assert pages_of(house.tom).post(page, said).status_code == 403
    assert pages_of(house.maria).get(page).status_code == 403
    client.post(f"{page}removal/")
    assert "none given" in client.get("/reports/credits/").content.decode()


def test_what_became_of_an_agreement_stands_on_one_page_with_the_words_of_both_sides(house, issued, promised, pages_of):
    """Frozen figures, also where the agreement is everybody's; who sees no reports sees nothing of it."""
    address, ines = f"/reports/agreements/{promised.slug}/", pages_of(house.ines)
    assert "For which customer?" in ines.get(address).content.decode()
    assert "No report was issued in these months" in ines.get(f"{address}?customer=acme&until=2026-02").content.decode()
    report = operations.dispute(report=issued(), by=house.max, at=AFTER, comment="It was <b>longer</b>")
    operations.answer(report=report, by=house.ines, at=AFTER, text="We look again")

    page = ines.get(f"{address}?customer=acme&until=2026-02").content.decode()

    (kept,) = ines.get(f"{address}?customer=acme&until=2026-02").context["kept"]
    assert (kept.targets["judged"], [each["availability"] for each in kept.services]) == ("50.0%", ["99.851%"])
    for words in ("A calm month.", "It was &lt;b&gt;longer&lt;/b&gt;", "We look again", "answered the dispute"):
        assert words in page, words
    later = ines.get(f"{address}?customer=acme&until=2026-12")
    assert [each.report.pk for each in later.context["kept"]] == [report.pk]
    assert ines.get(f"{address}?customer=acme&until=2026-01").context["kept"] == []
    for nonsense in ("?until=9999-99", "?customer=%00&until=", "?customer=umbrella"):
        assert ines.get(address + nonsense).status_code == 200
    promised.organization = house.acme
    promised.save()
    assert ines.get(f"{address}?until=2026-02").context["customer"] == house.acme
    assert "How it was kept" in ines.get(f"/agreements/{promised.slug}/").content.decode()
    assert pages_of(house.tom).get(address).status_code == 403
    assert pages_of(house.max).get(address).status_code == 403
