"""The map: what is where, how much of it there is for whom, and what gaps become."""

import csv
import io
import re

import pytest
from django.test import Client
from django.urls import reverse

from common.refusals import NotAllowed, Refused
from frameworks import operations, shipped_packs
from frameworks.checking import pack_of
from frameworks.mapping import Map
from frameworks.models import Certificate, GapImprovement, Pack, Practice
from frameworks.raising import raise_gap
from improvement.models import Improvement
from people.enums import Role
from people.models import RoleGrant
from procedures.models import Procedure, ProcedureStep, ProcedureVersion
from procedures.tagging import tags_of
from records.models import Record
from tests.conftest import moment

AT = moment("2026-03-02 09:10")
pytestmark = pytest.mark.usefixtures("quick")


def test_a_step_says_where_it_is_done_and_counts_what_the_person_may_see(house, care, log_incident):
    for _each in range(3):
        log_incident()

    def here(person):
        row = Map(person).by_step["incident-logging-and-classification"]
        return [(each.label, each.count) for each in row.here]

    assert here(house.tom) == [("incidents: New", 3)]
    assert here(house.otto) == [("incidents: New", 0)]
    assert here(house.maria) == [("incidents: New", None)]


def test_overlaps_gaps_orphans_and_what_is_avoided(house, care, own):
    other = own(id="calm", name="Calm").replace("[service-level-negotiation]", "[incident-logging-and-classification]")
    operations.adopt(by=house.ada, at=AT, text=other)

    seen = Map(house.tom)

    assert [row.step.id for row in seen.rows if row.is_overlap] == [
        "incident-logging-and-classification", "call-intake-and-classification", "kaizen-event",
    ]  # fmt: skip
    assert [str(each.practice) for each in seen.gaps] == ["Resting", "Resting"]
    assert "root-cause-analysis" in [row.step.id for row in seen.rows if row.is_orphan]
    figures = seen.figures
    assert (figures.frameworks, figures.practices, figures.attachments, figures.steps_used) == (2, 6, 8, 4)
    assert (figures.avoided, figures.overlaps, figures.gaps, figures.pairs) == (4, 3, 2, 1)


def test_a_pack_that_is_switched_off_is_not_on_the_map(house, care):
    operations.switch_off(pack=care, by=house.ada, at=AT)

    assert Map(house.tom).practices == []
    assert Map(house.tom).gaps == []


def test_what_is_only_written_down_is_told_apart_from_a_gap(base_set, house, care, as_):
    resting = Practice.objects.get(key="resting")
    vacant = Map(house.tom)
    reason = vacant.gaps[0].reason
    RoleGrant.objects.create(user=house.ada, role=Role.USER_MANAGER)

    held = Map(house.tom)
    written = [each.practice for each in held.written]
    page = as_(house.ines).get("/practices/gaps/?show=written").content.decode()
    shown = {show: as_(house.ines).get(f"/practices/?show={show}").context["shown_count"] for show in ("", "written")}
    made = raise_gap(practice=resting, by=house.ines, at=AT)
    Procedure.objects.filter(slug="kaizen-event").update(owner=house.aisha)

    assert (vacant.written, reason.endswith("nobody has the role that answers for its steps.")) == ([], True)
    assert written == [resting]
    assert shown["written"] == sum(row.is_only_written for row in held.rows) < shown[""]
    assert (held.gaps, held.by_step["kaizen-event"].procedure.answers) == ([], "User manager")
    assert "Resting" in page and "Start an improvement" in page
    assert made.title == "Cover “Resting” of Care at work"
    assert (Map(house.tom).written, Map(house.tom).gaps) == ([], [])


