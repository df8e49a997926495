"""The tree of causes, the comparisons and the events."""

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from common.refusals import NotAllowed, Refused
from problems import operations
from problems.models import Cause, Comparison, TimelineEvent
from tests.conftest import moment

AT = moment("2026-03-02 13:00")


@pytest.fixture
def add(house, investigating):
    def add(text, **said):
        return operations.add_cause(problem=investigating, by=house.aisha, at=AT, text=text, **said)

    return add


def outline(problem):
    """The tree as lines, each with a dash for every level."""

    def below(parent, level):
        lines = []
        for cause in Cause.objects.filter(problem=problem, parent=parent):
            lines += ["-" * level + cause.text, *below(cause, level + 1)]
        return lines

    return below(None, 0)


def test_causes_stand_in_the_order_in_which_they_were_written(investigating, add):
    first = add("Gateway 2 is full")
    add("Sessions stay", parent=first)
    add("Two clients share a key")

    assert outline(investigating) == ["Gateway 2 is full", "-Sessions stay", "Two clients share a key"]


def test_enter_adds_below_the_line_at_hand(investigating, add):
    first = add("A")
    add("C")
    add("B", after=first)

    assert outline(investigating) == ["A", "B", "C"]


def test_tab_and_alt_arrows_move_a_cause_with_its_children(house, investigating, add):
    first, second = add("A"), add("B")
    add("B1", parent=second)

    def move(cause, direction):
        operations.move_cause(cause=cause, by=house.aisha, at=AT, direction=direction)

    move(second, "in")
    assert outline(investigating) == ["A", "-B", "--B1"]
    move(second, "in")
    assert outline(investigating) == ["A", "-B", "--B1"]
    move(second, "out")
    assert outline(investigating) == ["A", "B", "-B1"]
    move(second, "up")
    assert outline(investigating) == ["B", "-B1", "A"]
    move(first, "down")
    assert outline(investigating) == ["B", "-B1", "A"]


def test_a_chain_of_whys_ends_at_twelve(house, investigating, add):
    parent = None
    for number in range(12):
        parent = add(f"Why {number}", parent=parent)

    with pytest.raises(Refused) as error:
        add("One more", parent=parent)

    assert error.value.refusals[0].code == "too_deep"


def test_moving_in_can_not_make_the_chain_too_deep(house, investigating, add):
    parent = top = add("Top")
    for number in range(11):
        parent = add(f"Why {number}", parent=parent)
    sibling = add("Sibling", after=parent)
    assert sibling.parent_id == parent.parent_id

    with pytest.raises(Refused):
        operations.move_cause(cause=sibling, by=house.aisha, at=AT, direction="in")
    assert top.parent is None


def test_a_disproved_cause_stays_with_its_reason(house, investigating, add):
    cause = add("The supplier's line")

    operations.disprove(cause=cause, by=house.tom, at=AT, reason="Happens on two lines.")

    cause.refresh_from_db()
    assert cause.is_disproved
    assert cause.disproved_by == house.tom
    assert cause.disproved_reason == "Happens on two lines."
    entry = Entry.objects.get(action="problem.cause_disproved")
    assert entry.reason == "Happens on two lines."


def test_ruling_out_needs_a_reason(house, add):
    with pytest.raises(Refused):
        operations.disprove(cause=add("The line"), by=house.tom, at=AT, reason="  ")


