"""What the contract tests of the house cannot know of complaints."""

import json
import os
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from audit.models import Entry
from calendars.seeds import ensure_default_calendars
from common.refusals import NotAllowed, Stale
from frameworks.certifying import picture
from frameworks.mapping import Map
from itsm.sample import removal
from itsm.sample.cast import assemble
from measurement import declarations, queries
from measurement.models import Grain
from measurement.periods import Range
from measurement.rebuild import rebuild_all
from measurement.scope import Scope
from people.enums import NavGrouping
from procedures.models import ProcedureVersion, Visit
from records.models import Record
from records.transitions import TransitionRefused
from slm.enums import ClockState
from slm.models import Clock
from slm.operations import create_agreement
from supplier_complaints import operations, sample
from supplier_complaints.models import Complaint
from supplier_complaints.tests.conftest import MONDAY_9
from tests.conftest import moment

MONDAY_11 = moment("2026-03-02 11:00")
TUESDAY = moment("2026-03-03 12:00")
BASE = "/supplier-complaints"


@pytest.fixture
def promised(house):
    """Suppliers answer within 480 minutes, around the clock."""
    create_agreement(
        by=None, at=moment("2026-01-01 00:00"), name="What suppliers owe us", kind="supplier_complaint",
        calendar=ensure_default_calendars(at=moment("2026-01-01 00:00"))["24x7"],
        targets={("supplier_answer", priority): 480 for priority in range(1, 6)},
    )  # fmt: skip


def test_nothing_is_sent_that_does_not_say_what_was_agreed(house, write_complaint):
    complaint = write_complaint(promised="  ")
    before = Entry.objects.count()

    with pytest.raises(TransitionRefused, match="what was agreed"):
        operations.lodge(supplier_complaint=complaint, by=house.aisha, at=MONDAY_11)
    with pytest.raises(NotAllowed):
        operations.lodge(supplier_complaint=complaint, by=house.tom, at=MONDAY_11)

    assert Complaint.objects.get().state == "written"
    assert Entry.objects.count() == before


def test_the_clock_of_the_answer_begins_again_when_we_insist(house, promised, write_complaint):
    complaint = write_complaint()
    waiting = Clock.objects.filter(record=complaint).exists()
    complaint = operations.lodge(supplier_complaint=complaint, by=house.aisha, at=MONDAY_11)
    complaint = operations.note_answer(supplier_complaint=complaint, by=house.tom, at=TUESDAY, text="Sorry.")
    complaint = operations.insist(supplier_complaint=complaint, by=house.ines, at=TUESDAY, reason="Sorry is no remedy.")

    first, second = Clock.objects.filter(record=complaint).order_by("pk")
    assert not waiting
    assert (first.state, first.due_at) == (ClockState.MISSED, moment("2026-03-02 19:00"))
    assert (second.state, second.due_at) == (ClockState.RUNNING, moment("2026-03-03 20:00"))
    assert Record.objects.get(pk=complaint.pk).due_at == second.due_at


def test_the_database_lets_no_remedy_stand_without_an_answer(write_complaint):
    complaint = write_complaint()

    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(remedy="credit")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE records_record SET state = 'breached' WHERE id = %s", [complaint.pk])


def test_a_complaint_is_written_read_edited_and_moved_on_pages(house, promised, client):
    client.force_login(house.aisha)
    form = client.get(f"{BASE}/new/")
    said = {"token": form.context["token"], "supplier": "Telnor <b>", "title": "Late <script>x</script>"}
    assert client.post(f"{BASE}/new/", said | {"supplier": ""}).status_code == 422
    made = [client.post(f"{BASE}/new/", said) for _click in range(2)]
    complaint = Complaint.objects.get()
    url = complaint.get_absolute_url()

    refused = client.post(f"{url}lodging/")
    edited = client.post(f"{url}fields/promised/", {"promised": "A call back within 60 minutes"})
    sent = client.post(f"{url}lodging/")
    page = client.get(url).content.decode()

    assert [each["Location"] for each in made] == [url, url]
    assert (refused.status_code, edited.status_code, sent.status_code) == (422, 303, 303)
    assert "Late &lt;script&gt;" in page and "<script>x" not in page
    assert "Note the answer" in page and "Telnor &lt;b&gt;" in page
    assert "wrote this complaint" in page


def test_its_place_stands_in_the_navigation_and_in_the_queue(house, write_complaint, client):
    complaint = write_complaint()
    client.force_login(house.tom)

    queue = client.get("/queue/?q=kind:supplier_complaint")
    house.tom.nav_grouping = NavGrouping.PRACTICE
    house.tom.save()
    regrouped = client.get("/queue/").content.decode()

    assert complaint.reference in queue.content.decode()
    assert 'href="/queue/?q=kind:supplier_complaint"' in queue.content.decode()
    assert "Supplier management" in regrouped