def test_a_gap_becomes_one_improvement_until_that_has_ended(house, care):
    resting = Practice.objects.get(key="resting")

    made = raise_gap(practice=resting, by=house.ines, at=AT)
    with pytest.raises(Refused, match=f"{made.reference} is about this gap already"):
        raise_gap(practice=resting, by=house.tom, at=AT)
    Record.objects.filter(pk=made.pk).update(phase="done")
    ended = Map(house.tom).gaps[0]
    assert (ended.is_taken, ended.improvement.pk) == (False, made.pk)
    again = raise_gap(practice=resting, by=house.tom, at=AT)

    assert made.title == "Cover “Resting” of Care at work"
    assert (made.origin, made.state) == ("audit", "suggested")
    assert GapImprovement.objects.get().record_id == again.pk
    assert Map(house.tom).gaps[0].improvement.pk == again.pk
    otto = Map(house.otto).gaps[0]
    assert (otto.is_taken, otto.improvement) == (True, None)


def test_a_gap_becomes_an_improvement_in_the_browser_by_the_form_that_is_shown(house, care):
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.ines)
    for page in ("/practices/gaps/", "/practices/care/resting/"):
        form = client.get(page).content.decode().partition('action="/practices/care/resting/improvement/"')[2]
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.partition("</form>")[0])
        answer = client.post("/practices/care/resting/improvement/", {"csrfmiddlewaretoken": token[1]})
        made = Improvement.objects.get()
        assert (answer.status_code, answer["Location"]) == (303, made.get_absolute_url())
        assert made.title == "Cover “Resting” of Care at work"
        Improvement.objects.all().delete()


def test_what_is_done_here_is_no_gap_and_who_may_not_write_raises_none(house, care):
    with pytest.raises(Refused, match="is done here by now"):
        raise_gap(practice=Practice.objects.get(key="listening"), by=house.ines, at=AT)
    for person in (house.maria, house.otto):
        with pytest.raises(NotAllowed):
            raise_gap(practice=Practice.objects.get(key="resting"), by=person, at=AT)

    assert not Improvement.objects.exists()


@pytest.mark.parametrize("times", [1, 3])
def test_the_map_takes_as_many_statements_however_much_there_is(
    house, log_incident, as_, django_assert_num_queries, own, times
):
    for number in range(times):
        log_incident()
        operations.adopt(by=house.ada, at=AT, text=own(id=f"care-{number}", name=f"Care {number}"))
    client = as_(house.tom)
    client.get("/practices/")

    with django_assert_num_queries(9):
        client.get("/practices/")


def test_pages_show_what_is_there_as_data(house, care, as_):
    client = as_(house.ada)
    addresses = [
        "/practices/", "/practices/?q=listen", "/practices/?show=orphans", "/practices/?q=zzz", "/practices/gaps/",
        "/practices/signals/", "/practices/packs/", "/practices/packs/new/", "/practices/packs/care/",
        "/practices/packs/care/removal/", "/practices/certificates/", "/practices/care/", "/practices/care/promising/",
        "/practices/steps/service-level-negotiation/", "/practices/steps/budget-approval/",
        reverse("frameworks:certificate", args=[Certificate.objects.get().pk]),
    ]  # fmt: skip

    pages = {each: client.get(each) for each in addresses}

    assert {each: page.status_code for each, page in pages.items()} == dict.fromkeys(addresses, 200)
    assert all(b"<script>alert" not in page.content for page in pages.values())
    assert b"&lt;script&gt;alert(1)" in pages["/practices/care/promising/"].content
    assert b"No step fits" in pages["/practices/?q=zzz"].content
    assert client.get("/practices/steps/nowhere/").status_code == 404
    assert client.get("/practices/care/nobody/").status_code == 404
    assert client.get("/practices/nobody/").status_code == 404


def test_otto_and_requesters_see_nothing_of_it(house, care, as_):
    for person in (house.otto, house.maria):
        client = as_(person)
        for address in ("/practices/", "/practices/care/", "/practices/packs/", "/practices/certificates/"):
            assert client.get(address).status_code == 403
        assert client.post("/practices/packs/care/removal/").status_code == 403
    assert as_(house.tom).post("/practices/packs/care/removal/").status_code == 403
    assert Pack.objects.exists()


def test_the_map_is_a_file_too(house, care, as_):
    answer = as_(house.tom).get("/practices/?format=csv&q=promising")

    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert lines[1] == [
        "agree", "service-level-negotiation", "Service level negotiation", "Agreements", "0", "Care at work", "",
        "Promising",
    ]  # fmt: skip
    assert len(lines) == 2


