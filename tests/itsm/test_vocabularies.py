"""Choosing, writing and loading vocabularies in the browser; and that words are screens, never data."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from audit.models import Entry
from common.refusals import NotAllowed, Refused
from itsm.vocabularies import operations
from people.models import Vocabulary
from records.models import Record
from tests.conftest import moment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabularies")]
AT = moment("2026-03-02 09:10")
LIST = "/admin/vocabularies/"
OTHER = {"en": {"incident": {"one": "disruption", "many": "disruptions"}, "ticket": {"one": "card", "many": "cards"}}}
FILE = b"format: 1\nname: Ours\nwords:\n  en:\n    incident: {one: disruption, many: disruptions}\n"


@pytest.fixture
def browse(client):
    def as_person(person):
        client.force_login(person)
        return client

    return as_person


def own(house, *, words=OTHER, name="Ours"):
    return operations.create(by=house.ada, at=AT, name=name, words=words)


def speak(person, slug):
    person.vocabulary = Vocabulary.objects.get(slug=slug) if slug else None
    person.save(update_fields=["vocabulary"])


# -- one's own ----------------------------------------------------------------------------------------------------


def test_who_chooses_usm_reads_calls_and_the_navigation_is_found_by_both_words(browse, house, log_incident):
    log_incident(title="My ticket about an incident")
    page = browse(house.tom)
    assert page.post("/me/words/", {"vocabulary": "usm"}).status_code == 302

    queue = page.get("/queue/?q=").text
    assert "New call" in queue and "New ticket" not in re.sub(r'data-also="[^"]*"', "", queue)
    assert 'data-also="New ticket"' in queue and 'data-also="Configuration"' in queue
    # The words of people are theirs.
    assert "My ticket about an incident" in queue

    page.post("/me/words/", {"vocabulary": ""})
    assert "New call" not in page.get("/queue/").text and "data-also" not in page.get("/queue/").text


def test_the_profile_takes_the_choice_too(browse, house):
    usm = Vocabulary.objects.get(slug="usm")
    said = {"time_zone": "UTC", "language": "en", "theme": "system", "density": "standard", "nav_grouping": "process"}

    assert browse(house.maria).post("/me/", said | {"vocabulary": usm.pk}).status_code == 303
    assert "Your calls" in browse(house.maria).get("/portal/").text
    assert browse(house.maria).post("/me/", said | {"vocabulary": 10**9}).status_code == 422
    assert browse(house.maria).post("/me/words/", {"vocabulary": "nothing"}).status_code == 404


def test_a_customer_reads_its_words_and_others_theirs(browse, house):
    house.acme.vocabulary = Vocabulary.objects.get(slug="usm")
    house.acme.save()

    assert "Your calls" in browse(house.maria).get("/portal/").text
    assert "Your calls" not in browse(house.otto).get("/portal/").text


# -- data stay ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["usm", "mof4", "iso20000-1", "ours"])
def test_addresses_fields_files_and_the_api_are_the_same_in_every_vocabulary(browse, house, log_incident, slug):
    own(house)
    incident = log_incident()
    page = browse(house.ines)
    files = [f"/{name}/?format=csv" for name in ("practices", "breaches", "kpi", "accountability")]
    api = ["/api/v1/schema/", "/api/v1/people/", "/api/v1/incidents/"]
    marked = re.compile(r' (?:href|action|name|id|for|data-key)="[^"]*"')

    def seen():
        pages = [page.get(address).text for address in ("/queue/", f"/incidents/{incident.reference}/", "/new/")]
        data = [page.get(address) for address in (*files, *api)]
        assert {each.status_code for each in data} == {200}
        return [each.getvalue() for each in data], [marked.findall(each) for each in pages], pages

    data, marks, pages = seen()
    speak(house.ines, slug)
    data_then, marks_then, pages_then = seen()

    assert data_then == data
    assert marks_then == marks
    assert pages_then != pages


def test_what_acts_write_is_the_same_in_every_vocabulary(browse, house, vpn):
    written = []

    def watch(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if re.search(r"\b(?:INSERT|UPDATE)\b", sql) and "django_session" not in sql:
            written.append(context["cursor"].query.decode().lower())
        return answer

    speak(house.tom, own(house).slug)
    page = browse(house.tom)
    call = {
        "token": "t-1", "caller": house.maria.pk, "caller_text": "Maria Rossi", "title": "VPN drops", "impact": "3",
        "urgency": "2", "source": "phone", "then": "open",
    }  # fmt: skip
    with connection.execute_wrapper(watch):
        assert page.post("/new/", call).status_code in {302, 303}
        record = Record.objects.get()
        page.post(f"/incidents/{record.reference}/taking/", {"version": record.version})

    assert "vpn drops" in str(written)
    assert not [each for each in written if "disruption" in each or re.search(r"\bcards?\b", each)]


# -- writing them -------------------------------------------------------------------------------------------------


def test_only_administrators_open_them(browse, house):
    mine = own(house)
    for person in (house.tom, house.ines, house.otto, house.maria):
        for address in (LIST, f"{LIST}new/", f"{LIST}file/", f"{LIST}{mine.slug}/", f"{LIST}{mine.slug}/file/"):
            assert browse(person).get(address).status_code == 403
        with pytest.raises(NotAllowed):
            operations.remove(vocabulary=mine, by=person, at=AT)


def test_a_copy_is_made_changed_previewed_saved_and_removed(browse, house):
    page = browse(house.ada)
    usm = Vocabulary.objects.get(slug="usm")
    assert f'value="{usm.pk}" selected' in page.get(f"{LIST}new/?from={usm.pk}").text
    assert page.post(f"{LIST}new/", {"name": "Our words", "start": usm.pk}).url == f"{LIST}our-words/"
    speak(house.maria, "our-words")
    said = {"name": "Our words", "seen_version": 1, "en-incident-one": " <b>x ", "en-incident-many": "x"}

    refused = page.post(f"{LIST}our-words/", said)
    assert refused.status_code == 422 and "does not fit into texts" in refused.text and "&lt;b&gt;x" in refused.text
    half = page.post(f"{LIST}our-words/", said | {"en-incident-one": ""})
    assert half.status_code == 422 and "Give every form of the word, or none." in half.text
    fits = said | {"en-incident-one": "hiccup", "en-incident-many": "hiccups"}
    shown = page.post(f"{LIST}our-words/", fits | {"preview": "1"})
    assert "Hiccups" in shown.text and Vocabulary.objects.get(slug="our-words").version == 1
    assert page.post(f"{LIST}our-words/", fits).status_code == 303
    # Emptied words fall back.
    assert Vocabulary.objects.get(slug="our-words").words == {"en": {"incident": {"one": "hiccup", "many": "hiccups"}}}
    late = page.post(f"{LIST}our-words/", said | {"en-incident-one": "y"})
    assert late.status_code == 412 and 'name="seen_version" value="2"' in late.text and 'value="y"' in late.text
    assert page.get(f"{LIST}our-words/").status_code == 200

    page.post(f"{LIST}our-words/removal/")
    house.maria.refresh_from_db()
    assert house.maria.vocabulary is None
    actions = Entry.objects.filter(subject_kind="vocabulary").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["vocabulary.made", "vocabulary.changed", "vocabulary.removed"]


def test_a_shipped_one_is_shown_and_stays(browse, house):
    page = browse(house.ada)
    for slug in ("itil4", "usm", "mof4", "iso20000-1"):
        assert page.get(f"{LIST}{slug}/").status_code == 200
    usm = Vocabulary.objects.get(slug="usm")
    for act in (
        lambda: operations.remove(vocabulary=usm, by=house.ada, at=AT),
        lambda: operations.change(vocabulary=usm, by=house.ada, at=AT, name="x", words={}, seen_version=1),
    ):
        with pytest.raises(Refused, match="comes with Steward"):
            act()
    assert page.get(LIST).status_code == 200


def test_the_default_is_one_and_speaks_to_strangers(browse, client, house):
    mine = own(house)
    browse(house.ada).post(f"{LIST}{mine.slug}/default/")

    assert list(Vocabulary.objects.filter(is_default=True)) == [mine]
    assert "Your cards" in browse(house.maria).get("/portal/").text
    with pytest.raises(Refused, match="by default"):
        operations.remove(vocabulary=mine, by=house.ada, at=AT)
    with pytest.raises(Refused, match="already"):
        operations.make_default(vocabulary=mine, by=house.ada, at=AT)
    client.logout()
    assert client.get("/accounts/login/").status_code == 200


def test_a_file_goes_out_and_in_again(browse, house):
    page = browse(house.ada)
    file = SimpleUploadedFile("ours.yaml", FILE)
    assert page.post(f"{LIST}file/", {"file": file}).url == f"{LIST}ours/"
    out = page.get(f"{LIST}ours/file/").content

    again = page.post(f"{LIST}file/", {"text": out.decode()})
    assert again.status_code == 409 and "Another vocabulary is called “Ours”." in again.text
    page.post(f"{LIST}file/", {"text": out.decode().replace("Ours", "Theirs")})
    assert Vocabulary.objects.get(name="Theirs").words == Vocabulary.objects.get(name="Ours").words


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "paste the text"),
        ("format: 2\nname: x\nwords: {}", "format, line 1: Only format 1 is known."),
        ("format: 1\nwords: {}", "“name” is missing."),
        ("format: 1\nname: x\nwords: {xx: {}}", "words.xx, line 3: “xx” is not known here."),
        ("format: 1\nname: x\nwords: {en: {incidnet: {one: a, many: b}}}", "words.en.incidnet, line 3: “incidnet” is"),
        ("format: 1\nname: x\nwords: {en: {incident: {one: a}}}", "words.en.incident, line 3: “many” is missing."),
        ("format: 1\nname: x\nwords: {en: {incident: {one: '%s', many: b}}}", "words.en.incident.one, line 3: “%”"),
        ("format: 1\nname: x\nwords: {en: {incident: {one: [], many: b}}}", "Here must stand a text."),
        ("format: 1\nname: x\nwords: {en: {incident: {one: а̶bc, many: 1}}}", "A word has at least one letter."),
        ("format: 1\nname: x\nwords: &a {en: *a}", "Anchors and aliases"),
        ("format: 1\nname: x\nwords: []\nmore: 1", "“more” is not known here."),
        (f"format: 1\nname: {'x' * 81}\nwords: {{}}", "At most 80 characters fit here."),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_refused_with_path_and_reason(browse, house, text, why):
    answer = browse(house.ada).post(f"{LIST}file/", {"text": text})

    assert answer.status_code == 422
    assert why in answer.text.replace("&#x27;", "'")
    assert Vocabulary.objects.filter(is_shipped=False).count() == 0


def test_a_page_asks_nothing_more_for_the_words(browse, house):
    speak(house.maria, "usm")
    page = browse(house.maria)
    page.get("/me/keys/")
    asked = []

    def watch(execute, sql, *rest):
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        assert "Your calls" in page.get("/me/keys/").text
    assert [sql for sql in asked if sql.startswith('SELECT "people_vocabulary"')] == []