def test_a_disproved_cause_is_no_root_any_more_and_none_can_be_made_of_it(house, investigating, add):
    cause = add("The line")
    operations.mark_root(cause=cause, by=house.aisha, at=AT)
    investigating.refresh_from_db()
    assert investigating.cause_found_at == AT

    operations.disprove(cause=cause, by=house.aisha, at=moment("2026-03-02 14:00"), reason="No.")

    investigating.refresh_from_db()
    assert investigating.cause_found_at is None
    with pytest.raises(Refused):
        operations.mark_root(cause=cause, by=house.aisha, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cause.objects.filter(pk=cause.pk).update(is_root=True)


def test_html_in_a_cause_is_kept_as_typed(investigating, add):
    add("<script>alert(1)</script> & 'x'\x00")

    assert outline(investigating) == ["<script>alert(1)</script> & 'x'"]


@pytest.mark.parametrize(("text", "field"), [("", "text"), ("x" * 501, "text")])
def test_a_text_that_does_not_fit_is_refused(add, text, field):
    with pytest.raises(Refused) as error:
        add(text)

    assert {each.field for each in error.value.refusals} == {field}


def test_an_unknown_group_is_refused(add):
    with pytest.raises(Refused):
        add("A", group="blame")


def test_a_conclusion_becomes_a_task_with_owner_and_date(house, investigating, add):
    task = operations.act_on(
        cause=add("Memory"),
        by=house.aisha,
        at=AT,
        title="Add memory to gateway 2",
        assignee=house.tom,
        due_at=moment("2026-03-06 17:00"),
    )

    assert task.record_id == investigating.pk
    assert task.assignee == house.tom
    assert list(investigating.causes.get().actions.all()) == [task]


@pytest.mark.parametrize("due", [None, "2026-03-02 12:59"])
def test_an_action_needs_a_date_to_come(house, add, due):
    with pytest.raises(Refused):
        operations.act_on(
            cause=add("Memory"),
            by=house.aisha,
            at=AT,
            title="Add memory",
            assignee=house.tom,
            due_at=moment(due) if due else None,
        )


def test_evidence_is_named_once(house, add, log_incident):
    cause, incident = add("Memory"), log_incident()
    operations.add_evidence(cause=cause, by=house.aisha, at=AT, record=incident, note="Drops at 20 minutes.")

    with pytest.raises(Refused):
        operations.add_evidence(cause=cause, by=house.aisha, at=AT, record=incident)

    operations.remove_evidence(evidence=cause.evidence_rows.get(), by=house.aisha, at=AT)
    assert not cause.evidence_rows.exists()


def test_a_comparison_says_something_in_one_of_its_fields(house, investigating):
    with pytest.raises(Refused):
        operations.compare(problem=investigating, by=house.aisha, at=AT, dimension="where", values={"is_text": "  "})

    row = operations.compare(
        problem=investigating,
        by=house.aisha,
        at=AT,
        dimension="where",
        values={"is_text": "Oslo", "is_not_text": "Bergen", "distinction": "gateway 2"},
    )
    operations.change_comparison(comparison=row, by=house.aisha, at=AT, values={"change": "New firmware"})

    assert Comparison.objects.get().change == "New firmware"


def test_a_removed_comparison_stays_in_the_log(house, investigating):
    row = operations.compare(
        problem=investigating, by=house.aisha, at=AT, dimension="when", values={"is_text": "after 20 minutes"}
    )

    operations.remove_comparison(comparison=row, by=house.aisha, at=AT)

    assert not Comparison.objects.exists()
    entry = Entry.objects.get(action="problem.comparison_removed")
    assert entry.data["before"]["is_text"] == "after 20 minutes"


def test_an_event_to_come_is_refused(house, investigating):
    with pytest.raises(Refused):
        operations.add_event(
            problem=investigating, by=house.aisha, at=AT, happened_at=moment("2026-03-02 13:01"), text="Later"
        )

    operations.add_event(
        problem=investigating, by=house.aisha, at=AT, happened_at=moment("2026-02-28 22:00"), text="New firmware"
    )
    assert TimelineEvent.objects.get().text == "New firmware"


def test_each_change_gives_the_problem_a_new_version(house, investigating, add):
    add("A")

    version = investigating.version
    investigating.refresh_from_db()
    assert investigating.version == version + 1


def test_otto_can_not_write_an_analysis(house, investigating):
    with pytest.raises(NotAllowed):
        operations.add_cause(problem=investigating, by=house.otto, at=AT, text="I was here")

    assert not Cause.objects.exists()


def test_the_analysis_of_a_closed_problem_is_read_only(house, verifying):
    operations.close(problem=verifying, by=house.ines, at=moment("2026-04-01 09:00"), lessons="Look at memory.")

    with pytest.raises(Refused):
        operations.add_cause(problem=verifying, by=house.aisha, at=moment("2026-04-01 10:00"), text="Too late")
