"""Packs: what is read, what is refused with path and reason, what the acts do, and that nothing else changes."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from audit.models import Entry
from common.refusals import NotAllowed, Refused, Stale
from frameworks import operations, shipped_packs
from frameworks.certifying import picture, verification
from frameworks.certifying.keeping import Interfered
from frameworks.checking import PackRefused, pack_of
from frameworks.models import Certificate, Pack, Picture, Practice
from frameworks.views.packs import as_yaml
from incidents.models import Incident
from people import matrix
from people.enums import Relation, Role
from people.models import RoleGrant
from tests.conftest import moment
from tests.frameworks.conftest import OWN
from tests.parallel import at_once

AT = moment("2026-03-02 09:00")
LATER = moment("2026-03-29 01:30")
EXPECTED = {
    "itil4": 34, "cobit2019": 40, "safe": 38, "lean-it": 30, "devops": 49, "tbm": 42, "iso20000-1": 81, "mof4": 33,
    "project-phases": 5,
}  # fmt: skip


def test_every_shipped_pack_comes_and_goes_and_leaves_no_other_trace(house):
    before = picture.take()

    assert {slug: len(shipped_packs.document_of(slug)["practices"]) for slug in shipped_packs.ORDER} == EXPECTED
    for slug in shipped_packs.ORDER:
        pack, certificate = operations.adopt(by=house.ada, at=AT, text=shipped_packs.text_of(slug))
        assert (certificate.verdict, certificate.differences) == ("equal", [])
        assert certificate.written == {"frameworks_pack": 1, "frameworks_practice": EXPECTED[slug]}
        assert pack.is_shipped
    for pack in Pack.objects.all():
        assert operations.remove(pack=pack, by=house.ada, at=LATER)[1].is_equal

    assert Practice.objects.count() == 0
    assert picture.take() == before
    assert Certificate.objects.values("before", "after").distinct().count() == 1
    assert Picture.objects.count() == 1
    assert list(verification.faults()) == []


BOTH = OWN[OWN.index("id: listening") : OWN.index("Promise what")]
SPOILED = {
    "a state that nobody knows": ("steps: [kaizen-event]", "steps: [incident.away]", "practices[2].steps[0], line 25"),
    "a permission": ("id: people, name: People", "id: people, name: People, permissions: all", "groups[0], line 8"),
    "a right on top": ("edition: 1", "edition: 1\nrights: {tom: everything}", "Line 6: “rights” is not known here"),
    "a route": ("id: care", "id: packs", "id, line 2: “packs” is the name of a page"),
    "a name as long as a book": ("name: Listening", f"name: {'x' * 200}", "practices[0].name, line 11"),
    "a double id": ("id: promising", "id: listening", "practices[1].id, line 16"),
    "a double name": ("name: Promising", "name: LISTE\u0301NING", "practices[1].name, line 16"),
    "a cycle": (
        "id: listening\n    name: Listening",
        "id: listening\n    part_of: listening\n    name: Listening", "practices[0].part_of, line 11",
    ),
    "a cycle of two": (
        BOTH, BOTH.replace("name: Listening", "part_of: promising\n    name: Listening").replace(
            "name: Promising", "part_of: listening\n    name: Promising"),
        "practices[0].part_of, line 11",
    ),
    "a way up the folders": ("id: care", "id: ../care", "id, line 2: Write 1 to 60 of a-z"),
    "a whole that is not there": ("id: resting", "id: resting\n    part_of: sleep", "practices[2].part_of, line 22"),
    "an object": ("owner: Northwind IT", "owner: !!python/object/apply:os.system [x]", "owner, line 6: Tags such as"),
    "a tag": ("owner: Northwind IT", "owner: !!binary aGk=", "owner, line 6: Tags such as"),
    "an alias": ("owner: Northwind IT", "owner: *people", "owner, line 6: Anchors"),
    "an anchor": ("owner: Northwind IT", "owner: &people Northwind", "owner, line 6: Anchors"),
    "a merge": ("owner: Northwind IT", "owner: {<<: [{a: b}]}", "owner, line 6: Here must stand a text"),
    "a line twice": ("owner: Northwind IT", "owner: a\nowner: b", "Line 7: “owner” stands here twice"),
    "too deep": ("owner: Northwind IT", "owner: [[[[[[[[1]]]]]]]]", "nested more than 6 deep"),
    "a thousand deep": ("owner: Northwind IT", f"owner: {'[' * 5000}", "nested more than 6 deep"),
    "two documents": ("owner: Northwind IT", "owner: x\n---\nid: y", "This is no YAML|several documents"),
    "a letter that looks like another": ("id: care", "id: c\u0430re", "id, line 2: Write 1 to 60 of a-z"),
    "a word of two scripts": ("name: Care at", "name: C\u0430re at", "name, line 3: “C\u0430re” mixes letters"),
    "a sign that turns the reading": ("name: Listening", 'name: "Lis\u202ening"', "nobody sees (U+202E)"),
    "a zero width sign": ("name: Listening", 'name: "Lis\u200btening"', "sign that nobody sees (U+200B)"),
    "a shipped name": ("name: Care at work", "name: ITIL  4", "The name reads like that of the pack “itil4”"),
    "a measure of nobody": ("measures: [inc-reopen]", "measures: [inc-reopen, x]", "practices[0].measures[1], line 15"),
    "an edition in words": ("edition: 1", "edition: '1'", "edition, line 5: Write a whole number"),
    "a huge edition": ("edition: 1", "edition: 99999999999999999999", "edition, line 5"),
    "a negative edition": ("edition: 1", "edition: -1", "edition, line 5"),
    "another format": ("format: 1", "format: 2", "format, line 1: Only format 1"),
    "a list where names belong": ("{id: people, name: People}", "[people]", "groups[0], line 8: Here must stand names"),
    "no practices": (OWN[OWN.index("practices:"):], "practices: []\n", "practices, line 9: The list is empty"),
    "nothing": (OWN, "  \n", "There is nothing in it"),
    "ten megabytes": (OWN, "x" * 10_000_000, "A pack has at most 256 KB"),
    "a null": ("owner: Northwind IT", "owner: \x00", "Line 6: It holds a null character"),
    "no yaml": (OWN, "a: [b", "This is no YAML"),
}  # fmt: skip


def test_a_pack_that_does_not_fit_is_refused_with_path_and_reason_and_nothing_is_loaded(house, quick, subtests):
    for name, (old, new, why) in SPOILED.items():
        with subtests.test(name):
            assert old in OWN
            with pytest.raises(Refused) as refused:
                operations.adopt(by=house.ada, at=AT, text=OWN.replace(old, new, 1))

            assert any(part in str(refused.value) for part in why.split("|")), str(refused.value)
    with pytest.raises(PackRefused, match="UTF-8"):
        operations.adopt(by=house.ada, at=AT, text=OWN.encode("utf-16"))
    assert not Pack.objects.exists()
    assert not Practice.objects.exists()
    assert not Certificate.objects.exists()
    assert not Entry.objects.filter(subject_kind="framework_pack").exists()


def test_what_is_written_reads_as_the_same_pack(own):
    for text in (own(), *map(shipped_packs.text_of, shipped_packs.ORDER)):
        assert pack_of(as_yaml(pack_of(text))) == pack_of(text)


def test_a_pack_lives_through_its_acts(house, quick, own):
    pack, adopted = operations.adopt(by=house.ada, at=AT, text=own())
    later = own(edition=2).replace("name: Resting", "name: Resting well").replace("[kaizen-event]", "[retrospective]")

    plan = operations.plan(later)
    changed, upgraded = operations.upgrade(pack=pack, by=house.ada, at=LATER, text=later, version=1)
    off, _ = operations.switch_off(pack=changed, by=house.ada, at=LATER, version=2)
    with pytest.raises(Refused, match="switched off already"):
        operations.switch_off(pack=off, by=house.ada, at=LATER)
    on, _ = operations.switch_on(pack=off, by=house.ada, at=LATER)
    _gone, removed = operations.remove(pack=on, by=house.ada, at=LATER)

    assert plan.differences == [
        "Edition: “1” becomes “2”",
        "“Resting well”, name: “Resting” becomes “Resting well”",
        "“Resting well” plugs in at retrospective, too",
        "“Resting well” plugs in at kaizen-event no longer",
    ]
    assert (adopted.edition_before, adopted.edition_after, adopted.pack_before) == (None, 1, "")
    assert (upgraded.edition_before, upgraded.edition_after, upgraded.pack_before) == (1, 2, adopted.pack_after)
    assert (removed.edition_after, removed.pack_after, removed.pack_before) == (None, "", upgraded.pack_after)
    assert not Pack.objects.exists()
    assert list(Entry.objects.filter(subject_kind="framework_pack").order_by("pk").values_list("action", "actor")) == [
        (f"framework_pack.{act}", house.ada.pk)
        for act in ("adopted", "upgraded", "switched_off", "switched_on", "removed")
    ]
    assert list(verification.faults()) == []


def test_a_pack_is_upgraded_only_to_a_later_edition_of_itself(house, quick, own):
    pack, _ = operations.adopt(by=house.ada, at=AT, text=own(edition=2))

    for text, why in (
        (own(edition=2), "loaded, word for word"),
        (own(edition=1), "Give this one a higher number"),
        (own(edition=2, version="'2'"), "Give this one a higher number"),
        (own(id="other", name="Other"), "This is the pack “other”"),
    ):
        with pytest.raises(Refused, match=why):
            operations.upgrade(pack=pack, by=house.ada, at=LATER, text=text)
    with pytest.raises(Refused, match="adopted already, in edition 2"):
        operations.adopt(by=house.ada, at=LATER, text=own(edition=3))
    with pytest.raises(Stale):
        operations.upgrade(pack=pack, by=house.ada, at=LATER, text=own(edition=3), version=7)

    assert Pack.objects.get().edition == 2
    assert Certificate.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_at_once_one_adopts_and_one_removes(house, quick, own):
    def adopt():
        operations.adopt(by=house.ada, at=AT, text=own())

    adopting = at_once(adopt, adopt)
    pack = Pack.objects.get()
    removing = at_once(*[lambda: operations.remove(pack=pack, by=house.ada, at=LATER, version=1)] * 2)

    assert [type(each) for each in adopting if each] == [Refused]
    assert [str(each) for each in removing if each] == ["“Care at work” was removed by somebody else."]
    assert [each.act for each in Certificate.objects.order_by("pk")] == ["adopted", "removed"]
    assert not Practice.objects.exists()


def test_only_administrators_act_on_packs(house, quick, own):
    pack, _ = operations.adopt(by=house.ada, at=AT, text=own())

    for person in (house.ines, house.tom, house.maria, house.otto):
        for act in (
            lambda by: operations.adopt(by=by, at=AT, text=own(id="b")),
            lambda by: operations.switch_off(pack=pack, by=by, at=AT),
            lambda by: operations.remove(pack=pack, by=by, at=AT),
        ):
            with pytest.raises(NotAllowed):
                act(person)

    assert Pack.objects.get().is_active


def grant(house):
    RoleGrant.objects.create(user=house.tom, role=Role.ADMINISTRATOR)


def declare(_house):
    matrix.declare("care.everything", "everything", scope="records:read", roles={Role.REQUESTER: Relation.OWN})


def unguard(_house):
    Incident.resolve._django_fsm.transitions["in_progress"].conditions.clear()
    Incident.resolve._django_fsm.transitions["in_progress"].target = "closed"


def widen(_house):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_record DROP CONSTRAINT records_record_phase_known")


@pytest.mark.parametrize(
    ("meddle", "named"),
    [
        (grant, "Rows of the table people_rolegrant were written"),
        (declare, "Rights: care.everything was added"),
        (unguard, "State machines and guards: move incidents.Incident.resolve was changed"),
        (widen, "Tables, constraints and triggers: constraint records_record.records_record_phase_known was removed"),
    ],
)
def test_an_act_that_changes_more_than_the_pack_is_rolled_back_and_named(house, own, monkeypatch, meddle, named):
    load = operations._load
    machine = Incident.resolve._django_fsm.transitions["in_progress"]
    kept = (list(machine.conditions), machine.target)

    def loads_more(*told):
        meddle(house)
        return load(*told)

    monkeypatch.setattr(operations, "_load", loads_more)
    try:
        with pytest.raises(Interfered) as interfered:
            operations.adopt(by=house.ada, at=AT, text=own())
    finally:
        matrix._RULES.pop("care.everything", None)
        machine.conditions[:], machine.target = kept

    certificate = Certificate.objects.get()
    assert certificate == interfered.value.certificate
    assert certificate.verdict == "different"
    assert named in certificate.differences
    assert not Pack.objects.exists()
    assert not RoleGrant.objects.filter(user=house.tom, role=Role.ADMINISTRATOR).exists()
    assert Entry.objects.get(subject_kind="framework_pack").action == "framework_pack.adopted_rolled_back"
    assert list(verification.faults()) == []


def test_certificates_are_written_once_and_checked_by_command(house, quick, own):
    _, certificate = operations.adopt(by=house.ada, at=AT, text=own())
    out = io.StringIO()

    call_command("framework_pack", "verify", stdout=out)
    for change in (lambda: Certificate.objects.update(by=house.tom), lambda: Picture.objects.all().delete()):
        with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
            change()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Certificate.objects.update(written={})
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(CommandError, match="1 faults"):
        call_command("framework_pack", "verify", stdout=out)

    assert "1 certificates are as they were sealed." in out.getvalue()
    assert f"Certificate {certificate.pk} does not say what it said when it was sealed." in out.getvalue()


def test_packs_are_kept_by_command(house, quick, own, tmp_path):
    file, out = tmp_path / "care.yaml", io.StringIO()
    file.write_text(own())

    def run(*words):
        call_command("framework_pack", *words, stdout=out)

    run("check", str(file))
    run("adopt", str(file), "--by", "ada")
    file.write_text(own(edition=2))
    run("upgrade", str(file), "--by", "ada")
    run("off", "care", "--by", "ada")
    run("list")
    run("remove", "care", "--by", "ada")
    for words, why in (
        (("adopt", str(file), "--by", "tom"), "You may not do this"),
        (("adopt", str(file), "--by", "x"), "Nobody called x"),
        (("adopt", str(tmp_path / "no.yaml"), "--by", "ada"), "can't be read"),
        (("off", "care", "--by", "ada"), "No pack care is loaded"),
    ):
        with pytest.raises(CommandError, match=why):
            run(*words)

    assert "Care at work, edition 1, 3 practices: fits." in out.getvalue()
    assert "care: Care at work, edition 2, off" in out.getvalue()
    assert "itil4: ITIL 4, not adopted" in out.getvalue()
    assert Certificate.objects.count() == 4
