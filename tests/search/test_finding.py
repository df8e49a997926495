"""What search finds, for whom, in which order, and how it is shown."""

import pytest

from audit import outbox
from audit.models import Entry
from records import operations as record_operations
from records.models import Watcher
from records.query import parse
from search import index, queries
from search.models import Document
from tests.conftest import moment


@pytest.fixture
def find(shelf, scene_of):
    return lambda text, viewer, **options: queries.find(parse(text), scene_of(viewer), **options)


def titles(found):
    return [hit.record.title for hit in found.hits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gateway", {"VPN gateway drops", "Umbrella gateway secret"}),
        ("gatew", {"VPN gateway drops", "Umbrella gateway secret"}),
        ("vpn gateway", {"VPN gateway drops"}),
        ('"gateway drops"', {"VPN gateway drops"}),
        ('"drops gateway"', set()),
        ("router", {"VPN gateway drops"}),
        ("firmware", {"VPN gateway drops"}),
        ("gateway org:acme", {"VPN gateway drops"}),
        ("gateway -vpn", {"Umbrella gateway secret"}),
        ("org:umbrella", {"Umbrella gateway secret"}),
        ("' & | ! :* \\", set()),
        ("a&b|c!(d):*", set()),
    ],
)
def test_words_phrases_and_terms_find(find, house, text, expected):
    found = find(text, house.tom)

    assert (set() if found.is_alike else set(titles(found))) == expected


def test_a_reference_comes_first(find, house, shelf):
    for text in (f"INC-{shelf.printer.pk}", str(shelf.printer.pk), f"#{shelf.printer.pk}"):
        assert titles(find(text, house.tom))[0] == "Printer jams on floor 3"


def test_typing_errors_are_forgiven_and_told(find, house):
    found = find("gatewey", house.tom)

    assert set(titles(found)) == {"VPN gateway drops", "Umbrella gateway secret"}
    assert found.is_alike


@pytest.mark.parametrize("text", ["gateway", "gatewey", "vpn", "firmware", "router", "is:open", "org:umbrella", "1001"])
def test_otto_finds_nothing_of_acme(find, house, shelf, text):
    found = find(text, house.otto)

    assert set(titles(found)) <= {"Umbrella gateway secret"}
    assert found.count <= 1
    assert [person.name for person in find("maria", house.otto).people] == []


def test_a_reference_of_others_finds_nothing(find, house, shelf):
    assert titles(find(f"INC-{shelf.gateway.pk}", house.otto)) == []


def test_a_requester_finds_their_own_tickets_but_no_work_notes(find, house):
    assert titles(find("router", house.maria)) == ["VPN gateway drops"]
    assert titles(find("firmware", house.maria)) == []
    assert titles(find("umbrella", house.maria)) == []


def test_following_a_ticket_of_others_opens_its_public_side_only(find, house, shelf):
    Watcher.objects.create(record_id=shelf.gateway.pk, user=house.otto, at=moment("2026-03-02 12:00"))

    assert titles(find("router", house.otto)) == ["VPN gateway drops"]
    assert titles(find("firmware", house.otto)) == []


def test_people_are_found_by_name_mail_and_phone(find, house):
    house.maria.phone = "+47 22 33 44 55"
    house.maria.save(update_fields=["phone"])

    for text in ("maria", "maria@acme.example", "22 33 44"):
        assert [person.name for person in find(text, house.tom).people] == ["Maria Rossi"]


def test_services_are_found_by_name(find, house, vpn):
    assert find("vpn", house.tom).services == [vpn]


def test_what_is_shown_is_escaped_and_its_words_are_marked(find, house):
    hit = find("paper jams", house.tom).hits[0]

    assert "<mark>paper</mark>" in hit.piece
    assert hit.title == "Printer <mark>jams</mark> on floor 3"
    assert "<script" not in hit.piece


def test_marks_in_the_text_itself_stay_balanced():
    shown = queries.marked("\ue001a\ue000b<\ue000c")

    assert shown == "a<mark>b&lt;c</mark>"


def test_a_common_word_and_many_pages(find, log_incident, house):
    for number in range(45):
        log_incident(title=f"Storm {number:02}")
    index.rebuild()

    first, second = find("storm", house.tom), find("storm", house.tom, start=40)

    assert (len(first.hits), first.count, len(second.hits)) == (20, 45, 5)
    assert titles(first)[0] == "Storm 44"


def test_a_rare_word_is_found_beyond_the_newest_tickets(find, house, monkeypatch):
    monkeypatch.setattr(queries, "WINDOW_RECORDS", 1)

    assert titles(find("printer", house.tom)) == ["Printer jams on floor 3"]


def test_building_again_writes_nothing(shelf):
    assert index.rebuild() == 0


def test_what_is_said_can_be_found_once_the_outbox_was_delivered(find, house, shelf):
    record_operations.reply(record=shelf.printer, by=house.tom, at=moment("2026-03-02 12:05"), text="Toner ordered")
    assert titles(find("toner", house.tom)) == []

    while outbox.dispatch_due(at=moment("2030-01-01 00:00")):
        pass

    assert titles(find("toner", house.tom)) == ["Printer jams on floor 3"]
    assert Document.objects.filter(record=shelf.printer.pk).count() == 1
    assert Entry.objects.filter(subject_id=shelf.printer.pk).exists()
