"""What counts as a difference, and which change explains it."""

from datetime import timedelta

import pytest

from audit.models import Entry
from audit.outbox import dispatch_due
from changes.differences import operations
from changes.differences.models import Difference, Verification
from common.refusals import NotAllowed, Refused
from services import importing
from services.models import ConfigurationItem, ItemImport
from tests.conftest import moment
from tests.parallel import at_once

from .conftest import FRIDAY_9, THURSDAY_20

DAY = timedelta(days=1)


def found():
    rows = Difference.objects.order_by("pk")
    return [(row.item.name, row.field, row.before, row.after, row.is_open) for row in rows]


def test_a_written_import_is_looked_through_by_itself_and_only_once(house, host):
    run = importing.begin(content=b"key;memory GB\ns-1;64\n", file_name="scan.csv", by=house.ines, at=FRIDAY_9)
    run = importing.check(run=run, at=FRIDAY_9)
    assert found() == []
    importing.order(run=run, by=house.ines, at=FRIDAY_9, takes_theirs=False, skips_problems=False)
    run = importing.apply(run=run, at=FRIDAY_9)

    dispatch_due(at=FRIDAY_9)
    again = operations.keep_found(run=run, at=FRIDAY_9)

    assert found() == [("esx-3", "attributes.memory_gb", 32, 64, True)]
    assert (again, Verification.objects.count()) == (0, 1)
    assert Verification.objects.get().by == house.ines


@pytest.mark.parametrize("takes_theirs", [False, True])
def test_what_was_found_counts_whichever_side_the_import_took(host, scan, takes_theirs):
    scan("key;memory GB\ns-1;64\n", takes_theirs=takes_theirs)

    host.refresh_from_db()
    assert host.attributes["memory_gb"] == (64 if takes_theirs else 32)
    assert found() == [("esx-3", "attributes.memory_gb", 32, 64, True)]


def test_new_items_completed_ones_and_mere_descriptions_are_no_difference(house, host, scan):
    scan("key;name;cores;description;owner;team\ns-1;;16;Rack 4;aisha;networks\ns-2;esx-4;8;;;\n")

    assert ConfigurationItem.objects.filter(name="esx-4").exists()
    host.refresh_from_db()
    assert host.owner == house.aisha
    assert found() == []
    assert [each.item for each in Verification.objects.all()] == [host]


def test_the_same_file_again_finds_nothing_new(host, scan):
    for day in range(2):
        scan("key;memory GB\ns-1;64\n", at=FRIDAY_9 + day * DAY)

    assert len(found()) == 1
    assert Verification.objects.count() == 2


def test_an_item_that_is_gone_differs(host, scan):
    scan("key;status\ns-1;retired\n", takes_theirs=True)

    assert found() == [("esx-3", "status", "live", "retired", True)]


@pytest.mark.parametrize(
    ("looked", "began", "ended", "explains"),
    [
        (None, "2026-03-05 20:00", "2026-03-05 21:00", True),
        (None, "2026-03-05 20:00", None, True),  # still under way
        ("2026-03-05 20:30", "2026-03-05 20:00", "2026-03-05 21:00", True),  # ended after the look before
        ("2026-03-05 21:30", "2026-03-05 20:00", "2026-03-05 21:00", False),  # the look before saw it done
        (None, "2026-03-06 09:30", None, False),  # began after it was found
    ],
)
def test_a_change_under_way_since_the_look_before_explains_it(house, host, scan, begun, looked, began, ended, explains):
    if looked:
        operations.verify(item=host, by=house.ines, at=moment(looked))
    change = begun(items=[host], at=THURSDAY_20)
    type(change).objects.filter(pk=change.pk).update(
        actual_from=moment(began), actual_to=moment(ended) if ended else None
    )

    scan("key;memory GB\ns-1;64\n")

    row = Difference.objects.get()
    assert (row.change_id == change.pk, row.is_open) == (explains, not explains)
    assert row.explained_by is None


def test_a_change_that_was_only_planned_or_is_on_another_item_explains_nothing(host, scan, booked, begun, gateway):
    booked(items=[host])
    begun(items=[gateway], window=("2026-03-05 17:00", "2026-03-05 19:00"), at=moment("2026-03-05 17:00"))

    scan("key;memory GB\ns-1;64\n")

    assert found()[0][-1] is True


