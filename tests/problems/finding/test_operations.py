"""What people decide about a proposal, and what the next looks make of it."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from common.refusals import NotAllowed, Refused
from problems.finding import operations, runs
from problems.finding.enums import ClusterState
from problems.finding.models import Cluster
from problems.models import Problem
from records.enums import LinkKind
from records.models import Link, Record
from tests.conftest import moment

from .conftest import NOW, VPN


def linked_to(problem: Any) -> set[int]:
    return set(
        Link.objects.filter(to_record=problem.pk, kind=LinkKind.CAUSED_BY).values_list("from_record_id", flat=True)
    )


def test_accepting_opens_a_problem_with_the_incidents_it_causes(found: Cluster, house: Any, vpn: Any) -> None:
    incidents = set(Record.objects.filter(kind="incident").values_list("pk", flat=True))

    problem = operations.accept(cluster=found, by=house.aisha, at=NOW)

    assert (problem.kind, problem.title, problem.service, problem.state) == ("problem", VPN, vpn, "logged")
    assert Problem.objects.get().origin == "trend"
    assert linked_to(problem) == incidents
    found.refresh_from_db()
    assert found.lost_minutes == 0
    assert (found.state, found.problem_id, found.decided_by, found.decided_count, found.member_count) == (
        ClusterState.ACCEPTED, problem.pk, house.aisha, 5, 0,
    )  # fmt: skip
    assert Entry.objects.filter(action="cluster.accepted", subject_id=found.pk).count() == 1
    assert Entry.objects.filter(action="incident.linked").count() == 5


def test_each_incident_costs_one_statement_to_link(similar: Any, house: Any) -> None:
    similar(10)
    similar(30, title="Mailbox full, can't send")
    runs.find(at=NOW)

    counts = []
    for cluster in Cluster.objects.order_by("member_count"):
        with CaptureQueriesContext(connection) as said:
            operations.accept(cluster=cluster, by=house.aisha, at=NOW)
        counts.append(len(said))

    # The mark with which a measure is counted again.
    assert counts[1] - counts[0] <= 20


def test_what_comes_after_accepting_is_linked_by_one_act(found: Cluster, house: Any, similar: Any) -> None:
    problem = operations.accept(cluster=found, by=house.aisha, at=NOW)
    newer = similar(2, at=NOW + timedelta(hours=1))
    runs.find(at=NOW + timedelta(days=1))
    found.refresh_from_db()
    assert (found.state, found.member_count) == (ClusterState.ACCEPTED, 2)

    linked = operations.link_newer(cluster=found, by=house.aisha, at=NOW + timedelta(days=1))

    assert linked == 2
    assert {each.pk for each in newer} <= linked_to(problem)
    with pytest.raises(Refused, match="No incident like these"):
        operations.link_newer(cluster=found, by=house.aisha, at=NOW + timedelta(days=1))


def test_a_group_returns_when_its_problem_is_over_and_it_comes_back(found: Cluster, house: Any, similar: Any) -> None:
    problem = operations.accept(cluster=found, by=house.aisha, at=NOW)
    Record.objects.filter(pk=problem.pk).update(state="closed", phase="done", closed_at=NOW)
    similar(5, at=NOW + timedelta(hours=1))

    runs.find(at=NOW + timedelta(days=1))

    found.refresh_from_db()
    assert (found.state, found.member_count, found.returned_at) == (
        ClusterState.PROPOSED, 5, NOW + timedelta(days=1),
    )  # fmt: skip
    assert Entry.objects.get(action="cluster.returned").data["why"] == "came back"


def test_an_accepted_risk_is_not_proposed_again(found: Cluster, house: Any, similar: Any) -> None:
    problem = operations.accept(cluster=found, by=house.aisha, at=NOW)
    Record.objects.filter(pk=problem.pk).update(state="risk_accepted", phase="done")
    similar(5, at=NOW + timedelta(hours=1))

    runs.find(at=NOW + timedelta(days=1))

    found.refresh_from_db()
    assert found.state == ClusterState.ACCEPTED


def test_what_was_dismissed_is_not_proposed_again(found: Cluster, house: Any, similar: Any) -> None:
    operations.dismiss(cluster=found, by=house.aisha, at=NOW, reason="One user's router")
    similar(9, at=NOW + timedelta(hours=1))

    runs.find(at=NOW + timedelta(days=1))

    cluster = Cluster.objects.get()
    assert (cluster.pk, cluster.state, cluster.member_count) == (found.pk, ClusterState.DISMISSED, 14)


def test_what_was_dismissed_returns_when_it_has_doubled_by_ten_at_least(
    found: Cluster, house: Any, similar: Any
) -> None:
    operations.dismiss(cluster=found, by=house.aisha, at=NOW, reason="One user's router")
    similar(10, at=NOW + timedelta(hours=1))

    runs.find(at=NOW + timedelta(days=1))

    cluster = Cluster.objects.get()
    assert (cluster.state, cluster.member_count, cluster.reason) == (ClusterState.PROPOSED, 15, "One user's router")
    entry = Entry.objects.get(action="cluster.returned")
    assert (entry.data["why"], entry.data["before"], entry.data["incidents"]) == ("grown", 5, 15)


def test_a_dismissal_is_remembered_after_everything_like_it_has_gone(found: Cluster, house: Any, similar: Any) -> None:
    operations.dismiss(cluster=found, by=house.aisha, at=NOW, reason="One user's router")
    similar(1, title="Mouse is broken", at=moment("2026-09-01 09:00"))
    runs.find(at=moment("2026-09-01 12:00"))
    similar(6, at=moment("2026-10-01 09:00"))

    runs.find(at=moment("2026-10-02 12:00"))

    assert Cluster.objects.get().state == ClusterState.DISMISSED


def test_a_dismissal_can_be_taken_back(found: Cluster, house: Any) -> None:
    operations.dismiss(cluster=found, by=house.aisha, at=NOW, reason="One user's router")

    again = operations.reconsider(cluster=found, by=house.tom, at=NOW)

    assert again.state == ClusterState.PROPOSED
    with pytest.raises(Refused, match="not dismissed"):
        operations.reconsider(cluster=found, by=house.tom, at=NOW)


@pytest.mark.parametrize("reason", ["", "   ", "\x00", "x" * 301])
def test_dismissing_needs_a_reason_that_fits(found: Cluster, house: Any, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        operations.dismiss(cluster=found, by=house.aisha, at=NOW, reason=reason)

    assert refused.value.refusals[0].field == "reason"
    found.refresh_from_db()
    assert found.is_proposed
    assert not Entry.objects.filter(subject_kind="cluster").exists()


@pytest.mark.parametrize("first", ["accept", "dismiss"])
def test_a_decision_is_made_once(found: Cluster, house: Any, first: str) -> None:
    acts: dict[str, Any] = {
        "accept": lambda: operations.accept(cluster=found, by=house.aisha, at=NOW),
        "dismiss": lambda: operations.dismiss(cluster=found, by=house.aisha, at=NOW, reason="chance"),
    }
    acts[first]()

    for act in acts.values():
        with pytest.raises(Refused, match="Aisha Khan"):
            act()

    assert Problem.objects.count() == (first == "accept")


@pytest.mark.parametrize("who", ["maria", "max", "otto"])
def test_others_can_neither_see_nor_decide(found: Cluster, house: Any, who: str) -> None:
    person = getattr(house, who)

    with pytest.raises(Refused):
        operations.accept(cluster=found, by=person, at=NOW)

    assert not Cluster.objects.visible_to(person).exists()
    assert not Problem.objects.exists()


def test_the_auditor_side_reads_and_does_not_decide(found: Cluster, house: Any) -> None:
    assert Cluster.objects.visible_to(house.ada).exists()
    with pytest.raises(NotAllowed):
        operations.dismiss(cluster=found, by=house.ada, at=NOW, reason="chance")


def test_otto_sees_a_group_of_his_own_organization_only(similar: Any, house: Any) -> None:
    similar(5)
    similar(5, title="Mailbox full, can't send", requester=house.otto)
    similar(4, title="Projector shows nothing at all", requester=house.otto)
    similar(1, title="Projector shows nothing at all")
    runs.find(at=NOW)

    assert [each.subject for each in Cluster.objects.visible_to(house.otto)] == ["Mailbox full, can't send"]
    assert Cluster.objects.visible_to(house.tom).count() == 3


@pytest.mark.django_db(transaction=True)
def test_accepting_and_dismissing_at_once_leaves_one_decision(similar: Any, house: Any) -> None:
    similar(5)
    runs.find(at=NOW)
    cluster = Cluster.objects.get()
    refused: list[str] = []
    barrier = threading.Barrier(2)

    def decide(act: Any, **said: Any) -> None:
        barrier.wait()
        try:
            act(cluster=cluster, by=house.aisha, at=NOW, **said)
        except Refused as error:
            refused.append(str(error))
        finally:
            connections["default"].close()

    workers = [
        threading.Thread(target=decide, args=(operations.accept,)),
        threading.Thread(target=decide, args=(operations.dismiss,), kwargs={"reason": "chance"}),
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(refused) == 1
    cluster.refresh_from_db()
    assert cluster.is_accepted == Problem.objects.exists()


def test_a_decision_made_while_a_worker_looks_stands(found: Cluster, house: Any, monkeypatch: Any) -> None:
    gather = runs.gather

    def decide_meanwhile(*said: Any, **more: Any) -> Any:
        brought = gather(*said, **more)
        if Cluster.objects.proposed().exists():
            operations.accept(cluster=found, by=house.aisha, at=NOW + timedelta(minutes=2))
        return brought

    monkeypatch.setattr(runs, "gather", decide_meanwhile)

    runs.find(at=NOW + timedelta(minutes=1))

    cluster = Cluster.objects.get()
    assert (cluster.state, cluster.member_count, cluster.members.count()) == (ClusterState.ACCEPTED, 0, 0)
