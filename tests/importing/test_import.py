"""What becomes of a log: whole lives, dirt, and a second run."""

from datetime import UTC, datetime, timedelta

import pytest

from audit.models import Dispatch, Entry
from incidents.models import Incident
from itsm.importing.paths import path
from itsm.importing.rows import LogProblem
from notifications.models import Notice
from people.models import Membership, RoleGrant, User
from records.models import ExternalReference, Record
from slm.models import Clock, ClockFact, Segment
from slm.sweep import sweep
from tests.importing.conftest import row

LIFE = [
    row(),
    row(incident_state="Active", sys_updated_at="29/2/2016 01:30", assigned_to="Resolver 1"),
    row(incident_state="Awaiting User Info", sys_updated_at="29/2/2016 02:00", assigned_to="Resolver 1"),
    row(incident_state="Active", sys_updated_at="29/2/2016 03:00", assigned_to="Resolver 1", problem_id="Problem 7"),
    row(
        incident_state="Resolved",
        sys_updated_at="29/2/2016 04:00",
        resolved_at="29/2/2016 04:00",
        resolved_by="Resolver 1",
        assigned_to="Resolver 1",
    ),
    row(
        incident_state="Closed",
        sys_updated_at="5/3/2016 12:00",
        resolved_at="29/2/2016 04:00",
        closed_at="5/3/2016 12:00",
        resolved_by="Resolver 1",
        assigned_to="Resolver 1",
        made_sla="true",
    ),
]


def test_a_ticket_is_rebuilt_with_its_history(run):
    run(LIFE)

    incident = Incident.objects.get()
    assert (incident.state, incident.phase, incident.priority) == ("closed", "done", 3)
    assert incident.opened_at == datetime(2016, 2, 29, 1, 16, tzinfo=UTC)
    assert incident.resolved_at == datetime(2016, 2, 29, 4, 0, tzinfo=UTC)
    assert incident.title == "Category 1, Subcategory 1: Symptom 1"
    actions = list(Entry.objects.filter(subject_id=incident.pk).order_by("id").values_list("action", flat=True))
    assert actions == [
        "incident.created",
        "incident.edited",
        "incident.started",
        "incident.held",
        "incident.resumed",
        "incident.resolved",
        "incident.closed",
    ]


def test_waiting_for_the_requester_pauses_the_imported_clock(run):
    run(LIFE)

    clock = Clock.objects.get(kind="resolution")
    spans = [(s.kind, s.at_to - s.at_from) for s in Segment.objects.filter(clock=clock)]
    assert spans == [
        ("running", timedelta(minutes=44)),
        ("paused", timedelta(hours=1)),
        ("running", timedelta(hours=1)),
    ]
    assert clock.state == "met"
    assert clock.used == timedelta(minutes=104)


def test_a_missed_target_is_a_fact_at_its_due_moment_and_tells_nobody(run):
    late = {"sys_updated_at": "29/2/2016 09:00", "resolved_at": "29/2/2016 09:00", "incident_state": "Resolved"}
    run([row(priority="1 - Critical"), row(priority="1 - Critical", **late)])

    fact = ClockFact.objects.get(clock__kind="resolution")
    assert fact.at == datetime(2016, 2, 29, 5, 16, tzinfo=UTC)
    assert Incident.objects.get().is_breached
    assert Notice.objects.count() == 0
    assert not Dispatch.objects.filter(entry__subject_kind="record").exists()


def test_a_clock_that_ran_over_before_it_was_paused_is_imported_breached_and_paused(run):
    run(
        [
            row(priority="1 - Critical"),
            row(priority="1 - Critical", incident_state="Awaiting User Info", sys_updated_at="29/2/2016 09:00"),
        ]
    )

    clock = Clock.objects.get(kind="resolution")
    assert (clock.state, clock.due_at) == ("paused", None)
    assert clock.breached_at == datetime(2016, 2, 29, 5, 16, tzinfo=UTC)
    assert Incident.objects.get().is_breached


def test_an_imported_clock_that_runs_on_is_swept_at_its_true_moments_and_tells_nobody(run):
    run([row(priority="1 - Critical")])

    sweep(datetime(2016, 3, 1, tzinfo=UTC))

    fact = ClockFact.objects.get(clock__kind="resolution", level="breached")
    assert fact.at == datetime(2016, 2, 29, 5, 16, tzinfo=UTC)
    assert not Dispatch.objects.filter(entry__action="clock.breached", subscriber__startswith="notifications").exists()


def test_resolved_while_paused_is_met_with_a_due_moment_ahead(run):
    ends = {"sys_updated_at": "3/3/2016 09:00", "resolved_at": "3/3/2016 09:00"}
    run(
        [
            row(priority="1 - Critical"),
            row(priority="1 - Critical", incident_state="Awaiting User Info", sys_updated_at="29/2/2016 02:00"),
            row(priority="1 - Critical", incident_state="Resolved", **ends),
        ]
    )

    clock = Clock.objects.get(kind="resolution")
    assert clock.state == "met"
    assert clock.stopped_at <= clock.due_at


def test_a_second_run_changes_nothing(run):
    run(LIFE)
    before = (Record.objects.count(), Entry.objects.count(), Clock.objects.count(), User.objects.count())

    again = run(LIFE).result

    assert (again.tickets, again.known_before, again.problems, again.caused) == (0, 1, 0, 0)
    assert (Record.objects.count(), Entry.objects.count(), Clock.objects.count(), User.objects.count()) == before