def test_somebody_looks_and_says_what_is_other_in_words(house, host, begun):
    operations.verify(item=host, by=house.aisha, at=FRIDAY_9 - DAY, note="Rack 4")
    change = begun(items=[host])

    operations.verify(item=host, by=house.aisha, at=FRIDAY_9, difference="A second <b>power</b> supply")

    row = Difference.objects.get()
    assert (row.field, row.before, row.after, row.change) == ("", None, "A second <b>power</b> supply", change)
    assert [entry.reason for entry in Entry.objects.filter(action="item.verified").order_by("pk")] == ["", row.after]
    host.refresh_from_db()
    assert host.attributes == {"memory_gb": 32}


def test_who_may_not_change_items_verifies_none_and_a_retired_one_is_not_looked_at(house, host):
    with pytest.raises(NotAllowed):
        operations.verify(item=host, by=house.tom, at=FRIDAY_9)
    ConfigurationItem.objects.filter(pk=host.pk).update(status="retired", is_active=False)
    with pytest.raises(Refused, match="retired"):
        operations.verify(item=host, by=house.ines, at=FRIDAY_9)

    assert not Verification.objects.exists()


def test_explained_by_a_change_or_a_reason_and_taken_back(house, differs, begun, booked):
    said = {"by": house.ines, "at": FRIDAY_9}
    for wrong, why in (({}, "Say why"), ({"change": booked()}, "never begun")):
        with pytest.raises(Refused, match=why):
            operations.explain(differences=[differs], **said, **wrong)
    with pytest.raises(NotAllowed):
        operations.explain(differences=[differs], by=house.tom, at=FRIDAY_9, reason="So")

    assert operations.explain(differences=[differs], **said, reason=" The record was wrong. ") == 1
    with pytest.raises(Refused, match="open any more"):
        operations.explain(differences=[differs], by=house.aisha, at=FRIDAY_9, reason="Mine")
    differs.refresh_from_db()
    assert (differs.reason, differs.explained_by, differs.is_open) == ("The record was wrong.", house.ines, False)

    with pytest.raises(Refused, match="does not hold"):
        operations.reopen(difference=differs, **said, reason=" ")
    operations.reopen(difference=differs, **said, reason="It always had 32.")
    differs.refresh_from_db()
    assert (differs.is_open, differs.reason, differs.explained_by) == (True, "", None)
    entry = Entry.objects.get(action="item.difference_reopened")
    assert (entry.reason, entry.data["explanation"]) == ("It always had 32.", "The record was wrong.")


def test_the_change_that_sets_it_right_is_written_once_and_explains_nothing(house, differs):
    change = operations.open_change(differences=[differs], by=house.ines, at=FRIDAY_9)

    assert list(change.items.all()) == [differs.item]
    assert change.title == "Set right what differs on esx-3"
    assert "esx-3: Memory in GB: 32 → 64" in change.rationale
    differs.refresh_from_db()
    assert (differs.is_open, differs.follow_up_id) == (True, change.pk)
    with pytest.raises(Refused, match="waits for a change"):
        operations.open_change(differences=[differs], by=house.ines, at=FRIDAY_9)


@pytest.mark.django_db(transaction=True)
def test_two_who_explain_at_once_leave_one_explanation(house, differs):
    def explaining(person):
        return lambda: operations.explain(differences=[differs], by=person, at=FRIDAY_9, reason=person.username)

    raised = at_once(explaining(house.ines), explaining(house.aisha))

    assert sorted(str(type(each)) for each in raised) == sorted(str(each) for each in (type(None), Refused))
    differs.refresh_from_db()
    assert differs.reason == differs.explained_by.username
    assert Entry.objects.filter(action="item.difference_explained").count() == 1


def test_hundreds_of_rows_are_kept_in_sets(house, host, vpn, scan, django_assert_max_num_queries):
    rows = [
        ConfigurationItem(name=f"n-{number}", type=host.type, external_key=f"k-{number}", attributes={"memory_gb": 1})
        for number in range(400)
    ]
    ConfigurationItem.objects.bulk_create(rows)
    text = "key;memory GB\n" + "".join(f"k-{number};2\n" for number in range(400))
    run = importing.begin(content=text.encode(), file_name="scan.csv", by=house.ines, at=FRIDAY_9)
    importing.order(
        run=importing.check(run=run, at=FRIDAY_9), by=house.ines, at=FRIDAY_9, takes_theirs=True, skips_problems=False
    )
    run = importing.apply(run=run, at=FRIDAY_9)
    assert run.stage == ItemImport.Stage.APPLIED

    with django_assert_max_num_queries(14):
        assert operations.keep_found(run=run, at=FRIDAY_9) == 400
