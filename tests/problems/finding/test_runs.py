"""From incidents to proposals, run after run."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from problems.finding import gathering, runs
from problems.finding.enums import ClusterState, Trend
from problems.finding.models import Cluster, ClusterMember, Run
from records import operations as record_operations
from records.enums import LinkKind
from tests.conftest import moment

from .conftest import NOW, VPN


def test_similar_incidents_of_one_place_become_a_proposal(similar: Any, vpn: Any, network: Any) -> None:
    incidents = similar(5, affected_count=2)

    runs.find(at=NOW)

    cluster = Cluster.objects.get()
    assert (cluster.subject, cluster.member_count, cluster.state) == (VPN, 5, ClusterState.PROPOSED)
    assert (cluster.service, cluster.category, cluster.item) == (vpn, network, None)
    assert (cluster.first_at, cluster.latest_at) == (incidents[0].opened_at, incidents[-1].opened_at)
    assert set(cluster.members.values_list("record_id", flat=True)) == {each.pk for each in incidents}
    assert {each.likeness for each in cluster.members.all()} >= {100}


def test_lost_minutes_count_each_person_until_now_while_it_is_open(similar: Any) -> None:
    similar(5, affected_count=3)

    runs.find(at=moment("2026-03-02 14:00"))

    assert Cluster.objects.get().lost_minutes == 3 * (300 + 240 + 180 + 120 + 60)


def test_four_incidents_are_too_few(similar: Any) -> None:
    similar(4)

    run = runs.find(at=NOW)

    assert not Cluster.objects.exists()
    assert run is not None
    assert (run.incident_count, run.proposed_count) == (4, 0)


def test_another_category_is_another_place(similar: Any, log_incident: Any) -> None:
    from records.models import Category

    similar(4)
    log_incident(title=VPN, category=Category.objects.create(name="Accounts"))

    runs.find(at=NOW)

    assert not Cluster.objects.exists()


def test_incidents_without_any_words_are_found_by_their_fields(similar: Any) -> None:
    similar(5, title="?!")

    runs.find(at=NOW)

    assert Cluster.objects.get().subject == ""
    assert str(Cluster.objects.get()) == "same service, category and item"


def test_cancelled_and_explained_incidents_are_left_out(similar: Any, house: Any) -> None:
    from incidents import operations
    from problems import operations as problem_operations

    incidents = similar(6)
    operations.cancel(incident=incidents[0], by=house.tom, at=NOW, reason="by mistake")
    problem_operations.create(by=house.aisha, at=NOW, title="Gateway", incidents=[incidents[1]])

    runs.find(at=NOW)

    assert not Cluster.objects.exists()


def test_a_second_look_at_the_same_incidents_changes_nothing(found: Any) -> None:
    members = ClusterMember.objects.order_by("record_id").values_list("cluster_id", "record_id", "likeness")
    before = list(members)

    runs.find(at=NOW + timedelta(minutes=1))

    after = Cluster.objects.get()
    assert (after.pk, after.subject, after.member_count) == (found.pk, found.subject, found.member_count)
    assert (
        list(ClusterMember.objects.order_by("record_id").values_list("cluster_id", "record_id", "likeness")) == before
    )


def test_a_proposal_fades_when_nothing_like_it_comes(found: Any, log_incident: Any) -> None:
    log_incident(at=moment("2026-08-01 09:00"), title="Mouse is broken")

    runs.find(at=moment("2026-08-01 12:00"))

    assert not Cluster.objects.exists()


def test_a_log_of_last_year_is_looked_at_up_to_its_latest_report(similar: Any) -> None:
    similar(5)

    run = runs.find(at=moment("2027-06-01 09:00"))

    assert run is not None
    assert run.counted_to == moment("2026-03-02 13:00") + timedelta(microseconds=1)
    assert Cluster.objects.get().member_count == 5


def test_real_incidents_and_the_sample_never_meet(similar: Any) -> None:
    similar(3)
    similar(3, is_sample=True)

    runs.find(at=NOW)

    assert not Cluster.objects.exists()


def test_no_more_incidents_are_looked_at_than_fit(similar: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_INCIDENTS", 6)
    similar(5)
    similar(6, title="Mailbox full, can't send", at=moment("2026-03-05 09:00"))

    run = runs.find(at=NOW)

    assert run is not None
    assert run.incident_count == 6
    assert Cluster.objects.get().subject == "Mailbox full, can't send"


def test_those_that_cost_most_are_proposed_when_there_are_too_many(
    similar: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST_PROPOSED", 1)
    monkeypatch.setattr(runs, "MOST_PROPOSED", 1)
    similar(5)
    similar(5, title="Mailbox full, can't send", affected_count=40)

    for later in range(3):
        runs.find(at=NOW + timedelta(minutes=later))
        assert Cluster.objects.get().subject == "Mailbox full, can't send"

    similar(5, title="Projector shows nothing at all", affected_count=400)
    runs.find(at=NOW + timedelta(minutes=5))
    assert Cluster.objects.get().subject == "Projector shows nothing at all"


@pytest.mark.parametrize(
    ("earlier", "later", "trend"),
    [(0, 3, Trend.RISING), (10, 12, Trend.STEADY), (10, 15, Trend.RISING), (2, 4, Trend.STEADY), (9, 3, Trend.FALLING)],
)
def test_trend_needs_half_as_many_again_and_three(earlier: int, later: int, trend: Trend) -> None:
    assert Cluster(earlier_count=earlier, later_count=later).trend == trend


def test_halves_are_split_at_the_middle_of_the_days(similar: Any) -> None:
    similar(2, at=NOW - timedelta(days=80))
    similar(5, at=NOW - timedelta(days=10))

    runs.find(at=NOW)

    cluster = Cluster.objects.get()
    assert (cluster.earlier_count, cluster.later_count, cluster.trend) == (2, 5, Trend.RISING)


def test_the_days_begin_with_the_first_report(similar: Any) -> None:
    similar(3, at=NOW - timedelta(days=20))
    similar(3, at=NOW - timedelta(days=2))

    run = runs.find(at=NOW)

    assert run is not None
    assert run.counted_from == NOW - timedelta(days=20)
    assert Cluster.objects.get().trend == Trend.STEADY


def test_a_link_made_meanwhile_takes_the_incident_out_next_time(found: Any, house: Any) -> None:
    from incidents.models import Incident
    from problems import operations as problem_operations

    problem = problem_operations.create(by=house.aisha, at=NOW, title="Gateway")
    incident = Incident.objects.earliest("pk")
    record_operations.link(record=incident, to=problem, kind=LinkKind.CAUSED_BY, by=house.aisha, at=NOW)

    runs.find(at=NOW + timedelta(minutes=1))

    assert not Cluster.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_proposal(similar: Any) -> None:
    similar(5)
    results: list[Any] = []
    barrier = threading.Barrier(2)

    def look() -> None:
        barrier.wait()
        results.append(runs.find(at=NOW))
        connections["default"].close()

    workers = [threading.Thread(target=look) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert Cluster.objects.count() == 1
    assert 1 <= len([each for each in results if each is not None]) <= 2


def test_a_run_lost_with_its_worker_is_forgotten(similar: Any) -> None:
    Run.objects.create(began_at=NOW - timedelta(minutes=16), counted_from=NOW, counted_to=NOW)
    similar(5)

    assert runs.find(at=NOW) is not None
    assert runs.find(at=NOW + timedelta(minutes=1)) is not None


def test_while_one_worker_looks_others_leave(similar: Any) -> None:
    Run.objects.create(began_at=NOW - timedelta(minutes=1), counted_from=NOW, counted_to=NOW)

    assert runs.find(at=NOW) is None


def test_the_number_of_statements_does_not_grow_with_the_incidents(similar: Any) -> None:
    from django.test.utils import CaptureQueriesContext

    counts = []
    for more in (5, 25):
        similar(more)
        with CaptureQueriesContext(connection) as said:
            runs.find(at=NOW)
        counts.append(len(said))

    assert counts[1] <= counts[0] + 2