def test_imported_people_can_not_sign_in_and_get_no_role(run):
    run(LIFE)

    resolver = User.objects.get(name="Resolver 1")
    assert not resolver.has_usable_password()
    assert not RoleGrant.objects.exists()
    assert Membership.objects.filter(user=resolver, team__name="Group 1").exists()


def test_what_the_ticket_points_at_is_kept(run):
    run([*LIFE, row(number="INC2", rfc="CHG 9", vendor="Vendor 1")])

    assert sorted(ExternalReference.objects.values_list("relation", "key")) == [
        ("change", "CHG 9"),
        ("supplier", "Vendor 1"),
    ]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"number": "?"}, "the row names no ticket"),
        ({"sys_updated_at": "2016-02-29"}, "the row's moment is not in the format of the mapping"),
        ({"sys_updated_at": "30/2/2016 01:20"}, "the row's moment is not in the format of the mapping"),
        ({"number": "N" * 121}, "the ticket's number is longer than 120 characters"),
        ({"sys_updated_at": "1/1/0001 00:00"}, "the row's moment lies before 1970 or in the future"),
        ({"sys_updated_at": "31/12/9999 23:59"}, "the row's moment lies before 1970 or in the future"),
    ],
)
def test_a_row_that_can_not_be_placed_is_refused_with_its_line(run, cells, reason):
    outcome = run([row(), row(**cells)])

    assert outcome.said == [(3, "refused", reason)]
    assert Incident.objects.count() == 1


def test_a_state_that_jumps_gets_the_moves_between(run):
    outcome = run(
        [row(), row(incident_state="Resolved", sys_updated_at="29/2/2016 02:00", resolved_at="29/2/2016 02:00")]
    )

    assert outcome.said == [(3, "mended", "went from new to resolved at once; assign was added")]
    moves = Entry.objects.filter(subject_id=Incident.objects.get().pk).order_by("id").values_list("action", flat=True)
    assert list(moves) == ["incident.created", "incident.assigned", "incident.resolved"]


def test_resolved_before_opened_is_taken_from_the_change_of_state(run):
    outcome = run(
        [row(), row(incident_state="Resolved", sys_updated_at="29/2/2016 02:00", resolved_at="28/2/2016 02:00")]
    )

    assert (3, "mended", "resolved before it was opened; taken from the change of state") in outcome.said
    assert Incident.objects.get().resolved_at == datetime(2016, 2, 29, 2, 0, tzinfo=UTC)


def test_an_unknown_state_keeps_the_one_before(run):
    outcome = run([row(), row(incident_state="-100", sys_updated_at="29/2/2016 02:00")])

    assert outcome.said == [(3, "mended", "the mapping has no such state; it stays as it was")]
    assert Incident.objects.get().state == "new"


def test_closed_and_then_worked_on_was_resolved_and_reopened(run):
    outcome = run(
        [
            row(),
            row(incident_state="Closed", sys_updated_at="29/2/2016 02:00"),
            row(incident_state="Active", sys_updated_at="29/2/2016 03:00"),
        ]
    )

    assert (3, "mended", "closed and then worked on again; taken as resolved and reopened") in outcome.said
    assert Incident.objects.get().state == "in_progress"
    assert Incident.objects.get().closed_at is None


def test_rows_in_any_order_make_the_same_history(run):
    run(list(reversed(LIFE)), name="reversed.csv")

    assert Incident.objects.get().state == "closed"
    assert Clock.objects.get(kind="resolution").used == timedelta(minutes=104)


def test_the_same_row_twice_counts_once(run):
    outcome = run([row(), row()])

    assert outcome.said == [(3, "refused", "the row repeats another one")]


def test_a_packed_log_reads_like_a_plain_one(run):
    assert run(LIFE, name="log.csv.gz").result.tickets == 1


def test_a_packed_log_that_breaks_off_keeps_what_was_whole(run, tmp_path):
    run(LIFE, name="log.csv.gz")
    whole = (tmp_path / "log.csv.gz").read_bytes()

    outcome = run(LIFE, name="log.csv.gz", text=whole[:-30])

    assert outcome.said[-1][1:] == ("refused", "the file breaks off here")


def test_an_empty_log_says_so(run):
    with pytest.raises(LogProblem, match="empty"):
        run([], text=b"")


def test_a_log_without_the_mapped_columns_names_them(run):
    with pytest.raises(LogProblem, match="“number”"):
        run([], text=b"a,b\n1,2\n")


def test_formulas_and_markup_are_kept_as_text(run):
    run([row(u_symptom="=HYPERLINK(1)", category="<script>alert(1)</script>")])

    assert "<script>alert(1)</script>" in Incident.objects.get().title


def test_broken_characters_are_mended(run, tmp_path):
    header, line = ",".join(row()), ",".join({**row(), "u_symptom": "Sympt\x00om"}.values())
    outcome = run([], text=f"{header}\n{line}\n".encode().replace(b"Category 1", b"Caf\xe9"))

    assert outcome.result.tickets == 1
    assert {reason for _line, _verdict, reason in outcome.said} == {"broken characters were replaced"}


def test_every_added_way_is_a_way_of_the_workflow():
    assert path("new", "resolved") == (("assign", "assigned"), ("resolve", "resolved"))
    assert path("closed", "in_progress") is None
    assert path("on_hold", "on_hold") == ()
