"""Pages of breaches: what they show, to whom, what a form keeps; and the set-up."""

import pytest

from approvals import operations as approvals
from records import operations as record_operations
from slm.breaches import excuses, operations
from slm.breaches.models import Breach, Cause, Clause, Deadline
from tests.conftest import moment

from .conftest import LATER

BASE = "/breaches/"


@pytest.fixture
def as_(client):
    def enter(person):
        client.force_login(person)
        return client

    return enter


def text_of(answer):
    if answer.streaming:
        return b"".join(answer.streaming_content).decode()
    return " ".join(answer.content.decode().split())


def test_nothing_yet(as_, house):
    tom = as_(house.tom)

    assert "Everything is explained" in text_of(tom.get(BASE))
    assert "No miss is in this state" in text_of(tom.get(f"{BASE}?show=excused"))
    assert "No breach matches" in text_of(tom.get(f"{BASE}?mine=1"))


def test_nonsense_in_the_address_is_left_out(as_, house, missed):
    missed()

    answer = as_(house.tom).get(f"{BASE}?show=x&team=nobody&cause=%3Cb%3E&clock=z&before=99999999999999999999&mine=7")

    assert answer.status_code == 200
    assert text_of(answer).count("data-row-link") == 2


@pytest.mark.parametrize("person", ["otto", "maria", "max"])
def test_people_of_elsewhere_and_requesters_find_nothing(as_, house, missed, person):
    breach = missed()
    client = as_(getattr(house, person))

    seen = [client.get(path) for path in (BASE, f"{BASE}{breach.pk}/", f"{BASE}?show=all&format=csv")]

    assert all(answer.status_code in (200, 403, 404) for answer in seen)
    assert not any("VPN drops" in text_of(answer) for answer in seen)
    assert client.post(f"{BASE}{breach.pk}/explanation/", {"cause": "1", "text": "x"}).status_code in (403, 404)


def test_text_is_shown_as_text(as_, house, missed, capacity):
    breach = missed(title="<script>alert(1)</script>")
    operations.explain(breach=breach, by=house.aisha, at=LATER, cause=capacity, text="<img src=x onerror=alert(1)>")
    client = as_(house.tom)

    told = [text_of(client.get(f"{BASE}{breach.pk}/")), text_of(client.get(f"{BASE}?show=all"))]

    assert not any("<script>alert" in each or "<img src=x" in each for each in told)
    assert "&lt;img src=x" in told[0]


def test_a_refused_explanation_keeps_what_was_typed(as_, house, missed, capacity):
    breach = missed()
    client = as_(house.aisha)

    refused = client.post(f"{BASE}{breach.pk}/explanation/", {"text": "Kept words"})
    stale = client.post(
        f"{BASE}{breach.pk}/explanation/", {"cause": capacity.pk, "text": "Kept words", "seen_version": 7}
    )

    assert (refused.status_code, stale.status_code) == (422, 412)
    assert "Kept words" in text_of(refused) and "Kept words" in text_of(stale)
    assert "Somebody else changed this" in text_of(stale)


def test_the_panel_beside_the_ticket_takes_the_explanation_and_leads_back(as_, house, missed, capacity):
    breach = missed()
    client = as_(house.aisha)
    panel = text_of(client.get(f"{BASE}beside/{breach.record.reference}/"))
    back = breach.record.get_absolute_url()

    answer = client.post(
        f"{BASE}{breach.pk}/explanation/", {"cause": capacity.pk, "text": "x", "seen_version": 1, "next": back}
    )
    evil = client.post(
        f"{BASE}{breach.pk}/explanation/", {"cause": capacity.pk, "text": "y", "next": "//evil.example/"}
    )

    assert "Explain the missed" in panel
    assert (answer.status_code, answer["Location"]) == (303, back)
    assert evil["Location"] == breach.get_absolute_url()


def test_many_are_explained_at_once_and_a_double_click_does_no_harm(as_, house, missed, capacity):
    keys = [missed().pk, missed().pk]
    client = as_(house.tom)
    said = {"breach": keys, "cause": capacity.pk, "text": "Everybody had the flu"}

    first, second = client.post(f"{BASE}explanations/", said), client.post(f"{BASE}explanations/", said)
    empty = client.post(f"{BASE}explanations/", said | {"breach": ["x", "-1"]})

    assert (first.status_code, second.status_code, empty.status_code) == (302, 302, 409)
    assert "Nothing is selected" in text_of(empty)
    assert Breach.objects.filter(pk__in=keys, explanation="Everybody had the flu", version=2).count() == 2


def test_the_file_holds_what_the_list_holds_and_calculates_nothing(as_, house, missed, capacity):
    breach = missed()
    operations.explain(breach=breach, by=house.aisha, at=LATER, cause=capacity, text="=1+1")

    told = text_of(as_(house.tom).get(f"{BASE}?show=explained&format=csv"))

    assert len(told.strip().splitlines()) == 2
    assert "'=1+1" in told


def test_the_list_takes_the_same_number_of_statements_for_one_and_for_three(
    as_, house, missed, django_assert_num_queries
):
    client = as_(house.tom)
    missed()
    client.get(f"{BASE}?show=all")
    with django_assert_num_queries(8):
        client.get(f"{BASE}?show=all")
    missed()
    missed()
    with django_assert_num_queries(8):
        client.get(f"{BASE}?show=all")