def test_of_another_organization_there_is_nothing(house, write_complaint, as_):
    complaint = write_complaint()
    otto = Client()
    otto.force_login(house.otto)

    assert otto.get(complaint.get_absolute_url()).status_code == 404
    assert otto.post(f"{complaint.get_absolute_url()}withdrawal/", {"reason": "x"}).status_code == 404
    assert as_(house.otto).get(f"supplier-complaints/{complaint.reference}/").status_code == 404
    assert as_(house.otto).get("supplier-complaints/").json()["items"] == []


def test_the_api_offers_what_the_page_offers(house, write_complaint, as_):
    made = as_(house.ines).post("supplier-complaints/", {"title": "Late", "supplier": "Telnor"}).json()
    address = f"supplier-complaints/{made['reference']}"
    unmet = next(each for each in made["allowed_moves"] if each["name"] == "lodge")
    refused = as_(house.ines).post(f"{address}/lodging/", {}, if_match='"1"')
    changed = as_(house.tom).patch(f"{address}/", {"promised": "By noon"}, if_match='"1"')
    not_his = as_(house.tom).post(f"{address}/lodging/", {})
    sent = as_(house.ines).post(f"{address}/lodging/", {})
    stale = as_(house.tom).post(f"{address}/answer/", {"text": "Sorry."}, if_match='"1"')
    answered = as_(house.tom).post(f"{address}/answer/", {"text": "Sorry."}).json()
    settled = as_(house.ines).post(f"{address}/settlement/", {"remedy": "credit"}).json()

    assert unmet["unmet"][0]["field"] == "promised"
    assert [refused.status_code, changed.status_code, not_his.status_code, sent.status_code] == [422, 200, 403, 200]
    assert stale.status_code == 412
    assert (answered["state"], answered["answer"]) == ("answered", "Sorry.")
    assert (settled["state"], settled["remedy"], settled["allowed_moves"]) == ("settled", "credit", [])


def test_two_who_settle_at_once_do_it_once(house, write_complaint):
    complaint = operations.lodge(supplier_complaint=write_complaint(), by=house.aisha, at=MONDAY_11)
    seen = operations.note_answer(supplier_complaint=complaint, by=house.tom, at=TUESDAY, text="Sorry.")
    operations.settle(supplier_complaint=seen, by=house.ines, at=TUESDAY, remedy="repair", version=seen.version)

    with pytest.raises(Stale):
        operations.settle(supplier_complaint=seen, by=house.aisha, at=TUESDAY, remedy="none", version=seen.version)

    assert Complaint.objects.get().remedy == "repair"


def test_the_measure_counts_what_was_made_good(house, write_complaint):
    for remedy in ("repair", "promise"):
        complaint = operations.lodge(supplier_complaint=write_complaint(), by=house.aisha, at=MONDAY_11)
        operations.note_answer(supplier_complaint=complaint, by=house.tom, at=TUESDAY, text="Sorry.")
        operations.settle(supplier_complaint=complaint, by=house.ines, at=TUESDAY, remedy=remedy)
    rebuild_all()

    kpi = declarations.kpi("sup-remedied")
    days = Range(moment("2026-03-01 00:00").date(), moment("2026-04-01 00:00").date())
    value = queries.series_of([kpi], days, Scope(None, None, is_sample=False), grain=Grain.MONTH)[kpi.id][0].total

    assert (value.number, value.is_on_target) == (50.0, False)


def test_the_map_and_the_procedure_know_it_at_once(house, write_complaint):
    operations.lodge(supplier_complaint=write_complaint(), by=house.aisha, at=MONDAY_11)

    review = next(row for row in Map(house.ines).rows if row.step.id == "supplier-review")
    version = ProcedureVersion.objects.get(procedure__slug="supplier-complaint")
    visit = Visit.objects.get(record__kind="supplier_complaint", left_at=None)

    assert [(each.label, each.count) for each in review.here][:1] == [
        ("supplier complaints: with the supplier, answered", 1)
    ]
    assert (visit.process, visit.step, visit.version_id) == ("agree", "evaluate", version.pk)


def test_the_sample_tells_of_one_and_takes_it_away(db):
    sample.tell(cast=assemble(password="correct horse battery staple", at=MONDAY_9), at=TUESDAY)
    told = Complaint.objects.get(is_sample=True)

    removal.remove()

    assert (told.state, told.supplier) == ("lodged", "Telnor")
    assert not Complaint.objects.exists()


@pytest.mark.skipif("PICTURE_BEFORE" not in os.environ, reason="needs the picture of the house without the practice")
def test_nothing_of_the_house_is_another_than_without_it(db):
    before = json.loads(Path(os.environ["PICTURE_BEFORE"]).read_text())
    after = json.loads(json.dumps(picture.take()))
    for entries in (before["routes"], after["routes"]):
        for each in entries.values():
            del each["place"]

    assert [said for said in picture.differences(before, after) if "complaint" not in said.lower()] == []
    assert {part for part in before if before[part] != after[part]} == set(before)
