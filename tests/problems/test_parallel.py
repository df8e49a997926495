"""Several people at the same moment, on real connections: each act counts once, and none of them waits for ever."""

from datetime import timedelta
from typing import Any

import pytest

from audit.models import Entry
from common.refusals import Refused
from incidents.models import Incident
from problems import operations
from problems.finding import operations as finding_operations
from problems.finding import runs as looks
from problems.finding import together
from problems.finding.models import Cluster, DecidedBurst
from problems.models import KnownErrorUse, Problem, RecurrenceMatch
from records import operations as record_operations
from records.bulk import runs
from records.enums import LinkKind
from records.models import Comment, Link
from tests.conftest import moment
from tests.parallel import at_once
from tests.problems.finding.conftest import NOW, network, similar  # noqa: F401 - the fixtures
from tests.problems.finding.test_bursts import outage  # noqa: F401 - the fixture

AT = moment("2026-03-03 10:00")
AFTER_WATCH = moment("2026-04-02 09:00")
pytestmark = pytest.mark.django_db(transaction=True)


def test_two_people_who_accept_a_group_at_once_open_one_problem(
    house: Any,
    similar: Any,  # noqa: F811 - the fixture
) -> None:
    similar(5)
    looks.find(at=NOW)
    cluster = Cluster.objects.get()

    raised = at_once(
        *(
            lambda who=person: finding_operations.accept(cluster=cluster, by=who, at=NOW)
            for person in (house.aisha, house.ines)
        )
    )

    assert sorted(type(each) for each in raised if each) == [Refused]
    assert Problem.objects.count() == 1
    assert Link.objects.filter(to_record=Problem.objects.get().pk, kind=LinkKind.CAUSED_BY).count() == 5
    assert Entry.objects.filter(action="cluster.accepted").count() == 1


def test_two_people_who_decide_about_a_burst_at_once_decide_once(
    house: Any,
    outage: list[Any],  # noqa: F811 - the fixture
) -> None:
    asked = together.read(together.look(house.aisha, at=NOW).shown[0].address)
    said: dict[str, Any] = {"asked": asked, "at": NOW}

    raised = at_once(
        lambda: finding_operations.accept_burst(**said, by=house.aisha),
        lambda: finding_operations.dismiss_burst(**said, by=house.tom, reason="A drill"),
        lambda: finding_operations.accept_burst(**said, by=house.tom),
    )

    assert [type(each) for each in raised if each] == [Refused, Refused]
    assert DecidedBurst.objects.count() == 1
    assert Problem.objects.count() == DecidedBurst.objects.exclude(problem=None).count()


def test_a_workaround_sent_twice_at_once_reaches_the_ticket_once(house: Any, declared: Any, log_incident: Any) -> None:
    incident = log_incident()
    known = declared.known_error

    raised = at_once(
        *(
            lambda who=person: operations.send_workaround(known_error=known, record=incident, by=who, at=AT)
            for person in (house.tom, house.aisha)
        )
    )

    assert [str(each) for each in raised if each] == ["got it already"]
    assert Comment.objects.count() == 1
    assert KnownErrorUse.objects.count() == 1


def test_two_sendings_to_many_at_once_reach_each_ticket_once(house: Any, declared: Any, log_incident: Any) -> None:
    incidents = [log_incident(title=f"VPN drops, {number}") for number in range(6)]
    inputs = {"known_error": declared.known_error.pk}
    planned = [
        runs.plan(records=records, act="workaround", inputs=inputs, by=person, at=AT)
        for person, records in ((house.tom, incidents), (house.aisha, incidents[::-1]))
    ]

    raised = at_once(*(lambda run=each: runs.finish(run=run, at=AT) for each in planned))

    assert raised == [None, None]
    assert list(Comment.objects.order_by("record").values_list("record", flat=True)) == [each.pk for each in incidents]
    results = [runs.result_of(run) for run in planned]
    assert (sum(each.changed for each in results), sum(each.skipped for each in results)) == (6, 6)


def test_a_problem_that_comes_back_while_somebody_closes_it_does_one_of_both(
    house: Any, verifying: Any, log_incident: Any
) -> None:
    incident = log_incident(title="The mail is slow", at=AFTER_WATCH - timedelta(hours=1))

    raised = at_once(
        lambda: operations.close(problem=verifying, by=house.ines, at=AFTER_WATCH, lessons="Watch the memory."),
        lambda: operations.regress(problem=verifying, by=house.tom, at=AFTER_WATCH, incident=incident),
    )

    state = Problem.objects.get().state
    assert sorted(each is None for each in raised) == [False, True]
    assert state == ("closed" if raised[0] is None else "investigating")
    assert Entry.objects.filter(action__in=["problem.closed", "problem.regressed"]).count() == 1
    assert Link.objects.filter(from_record=incident.pk).exists() == (state == "investigating")


def test_two_incidents_that_show_it_again_at_once_take_it_back_once(
    house: Any, verifying: Any, log_incident: Any
) -> None:
    incidents = [log_incident(title=f"Again, {number}", at=AFTER_WATCH) for number in range(2)]

    raised = at_once(
        *(
            lambda shown=each: operations.regress(problem=verifying, by=house.tom, at=AFTER_WATCH, incident=shown)
            for each in incidents
        )
    )

    assert sorted(each is None for each in raised) == [False, True]
    assert Problem.objects.get().loop_count == 1


@pytest.fixture
def older_incident(log_incident: Any) -> Incident:
    """Logged before the problem, so that its number is the smaller one; asked for before the problem's fixtures."""
    return log_incident(title="An old one")


@pytest.mark.parametrize("is_older", [True, False])
def test_linking_and_sending_at_once_do_not_wait_for_each_other(
    house: Any, older_incident: Any, declared: Any, log_incident: Any, is_older: bool
) -> None:
    incident = older_incident if is_older else log_incident()
    known = declared.known_error

    for _round in range(5):
        Comment.objects.all().delete()
        KnownErrorUse.objects.all().delete()
        Link.objects.all().delete()
        raised = at_once(
            lambda: operations.send_workaround(known_error=known, record=incident, by=house.tom, at=AT),
            lambda: record_operations.link(
                record=incident, to=declared, kind=LinkKind.CAUSED_BY, by=house.aisha, at=AT
            ),
        )

        # Linked by the one already, the other says so.
        assert [each for each in raised if each is not None and not isinstance(each, Refused)] == []
        assert Comment.objects.count() == 1


def test_taking_back_by_an_incident_and_noting_the_match_do_not_wait_for_each_other(
    house: Any, older_incident: Any, verifying: Any, log_incident: Any
) -> None:
    from problems.queries.likeness import Likeness

    incident = log_incident(title="Again", at=AFTER_WATCH)
    likeness = Likeness(0.9, {"words": 1.0, "item": False, "category": False, "linked": False})

    raised = at_once(
        lambda: operations.regress(problem=verifying, by=house.tom, at=AFTER_WATCH, incident=incident),
        lambda: operations.note_match(problem=verifying, incident=incident, likeness=likeness, at=AFTER_WATCH),
    )

    assert [each for each in raised if each is not None and not isinstance(each, Refused)] == []
    assert Problem.objects.get().state == "investigating"
    assert RecurrenceMatch.objects.count() <= 1