def test_packs_are_kept_in_the_browser(house, as_, own):
    client = as_(house.ada)

    wrong = client.post("/practices/packs/new/", {"text": own(edition="x"), "act": "load"})
    looked = client.post("/practices/packs/new/", {"text": own(), "act": "check"})
    assert not Pack.objects.exists()
    client.post("/practices/packs/new/", {"text": own(), "act": "load"})
    again = client.post("/practices/packs/new/", {"text": own(), "act": "load"})
    client.post("/practices/packs/project-phases/adoption/")
    file = io.BytesIO(own(edition=2).encode())
    file.name = "care.yaml"
    client.post("/practices/packs/new/", {"file": file, "act": "load"})
    pack = Pack.objects.get(slug="care")
    stale = client.post("/practices/packs/care/switching-off/", {"seen_version": pack.version - 1}, follow=True)
    client.post("/practices/packs/care/switching-off/", {"seen_version": pack.version})
    client.post("/practices/packs/project-phases/removal/", {"seen_version": 1})

    assert wrong.status_code == 422
    assert b"edition, line 5: Write a whole number from 1 on." in wrong.content
    assert b"Care at work" in wrong.content
    assert b"with 3 practices" in looked.content
    assert again.status_code == 409
    assert b"Somebody else changed this since you read it" in stale.content
    assert list(Pack.objects.values_list("slug", "edition", "is_active")) == [("care", 2, False)]
    assert pack_of_file(client) == {"id": "care", "edition": 2}


def test_a_later_edition_that_comes_with_the_product_is_shown_and_loaded(house, as_, monkeypatch):
    client, slug = as_(house.ada), "project-phases"
    later = shipped_packs.text_of(slug).replace("edition: 1", "edition: 2").replace("name: Closing", "name: Ending")
    client.post(f"/practices/packs/{slug}/adoption/")
    known = {each: shipped_packs.document_of(each) for each in shipped_packs.ORDER} | {slug: pack_of(later)}
    monkeypatch.setattr(shipped_packs, "document_of", known.__getitem__)
    monkeypatch.setattr(shipped_packs, "text_of", lambda _slug: later)

    page = client.get(f"/practices/packs/{slug}/").content.decode()
    client.post(f"/practices/packs/{slug}/upgrade/", {"seen_version": 1})
    client.post(f"/practices/packs/{slug}/upgrade/", {"seen_version": 1})

    assert "“Ending”, name: “Closing” becomes “Ending”" in page
    assert "Upgrade to edition 2" in page
    pack = Pack.objects.get()
    assert (pack.edition, pack.version, pack.is_shipped) == (2, 2, True)
    assert Practice.objects.filter(name="Ending").exists()
    assert Certificate.objects.count() == 2


def pack_of_file(client):
    document = pack_of(client.get("/practices/packs/care/file/").content)
    return {name: document[name] for name in ("id", "edition")}


def test_steps_of_procedures_name_the_practices_that_plug_in(house, own):
    text = own().replace("[kaizen-event]", "[incident-escalation, 'incident-escalation:second']")
    keys = [*(f"incident-escalation:{step}" for step in ("first", "second", "third")), "kaizen-event:first"]
    Procedure.objects.filter(slug="incident-escalation").delete()
    procedure = Procedure.objects.create(
        slug="incident-escalation", name="Escalation", process="recover", step="accept"
    )
    version = ProcedureVersion.objects.create(
        procedure=procedure, number=1, state="in_force", written_at=AT, in_force_from=AT
    )  # fmt: skip
    ProcedureStep.objects.create(version=version, slug="second", name="Call", position=2, role="technician")
    pack, _ = operations.adopt(by=house.ada, at=AT, text=text)

    told = {key: [(each.framework, each.label) for each in tags] for key, tags in tags_of(keys).items()}
    operations.switch_off(pack=pack, by=house.ada, at=AT)

    assert told == {key: [("Care at work", "Resting")] for key in keys[:3]}
    assert tags_of(keys) == {}
    assert tags_of([]) == {}
