"""What services are said to be: drafts and versions, who reads what, and what the cells make of a call."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from common.refusals import NotAllowed, Refused, Stale
from people.models import User
from services.models import Offering, Service
from services.specifications import comparing, operations, queries
from services.specifications.classifying import classify
from services.specifications.enums import Call, Cell
from services.specifications.models import Specification, Statement
from services.specifications.terms import Said, terms_of
from tests.conftest import moment
from tests.parallel import at_once

GET, WELL = Cell.FACILITY_FUNCTIONALITY, Cell.FACILITY_FUNCTIONING
DO, SOON = Cell.SUPPORT_FUNCTIONALITY, Cell.SUPPORT_FUNCTIONING
MONDAY = moment("2026-03-02 09:00")
DAY = date(2026, 3, 2)
SAID = (
    Said(GET, "One login for everything", also="sign in, log in, password"),
    Said(WELL, "Available around the clock", bound="availability", value=Decimal("99.9")),
    Said(DO, "We set a new password when yours is lost or forgotten"),
    Said(DO, "We move a network outlet", call=Call.CHANGE),
    Said(DO, "Private phones are not connected", call=Call.WISH),
    Said(SOON, "You wait half an hour at most for an answer", bound="clock:response:1", value=Decimal(30)),
)


@pytest.fixture
def decided(house, vpn):
    """What Ines put in force on Monday; anything can be said otherwise."""

    def make(service=None, said=SAID, at=MONDAY, valid_from=DAY):
        draft = operations.begin_draft(service=service or vpn, by=house.ines, at=at)
        draft = operations.save_draft(draft=draft, by=house.ines, at=at, terms=said)
        return operations.put_in_force(draft=draft, by=house.ines, at=at, valid_from=valid_from, reason="First one")

    return make


def test_a_version_holds_from_its_day_on_and_the_one_before_until_then(house, vpn, decided):
    first = decided()
    later = decided(said=SAID[:2], valid_from=date(2026, 4, 1))

    def holds(day):
        return Specification.objects.in_force(day).filter(service=vpn).first()

    assert holds(date(2026, 3, 1)) is None
    assert holds(date(2026, 3, 31)) == first
    assert holds(date(2026, 4, 1)) == later
    assert [each.key for each in terms_of(later)] == [7, 8]
    entry = Entry.objects.filter(action="specification.put_in_force").latest("id")
    assert (entry.subject_kind, entry.subject_id, entry.reason) == ("service", vpn.pk, "First one")


def test_two_versions_are_compared_in_words(house, vpn, decided):
    before = terms_of(decided())
    draft = operations.begin_draft(service=vpn, by=house.ines, at=MONDAY)
    changed = [each for each in before if each.cell != DO]
    changed[1] = Said(WELL, "Available at any hour", bound="availability", value=Decimal("99.5"), key=before[1].key)
    changed.append(Said(DO, "We lend <b>phones</b>"))

    saved = operations.save_draft(draft=draft, by=house.ines, at=MONDAY, terms=tuple(changed))

    assert comparing.sentences(before, terms_of(saved)) == [
        "Facility: how well it works: “Available around the clock” now reads “Available at any hour”",
        "Facility: how well it works: “Available at any hour” is measured by Availability: at least 99.5%,"
        " not Availability: at least 99.9%",
        "Support: what we do for you: left out: “We set a new password when yours is lost or forgotten”",
        "Support: what we do for you: left out: “We move a network outlet”",
        "Support: what we do for you: left out: “Private phones are not connected”",
        "Support: what we do for you: new: “We lend <b>phones</b>”",
    ]
    assert max(each.key for each in terms_of(saved)) == 7
    assert comparing.sentences(before, before) == []


def test_what_was_promised_before_stays(house, vpn, decided):
    decided(valid_from=DAY + timedelta(days=10))
    draft = operations.begin_draft(service=vpn, by=house.ines, at=MONDAY)

    def force(**said):
        operations.put_in_force(
            draft=draft, at=MONDAY, **({"by": house.ines, "reason": "So", "valid_from": date(2026, 5, 1)} | said)
        )

    with pytest.raises(Refused, match="says what was decided before"):
        force()
    operations.save_draft(draft=draft, by=house.ines, at=MONDAY, terms=SAID[:1])
    with pytest.raises(Refused, match="today or within two years"):
        force(valid_from=DAY - timedelta(days=1))
    with pytest.raises(Refused, match="today or within two years"):
        force(valid_from=date(2199, 1, 1))
    with pytest.raises(Refused, match="Version 1 begins after that day"):
        force(valid_from=DAY)
    with pytest.raises(Refused, match="The reason is missing"):
        force(reason="  \x00")
    with pytest.raises(NotAllowed):
        force(by=house.tom)
    with pytest.raises(NotAllowed):
        force(by=house.otto)
    assert Specification.objects.drafts().count() == 1
    force(by=house.aisha)  # the owner of the service
    assert Specification.objects.drafts().count() == 0
    with pytest.raises(Refused, match="put in force or dropped meanwhile"):
        operations.save_draft(draft=draft, by=house.ines, at=MONDAY, terms=SAID)


def test_of_two_editors_the_second_is_told(house, vpn):
    draft = operations.begin_draft(service=vpn, by=house.ines, at=MONDAY)
    operations.save_draft(draft=draft, by=house.ines, at=MONDAY, terms=SAID[:1], revision=1)

    with pytest.raises(Stale):
        operations.save_draft(draft=draft, by=house.aisha, at=MONDAY, terms=SAID, revision=1)
    with pytest.raises(Stale):
        operations.put_in_force(
            draft=draft, by=house.ines, at=MONDAY, valid_from=DAY, reason="Unseen", revision=1
        )  # fmt: skip

    assert [each.text for each in terms_of(Specification.objects.get())] == ["One login for everything"]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (Said("roof", "x"), "choose one of the four cells"),
        (Said(GET, " \n "), "say it in 1 to 300 characters"),
        (Said(GET, "x" * 301), "say it in 1 to 300 characters"),
        (Said(GET, "x", bound="availability", value=Decimal(99)), "does not measure this cell"),
        (Said(WELL, "x", bound="clock:response", value=Decimal(9)), "does not measure this cell"),
        (Said(WELL, "x", bound="availability"), "say the number"),
        (Said(WELL, "x", bound="moon", value=Decimal(1)), "choose what measures it"),
        (Said(WELL, "x", bound="availability", value=Decimal("100.001")), "0 to 100 percent"),
        (Said(WELL, "x", bound="availability", value=Decimal("NaN")), "0 to 100 percent"),
        (Said(SOON, "x", bound="clock:response:1", value=Decimal(0)), "a whole minute to a year"),
        (Said(SOON, "x", bound="clock:response:1", value=Decimal(-5)), "a whole minute to a year"),
        (Said(SOON, "x", bound="clock:response:1", value=Decimal("1e9")), "a whole minute to a year"),
        (Said(GET, "x", call="alarm"), "choose what a call"),
        (Said(GET, "x", offering=4711), "none of the service"),
    ],
)
def test_statements_that_do_not_fit_are_named(house, vpn, said, problem):
    draft = operations.begin_draft(service=vpn, by=house.ines, at=MONDAY)

    with pytest.raises(Refused, match=f"Statement 2: .*{problem}") as refused:
        operations.save_draft(draft=draft, by=house.ines, at=MONDAY, terms=(SAID[0], said))

    assert all(each.field.startswith("statements.2.") for each in refused.value.refusals)
    assert not Statement.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_double_click_begins_one_draft(house, vpn):
    def begin():
        operations.begin_draft(service=Service.objects.get(pk=vpn.pk), by=None, at=MONDAY)

    raised = at_once(begin, begin)

    assert sorted(type(each).__name__ for each in raised) == ["NoneType", "Refused"]
    assert Specification.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "call", "quoted"),
    [
        ("lost password", Call.REQUEST, "We set a new password when yours is lost or forgotten"),
        ("I forgot my pasword, please help", Call.REQUEST, "We set a new password when yours is lost or forgotten"),
        ("password does not work", Call.INCIDENT, "One login for everything"),
        ("Nobody can log in", Call.INCIDENT, "One login for everything"),
        ("move the network outlet", Call.CHANGE, "We move a network outlet"),
        ("my private phone is broken", Call.WISH, "Private phones are not connected"),
        ("I wait for an answer", Call.COMPLAINT, "You wait half an hour at most for an answer"),
        ("login", None, "One login for everything"),
        ("coffee machine", None, None),
        ("'; DROP TABLE <b> & | ! :* \\", None, None),
        ("", None, None),
    ],
)
def test_the_cell_decides_what_a_call_is(house, decided, words, call, quoted):
    decided()

    verdict = classify(house.tom, words, on=DAY)

    assert (verdict.call, verdict.hit.statement.text if verdict.hit else None) == (call, quoted)


def test_no_cell_decides_what_two_say_differently(house, decided):
    decided(said=(Said(DO, "We move desks"), Said(DO, "We move walls and desks", call=Call.CHANGE)))

    verdict = classify(house.tom, "move desks", on=DAY)

    assert verdict.call is None
    assert verdict.reason.startswith("No cell decides: the statements that speak of it differ.")
    assert len(verdict.others) == 1


def test_customers_hear_only_of_what_is_offered_to_them(house, vpn, decided):
    gold = Offering.objects.create(service=vpn, name="Gold")
    gold.organizations.add(house.umbrella)
    everybody = Offering.objects.create(service=vpn, name="Everybody")
    other = Service.objects.create(name="Vault", slug="vault")
    Offering.objects.create(service=other, name="Umbrella only").organizations.add(house.umbrella)
    for service, offering in ((vpn, gold), (other, None)):
        terms = (Said(DO, "We open the safe", offering=offering.pk if offering else None), Said(GET, "A door"))
        decided(service=service, said=(*terms, *([Said(GET, "A lift", offering=everybody.pk)] if offering else [])))

    def read(person: User):
        found = queries.in_force([vpn], on=DAY, statements=queries.statements_for(person))[vpn.pk]
        return [each.text for each in found.statements.all()]

    assert read(house.maria) == ["A door", "A lift"]
    assert read(house.tom) == ["A door", "A lift", "We open the safe"]
    assert classify(house.maria, "open the safe", on=DAY).hit is None
    assert classify(house.tom, "open the safe", on=DAY).call == Call.REQUEST
    assert classify(house.tom, "open the safe", on=DAY - timedelta(days=1)).hit is None


def test_asking_takes_the_same_statements_for_one_service_and_for_three(house, vpn, decided):
    def count():
        person = User.objects.get(pk=house.tom.pk)
        with CaptureQueriesContext(connection) as said:
            classify(person, "lost password", on=DAY)
        return len(said)

    decided()
    with_one = count()
    for name in ("a", "b"):
        decided(service=Service.objects.create(name=name, slug=name))

    assert (with_one, count()) == (2, 2)
