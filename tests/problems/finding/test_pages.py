"""Pages of what was found: what they say, to whom, and what comes of pressing the buttons."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from problems.finding import operations, runs, tasks
from problems.finding.models import Cluster
from problems.models import Problem

from .conftest import NOW, VPN

PAGES = ["/problems/finding/", "/problems/pareto/", "/problems/recurrence/"]


@pytest.fixture
def as_(client: Any, house: Any) -> Any:
    def sign_in(who: str) -> Any:
        client.force_login(getattr(house, who))
        return client

    return sign_in


@pytest.mark.parametrize("who", ["tom", "aisha", "ines", "ada", "otto"])
def test_the_pages_are_there_before_there_is_anything_to_see(as_: Any, who: str) -> None:
    client = as_(who)
    for page in PAGES:
        answer = client.get(page)

        assert answer.status_code == 200, page
        assert 'class="empty"' in answer.content.decode(), page


@pytest.mark.parametrize("who", ["maria", "max"])
def test_requesters_have_no_such_pages(as_: Any, who: str) -> None:
    client = as_(who)
    for page in [*PAGES, "/problems/pareto/incidents/?key=none", "/problems/recurrence/incidents/"]:
        assert client.get(page).status_code == 403, page


def test_the_list_says_what_was_found_and_among_how_many(as_: Any, found: Cluster) -> None:
    page = as_("tom").get("/problems/finding/").content.decode()

    assert VPN in page
    assert "Found among 5 incidents" in page


def test_the_group_lists_its_evidence(as_: Any, found: Cluster) -> None:
    answer = as_("tom").get(found.get_absolute_url())
    page = answer.content.decode()

    assert answer.context["page"].paginator.count == found.member_count == 5
    assert "Same service: VPN" in page
    assert "Same category: Network" in page
    assert "None of them names a configuration item" in page


def test_otto_finds_nothing(as_: Any, found: Cluster) -> None:
    otto = as_("otto")

    assert VPN not in otto.get("/problems/finding/").content.decode()
    assert otto.get(found.get_absolute_url()).status_code == 404
    for act in ("acceptance", "dismissal", "reconsideration", "extension"):
        assert otto.post(f"{found.get_absolute_url()}{act}/", {"reason": "x"}).status_code == 404
    assert not Problem.objects.exists()


def test_opening_a_problem_leads_to_it(as_: Any, found: Cluster) -> None:
    answer = as_("aisha").post(f"{found.get_absolute_url()}acceptance/", {"title": "Gateway 2 drops sessions"})

    problem = Problem.objects.get()
    assert (answer.status_code, answer.url) == (302, problem.get_absolute_url())
    assert problem.title == "Gateway 2 drops sessions"


def test_a_second_decision_is_refused_in_words_on_the_page(as_: Any, found: Cluster, house: Any) -> None:
    operations.dismiss(cluster=found, by=house.tom, at=NOW, reason="One user's router")

    answer = as_("aisha").post(f"{found.get_absolute_url()}acceptance/")

    assert answer.status_code == 409
    assert "Tom Beck has dismissed this group. Take that back first." in answer.content.decode()


def test_a_missing_reason_is_said_at_its_field_and_nothing_typed_is_lost(as_: Any, found: Cluster) -> None:
    answer = as_("aisha").post(f"{found.get_absolute_url()}dismissal/", {"reason": " "})

    assert answer.status_code == 422
    assert 'aria-describedby="reason-error"' in answer.content.decode()
    long = "too long " * 50
    assert long.strip() in as_("aisha").post(f"{found.get_absolute_url()}dismissal/", {"reason": long}).content.decode()


def test_dismissing_and_taking_it_back(as_: Any, found: Cluster) -> None:
    aisha = as_("aisha")

    aisha.post(f"{found.get_absolute_url()}dismissal/", {"reason": "<script>alert(1)</script>"})
    page = aisha.get("/problems/finding/?state=dismissed").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page

    aisha.post(f"{found.get_absolute_url()}reconsideration/")
    found.refresh_from_db()
    assert found.is_proposed


def test_who_only_reads_is_told_who_decides(as_: Any, found: Cluster) -> None:
    page = as_("ada").get(found.get_absolute_url()).content.decode()

    assert "/acceptance/" not in page
    assert "/dismissal/" not in page
    assert "decide about groups" in page
    assert as_("ada").post(f"{found.get_absolute_url()}dismissal/", {"reason": "x"}).status_code == 403


def test_html_in_subjects_is_text(as_: Any, similar: Any) -> None:
    similar(5, title='<img src=x onerror="alert(1)"> down')
    runs.find(at=NOW)

    for page in ("/problems/finding/", Cluster.objects.get().get_absolute_url()):
        assert "<img src=x" not in as_("tom").get(page).content.decode()


def test_looking_again_asks_a_worker(as_: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(tasks, "ask_for_a_look", lambda: asked.append(1) or True)

    answer = as_("tom").post("/problems/finding/look/", follow=True)

    assert asked == [1]
    assert "Looking through the incidents" in answer.content.decode()
    assert as_("ada").post("/problems/finding/look/").status_code == 403


def test_the_list_costs_as_many_statements_for_three_rows_as_for_one(as_: Any, similar: Any) -> None:
    counts = []
    for title in ("Mailbox full", "Projector shows nothing", "Badge does not open the door"):
        similar(5, title=title)
        runs.find(at=NOW)
        client = as_("tom")
        client.get("/problems/finding/")
        with CaptureQueriesContext(connection) as said:
            client.get("/problems/finding/")
        counts.append(len(said))

    assert len(set(counts)) == 1
    assert counts[0] <= 16


def test_pareto_as_a_file_runs_nothing_in_a_spreadsheet(as_: Any, log_incident: Any) -> None:
    log_incident(symptom='=HYPERLINK("http://evil.example")')

    answer = as_("tom").get("/problems/pareto/?by=symptom&from=2026-03-01&to=2026-03-31&format=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()

    assert lines[0] == "rank,symptom,incidents,user_minutes_lost,share_percent,together_percent"
    assert lines[1].startswith("1,\"'=HYPERLINK")


@pytest.mark.parametrize(("key", "status"), [("", 404), ("x", 404), ("9" * 30, 200), ("none", 200)])
def test_a_bar_that_does_not_exist_opens_nothing(as_: Any, similar: Any, key: str, status: int) -> None:
    similar(1)

    answer = as_("tom").get(f"/problems/pareto/incidents/?by=item&key={key}&from=2026-03-01&to=2026-03-31")

    assert answer.status_code == status
    if status == 200:
        assert answer.context["page"].paginator.count == (key == "none")


def test_pareto_with_incidents_shows_chart_and_table(as_: Any, similar: Any) -> None:
    similar(3)

    page = as_("tom").get("/problems/pareto/?by=category&from=2026-03-01&to=2026-03-31").content.decode()

    assert "Network" in page
    assert 'data-chart="pareto-data"' in page
    assert "<strong>1 of 1</strong>" in page
