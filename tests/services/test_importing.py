"""Items out of files: what a check shows, what applying writes, and that nothing is ever half done."""

import json

import pytest

from audit.models import Entry
from common.refusals import NotAllowed, Refused
from people.models import Organization
from services import importing, operations
from services.impact import Direction, walk
from services.models import ConfigurationItem, ItemImport, Relation
from tests.conftest import moment

AT = moment("2026-03-29 00:30")
CSV = """key;name;type;service;memory GB;team;relations
s-1;esx-3;server;;512;networks;
s-2;vpn-gw-2;Network device;VPN;;Networks;runs_on: s-1
"""


@pytest.fixture
def begun(house):
    """`begun(text)`: read and checked, by Ines."""

    def begin(content, name="items.csv", by=None):
        content = content.encode() if isinstance(content, str) else content
        run = importing.begin(content=content, file_name=name, by=by or house.ines, at=AT)
        return importing.check(run=run, at=AT)

    return begin


@pytest.fixture
def applied(house, begun):
    def apply(content, name="items.csv", takes_theirs=False, skips_problems=False):
        run = begun(content, name)
        importing.order(run=run, by=house.ines, at=AT, takes_theirs=takes_theirs, skips_problems=skips_problems)
        return importing.apply(run=run, at=AT)

    return apply


def outcomes(run):
    return {name: run.counts[name] for name in ("add", "update", "same", "conflict", "problem")}


def test_a_check_writes_nothing(begun, vpn):
    run = begun(CSV)

    assert run.stage == "checked"
    assert outcomes(run) == {"add": 2, "update": 0, "same": 0, "conflict": 0, "problem": 0}
    assert run.counts["relations"] == 1
    assert not ConfigurationItem.objects.exists()
    assert not Entry.objects.filter(subject_kind="item").exists()


def test_applying_writes_items_relations_and_history(applied, house, vpn):
    run = applied(CSV)

    gateway = ConfigurationItem.objects.get(external_key="s-2")
    host = ConfigurationItem.objects.get(external_key="s-1")
    assert (run.stage, run.counts["added"], run.counts["related"]) == ("applied", 2, 1)
    assert (gateway.name, gateway.type.slug, gateway.service, gateway.team) == (
        "vpn-gw-2", "network-device", vpn, house.networks,
    )  # fmt: skip
    assert host.attributes == {"memory_gb": 512}
    assert Relation.objects.filter(source=gateway, type__slug="runs_on", target=host).count() == 1
    told = Entry.objects.filter(subject_kind="item").order_by("id")
    assert [(entry.action, entry.data["line"], entry.actor) for entry in told] == [
        ("item.created", 2, house.ines),
        ("item.created", 3, house.ines),
    ]


def test_a_supplier_is_an_organization_that_is_not_the_provider(applied, begun, house):
    carrier = Organization.objects.create(name="Carrier", slug="nordic")
    rows = "key,supplier\nl-1,NORDIC\nl-2,\n"

    applied(rows)

    assert dict(ConfigurationItem.objects.values_list("name", "supplier")) == {"l-1": carrier.pk, "l-2": None}
    assert outcomes(begun(rows))["same"] == 2
    row = begun(rows + f"l-3,{house.provider.name}\n").lines.get(outcome="problem")
    assert row.problems == [f"There is no supplier “{house.provider.name}”."]
    applied(rows.replace("l-2,", f"l-2,{house.acme.name}"))
    assert ConfigurationItem.objects.get(name="l-2").supplier == house.acme


def test_the_same_file_again_changes_nothing(applied, begun, vpn):
    applied(CSV)

    again = begun(CSV)

    assert outcomes(again) == {"add": 0, "update": 0, "same": 2, "conflict": 0, "problem": 0}
    assert again.counts["relations"] == 0


def test_a_newer_value_in_the_file_is_an_update(applied, begun, vpn):
    applied(CSV)

    run = applied(CSV.replace("512", "768"))

    host = ConfigurationItem.objects.get(external_key="s-1")
    assert (run.counts["changed"], host.attributes, host.version) == (1, {"memory_gb": 768}, 2)
    assert Entry.objects.get(action="item.changed").changes == {"attributes": [{"memory_gb": 512}, {"memory_gb": 768}]}


def test_what_somebody_changed_here_stays_while_the_file_says_the_same(applied, begun, house, vpn):
    applied(CSV)
    host = ConfigurationItem.objects.get(external_key="s-1")
    operations.edit_item(item=host, by=house.aisha, at=AT, values={"attributes": {"memory_gb": 640}})

    assert outcomes(begun(CSV))["same"] == 2


