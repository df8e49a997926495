"""Agreements, service reports and reviews where the pages of processes count what runs."""

from procedures.queries.acting import compare
from slm import operations as agreements
from slm.models import Agreement
from slm.reports import operations
from tests.api.conftest import as_, token_of  # noqa: F401 - fixtures
from tests.conftest import moment

from .conftest import AFTER


def running(client):
    """(kind, state) -> count, as told over REST."""
    told = client.get("processes/agree/").json()
    assert told["open_count"] == sum(each["count"] for each in told["running"])
    return {(each["kind"], each["state"]): (each["count"], each["url"]) for each in told["running"]}


def test_each_number_of_the_process_opens_what_it_counts(house, issued, make_agreement, pages_of, as_):  # noqa: F811
    report = issued()
    operations.plan_meeting(
        report=report, by=house.ines, at=AFTER, starts_at=moment("2026-03-10 09:00"), place="Room 2"
    )
    for state in ("draft", "draft", "in_review", "retired"):
        make_agreement(f"number-{Agreement.objects.count()}", state=state)
    page = pages_of(house.tom)
    found = running(as_(house.ines))

    shown = page.get("/processes/agree/").content.decode()
    listed = {
        url: len([row for _label, rows in page.get(url).context["groups"] for row in rows])
        for kind, _state in found
        if kind == "agreement"
        for url in [found[kind, _state][1]]
    }
    reports = {url: len(pages_of(house.ines).get(url).context["reports"]) for _count, url in
               (found["report", "issued"], found["review", "meeting"])}  # fmt: skip

    assert {key: count for key, (count, _url) in found.items()} == {
        ("agreement", "active"): Agreement.objects.filter(state="active").count(),
        ("agreement", "draft"): 2,
        ("agreement", "in_review"): 1,
        ("report", "issued"): 1,
        ("review", "meeting"): 1,
    }
    assert all(count == (listed | reports)[url] for count, url in found.values())
    assert "Agreement: draft" in shown
    assert "Service report" not in shown.split("Done on:")[1].split("</p>")[1], "Tom sees no reports"
    assert "No agreement is in this state" in page.get("/agreements/?state=terminated").content.decode()
    assert len(page.get("/agreements/?state=<b>").context["groups"]) == 1
    overview = {each["slug"]: each["open_count"] for each in as_(house.ines).get("processes/").json()["items"]}
    assert overview["agree"] == sum(count for count, _url in found.values())


def test_who_acted_on_agreements_and_reports_stands_at_its_step(house, issued, pages_of, around_the_clock):
    issued()
    made = agreements.create_agreement(
        name="Drafted", by=house.ada, at=AFTER, calendar=around_the_clock, targets={("resolution", 4): 60}
    )
    agreements.retire(agreement=made, by=house.ines, at=AFTER)

    rows = compare(since=moment("2026-03-01 00:00"), until=moment("2026-04-01 00:00"), process="agree")

    acted = {row.duty.step: [(each.person, each.acts) for each in row.actors] for row in rows if row.actors}
    assert acted == {
        "specify": [(house.ada, 1)],
        "evaluate": [(house.ines, 2)],
        "close": [(house.ines, 1)],
    }