def test_pages_go_on_by_key(as_, house, missed, monkeypatch):
    monkeypatch.setattr("slm.breaches.listing.ROWS", 2)
    missed()
    missed()
    client = as_(house.tom)

    first = client.get(f"{BASE}?show=all")
    second = client.get(f"{BASE}{first.context['older_url']}")

    seen = [each.pk for answer in (first, second) for each in answer.context["rows"]]
    assert sorted(seen) == sorted(Breach.objects.values_list("pk", flat=True))
    assert second.context["older_url"] == ""


def test_an_excuse_is_asked_for_and_decided_over_the_pages(as_, house, explained):
    breach = explained()
    clause = Clause.objects.get(key="customer")
    asked = as_(house.aisha).post(
        f"{BASE}{breach.pk}/excuse/", {"clause": clause.pk, "evidence": "No answer", "seen_version": breach.version}
    )
    ines = as_(house.ines)
    page = text_of(ines.get(f"{BASE}{breach.pk}/"))
    decision = text_of(ines.get(Breach.objects.get(pk=breach.pk).approval.get_absolute_url()))

    sent_back = ines.post(f"{BASE}{breach.pk}/excuse/deferral/", {"reason": "Which mail?"})

    assert (asked.status_code, sent_back.status_code) == (303, 303)
    assert "Open the decision" in page and "Send back for evidence" in page
    assert "No answer" in decision and "excuse the missed resolution" in decision
    assert Breach.objects.get(pk=breach.pk).state == "explained"


def test_the_dashboard_the_list_and_the_measure_say_the_same_of_excused_misses(as_, house, explained, monkeypatch):
    from incidents import operations as incidents
    from measurement import rebuild

    breach = explained()
    incident = incidents.start(incident=breach.record.specific, by=house.aisha, at=LATER)
    incidents.resolve(incident=incident, by=house.aisha, at=LATER, code="fixed", text="x")
    breach = excuses.request(
        breach=Breach.objects.get(pk=breach.pk), by=house.aisha, at=LATER, clause=Clause.objects.get(key="agreed"),
        evidence="x",
    )  # fmt: skip
    approvals.vote(approval=breach.approval, by=house.ines, at=LATER, choice="approve")
    rebuild.rebuild_all()
    monkeypatch.setattr("slm.dashboard.views.now", lambda: moment("2026-03-06 09:00"))
    client = as_(house.tom)

    page = client.get("/sla/").context["page"]
    excused, standing = (client.get(f"/sla/breaches/?excused={each}").context["rows"] for each in (1, 0))

    assert (page.attained.text, page.attained_net.text, page.excused) == ("0.0%", "0.0%", 1)
    assert [row.pk for row in excused] == [breach.clock_id]
    assert len(standing) == page.attained.missed - page.excused


def test_a_file_of_a_work_note_stays_with_the_provider(as_, house, explained, tmp_path):
    from django.core.files.uploadedfile import SimpleUploadedFile

    breach = explained()
    upload = SimpleUploadedFile("mail.txt", b"x")
    file = record_operations.attach(record=breach.record.specific, by=house.aisha, at=LATER, upload=upload,
                                    is_public=False)  # fmt: skip

    excuses.request(
        breach=breach, by=house.aisha, at=LATER, clause=Clause.objects.get(key="agreed"), evidence="x", attachment=file
    )

    assert "mail.txt" in text_of(as_(house.tom).get(f"{BASE}{breach.pk}/"))


def test_the_lists_are_kept_by_the_service_level_manager(as_, house):
    assert as_(house.tom).get(f"{BASE}set-up/").status_code == 403
    ines = as_(house.ines)
    cause = Cause.objects.get(key="parts")

    added = ines.post(f"{BASE}set-up/causes/", {"name": "Weather <b>"})
    double = ines.post(f"{BASE}set-up/causes/", {"name": "weather <B>"})
    retired = ines.post(f"{BASE}set-up/causes/{cause.pk}/", {"name": "Spare parts", "seen_version": cause.version})
    stale = ines.post(f"{BASE}set-up/causes/{cause.pk}/", {"name": "Other", "seen_version": cause.version})
    clause = ines.post(f"{BASE}set-up/clauses/", {"name": "Strike"})

    assert [each.status_code for each in (added, double, retired, stale, clause)] == [303, 409, 303, 412, 303]
    assert "stands in the list already" in text_of(double) and "<B>" not in text_of(double)
    cause.refresh_from_db()
    assert (cause.name, cause.is_active, cause.key) == ("Spare parts", False, "parts")


def test_the_deadline_is_set_for_everybody_and_for_an_agreement(as_, house, standard):
    ines = as_(house.ines)

    answers = [
        ines.post(f"{BASE}set-up/deadlines/", {"days": days, "agreement": agreement})
        for days, agreement in (("5", ""), ("2", standard.pk), ("0", ""), ("61", ""), ("", ""))
    ]

    assert [each.status_code for each in answers] == [303, 303, 422, 422, 409]
    assert set(Deadline.objects.values_list("agreement__name", "days")) == {(None, 5), ("Standard", 2)}
    ines.post(f"{BASE}set-up/deadlines/", {"days": "", "agreement": standard.pk})
    assert Deadline.objects.count() == 1