@pytest.mark.parametrize(("takes_theirs", "memory"), [(False, 640), (True, 768)])
def test_both_changed_is_a_conflict_that_a_person_decides(applied, begun, house, vpn, takes_theirs, memory):
    applied(CSV)
    host = ConfigurationItem.objects.get(external_key="s-1")
    operations.edit_item(item=host, by=house.aisha, at=AT, values={"attributes": {"memory_gb": 640}})
    newer = CSV.replace("512", "768")

    row = begun(newer).lines.get(outcome="conflict")
    applied(newer, takes_theirs=takes_theirs)

    assert (row.line, row.conflicts) == (2, {"attributes.memory_gb": [640, 768]})
    host.refresh_from_db()
    assert host.attributes["memory_gb"] == memory
    assert outcomes(begun(newer))["conflict"] == 0


def test_an_item_entered_by_hand_is_found_by_its_name_and_gets_the_key(applied, begun, item, vpn):
    item("esx-3", attributes={"memory_gb": 256})

    row = begun(CSV).lines.get(name="esx-3")
    applied(CSV)

    assert (row.outcome, row.conflicts) == ("conflict", {"attributes.memory_gb": [256, 512]})
    kept = ConfigurationItem.objects.get(name="esx-3")
    assert (kept.external_key, kept.attributes) == ("s-1", {"memory_gb": 256})


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("s-3;x;spaceship;;;;", "There is no type “spaceship”."),
        ("s-3;x;server;Nope;;;", "There is no service “Nope”."),
        ("s-3;x;server;;much;;", "is a number such as 16 or 2.5, not “much”."),
        ("s-3;x;printer;;16;;", "Items of its type have no “memory_gb”."),
        ("s-3;x;server;;;Nobodies;", "There is no team “Nobodies”."),
        ("s-3;x;server;;;;runs_on: s-99", "“s-99”, which it is related to, is neither here nor in the file."),
        ("s-3;x;server;;;;runs_on: s-3", "An item can't be related to itself."),
        ("s-3;x;server;;;;flies_on: s-1", "There is no type of relations “flies_on”."),
        ("s-3;x;server;;;;runs_on", "The relation “runs_on” can't be read."),
        ("s-1;x;server;;;;", "Line 2 is about “s-1” already."),
        ("s-3;esx-3;server;;;;", "Line 2 is about “esx-3” already."),
        (";;server;;;;", "It has neither a key nor a name."),
        ("s-3;" + "x" * 201 + ";server;;;;", "The name has more than 200 characters."),
        ("s-3;x;server;;;;;;;", "It has 10 cells, but the first line names 7 columns."),
    ],
)
def test_a_row_with_a_problem_is_told_by_its_line(begun, house, vpn, line, sentence):
    run = begun(CSV + line + "\n")

    row = run.lines.get(outcome="problem")
    assert row.line == 4
    assert any(sentence in each for each in row.problems)
    with pytest.raises(Refused, match="Rows have problems"):
        importing.order(run=run, by=house.ines, at=AT, takes_theirs=False, skips_problems=False)
    assert not ConfigurationItem.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'[{"key": "\\ud800s", "name": "a"}]', "A letter of “key” can't be read."),
        (b'[{"key": "s-1", "attributes": {"\\ud800\\u0000": ["\\u0000", 1]}}]', "is no text or number."),
        (b"\xef\xbb\xbfkey;name\ns-1;Z\xfcrich-gw\n", "A letter of “name” can't be read."),
        (b'[{"key": "s-1", "KEY": "s-2", "name": "a"}]', "“key” is said twice."),
    ],
)
def test_what_cannot_be_read_for_certain_is_a_problem_and_never_written(begun, content, sentence):
    run = begun(content)

    assert sentence in " ".join(run.lines.get().problems)


def test_more_than_a_batch_in_circles_is_written_with_what_it_repeats_left_out(applied):
    """Each item depends on the next, the latest on the first; keys repeat, and one names itself."""
    rows = [f"k{number};n{number};depends_on: k{(number + 1) % 2_100}" for number in range(2_100)]
    rows += ["k7;other;", "k10001;n8;", "k10002;self;depends_on: k10002", "k10003;lost;depends_on: nowhere"]

    run = applied("\n".join(["key;name;relations", *rows]), skips_problems=True)

    told = [run.stage, *(run.counts[name] for name in ("added", "related", "problem"))]
    assert told == ["applied", 2_100, 2_100, 4]
    latest = ConfigurationItem.objects.get(external_key="k2099")
    found = walk([latest.pk], Direction.NEEDS, depth=3)
    names = ConfigurationItem.objects.in_bulk(found.items)
    assert [names[key].name for key in found.items] == ["n2099", "n0", "n1", "n2"]
    assert outcomes(applied("key;name\nk7;n7\n"))["same"] == 1


def test_rows_with_problems_can_be_left_out_on_demand(applied, vpn):
    applied(CSV + "s-3;x;spaceship;;;;\n", skips_problems=True)

    assert set(ConfigurationItem.objects.values_list("name", flat=True)) == {"esx-3", "vpn-gw-2"}


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffkey,name\r\nk-1,Zürich-gw\r\n".encode(),
        "key;name\nk-1;Zürich-gw\n".encode("cp1252"),
        "key\tname\nk-1\tZürich-gw\n".encode("utf-16"),
        b'[{"external_key": "k-1", "name": "Z\\u00fcrich-gw"}]',
        b'{"items": [{"key": "k-1", "name": "Z\\u00fcrich-gw", "attributes": {}}]}',
        'KEY ; Name\n"k-1";"Zürich-gw"\n\n;\n'.encode(),
    ],
)
def test_files_are_read_as_spreadsheets_and_programs_write_them(applied, content):
    applied(content)

    assert list(ConfigurationItem.objects.values_list("external_key", "name")) == [("k-1", "Zürich-gw")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"color;size\nred;3\n", "names no column"),
        (b"key;key\n1;2\n", "stands twice"),
        (b"key;name\n", "no rows below its first line"),
        (b"[1", "This is no JSON"),
        (b'{"a": 1}', "holds no list of items"),
        (b"[" * 100_000, "nested too deep"),
        (b'[{"key": ' + b"9" * 5_000 + b"}]", "too many digits"),
        (b"PK\x03\x04" + bytes(range(256)), "names no column"),
        (b'key;name\n"s-1;esx-3\n' + b"s-2;esx-4\n" * 20_000, "Is a quotation mark missing?"),
    ],
)
def test_a_file_that_is_none_is_refused_whole(house, content, sentence):
    with pytest.raises(importing.Unreadable, match=sentence):
        importing.begin(content=content, file_name="x.csv", by=house.ines, at=AT)

    assert not ItemImport.objects.exists()


def test_json_tells_attributes_relations_and_several_services(applied, vpn):
    document = [
        {"key": "a", "name": "san-1", "type": "storage", "attributes": {"capacity_tb": 240}},
        {"key": "b", "name": "esx-3", "services": ["VPN"], "relations": [{"type": "depends_on", "to": "a"}]},
    ]  # fmt: skip

    applied(json.dumps(document), "items.json")

    assert ConfigurationItem.objects.get(name="san-1").attributes == {"capacity_tb": 240}
    assert ConfigurationItem.objects.get(name="esx-3").service == vpn
    assert Relation.objects.get().type.slug == "depends_on"


def test_nothing_is_written_when_an_item_changed_since_the_check(begun, applied, house, vpn):
    applied(CSV)
    run = begun(CSV.replace("512", "768").replace("s-2;vpn-gw-2", "s-2;vpn-gw-two") + "s-3;new;server;;;;\n")
    host = ConfigurationItem.objects.get(external_key="s-1")
    importing.order(run=run, by=house.ines, at=AT, takes_theirs=False, skips_problems=False)
    operations.edit_item(item=host, by=house.aisha, at=AT, values={"description": "touched"})

    importing.apply(run=run, at=AT)

    run.refresh_from_db()
    assert run.stage == "failed"
    assert "was changed since the check" in run.notes[-1]
    assert set(ConfigurationItem.objects.values_list("name", flat=True)) == {"esx-3", "vpn-gw-2"}


def test_a_name_taken_in_the_meantime_writes_nothing(begun, house, item, vpn):
    run = begun(CSV)
    importing.order(run=run, by=house.ines, at=AT, takes_theirs=False, skips_problems=False)
    item("esx-3")

    importing.apply(run=run, at=AT)

    run.refresh_from_db()
    assert run.stage == "failed"
    assert ConfigurationItem.objects.count() == 1


def test_applying_twice_writes_once(applied, vpn):
    run = applied(CSV)

    importing.apply(run=run, at=AT)

    assert ConfigurationItem.objects.count() == 2


def test_an_import_is_discarded_with_its_rows(begun, house, vpn):
    run = begun(CSV)

    importing.discard(run=run, by=house.ines, at=AT)

    assert not run.lines.exists()
    with pytest.raises(Refused):
        importing.order(run=run, by=house.ines, at=AT, takes_theirs=False, skips_problems=False)


@pytest.mark.parametrize("who", ["tom", "aisha", "otto", "maria"])
def test_only_those_with_the_right_import(house, begun, who):
    with pytest.raises(NotAllowed):
        begun(CSV, by=getattr(house, who))

    assert not ItemImport.objects.exists()
