"""Logs and mappings as nobody should write them: nothing breaks, nothing hides, and each thing is said by its line."""

import csv
import gzip
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from incidents.models import Incident
from itsm.importing import run as running
from itsm.importing.checking import load
from itsm.importing.mapping import MappingProblem
from itsm.importing.report import LEFT, MENDED, REFUSED, TAKEN
from itsm.importing.rows import LogProblem
from measurement.models import Reading
from measurement.rebuild import rebuild_all
from people.models import User
from records.models import ExternalReference, Link
from search.models import Document
from tests.conftest import moment
from tests.importing.conftest import row

HEAD = ["Key", "Status", "Updated", "Reporter", "Summary", "Priority", "Impact", "Urgency", "Team", "Parent", "Like"]
MAPPING = """
[source]
name = "jira"
zone = "Europe/Berlin"
date_format = ["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z", "%d.%m.%Y %H:%M"]
encoding = "{encoding}"
delimiter = "{delimiter}"
[columns]
case = "Key"
at = "Updated"
state = "Status"
requester = "Reporter"
title = "Summary"
priority = "Priority"
impact = "Impact"
urgency = "Urgency"
team = "Team"
[states]
"To Do" = "new"
"Done" = "closed"
[priorities]
Highest = 1
[levels]
High = 1
[links]
Parent = "child_of"
Like = "related_to"
"""
USUAL = {
    "Key": "OPS-1",
    "Status": "To Do",
    "Updated": "2024-03-31T02:30:00.000+0100",
    "Reporter": "Ana",
    "Summary": "VPN",
    "Priority": "Highest",
    "Impact": "High",
    "Urgency": "High",
}


class Log:
    """Writes a log of another tool with its mapping, and takes it over."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[tuple[int, str, str, str]] = []

    def take(self, *rows: dict[str, str], tail: str = "", encoding: str = "utf-8", delimiter: str = ",") -> Any:
        lines = io.StringIO()
        writer = csv.DictWriter(lines, HEAD, delimiter=delimiter, restval="")
        writer.writeheader()
        writer.writerows(USUAL | each for each in rows)
        log, mapping = self.folder / "log.csv", self.folder / "mapping.toml"
        log.write_bytes(gzip.compress((lines.getvalue() + tail).encode(encoding)))
        mapping.write_text(MAPPING.format(encoding=encoding, delimiter=delimiter), encoding="utf-8")
        report = self.folder / "report.csv"
        result = running.import_log(
            log=log, mapping=load(mapping), report_path=report, at=moment("2026-03-02 09:00"), say=str
        )
        with report.open(newline="", encoding="utf-8") as file:
            self.said = [(int(r["line"]), r["verdict"], r["reason"], r["detail"]) for r in csv.DictReader(file)]
        return result


@pytest.fixture
def log(tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> Log:
    """Without a count of all measures, which takes most of the time of an import as small as these."""
    monkeypatch.setattr(running, "rebuild_all", lambda: 0)
    return Log(tmp_path)


def links() -> list[tuple[str, str, str]]:
    found = Link.objects.order_by("id").values_list("from_record__external_key", "kind", "to_record__external_key")
    return [(a.removeprefix("jira:"), kind, b.removeprefix("jira:")) for a, kind, b in found]


def test_moments_with_zones_and_in_several_formats_are_read_as_what_they_are(log: Log) -> None:
    log.take(
        {"Key": "A"},
        {"Key": "B", "Updated": "2024-03-31T03:30:00+05:30"},
        {"Key": "C", "Updated": "31.03.2024 02:30"},
        {"Key": "D", "Updated": "9999-12-31T23:59:59.999-1200"},
    )

    read = dict(Incident.objects.values_list("external_key", "opened_at"))
    assert read == {
        "jira:A": datetime(2024, 3, 31, 1, 30, tzinfo=UTC),
        "jira:B": datetime(2024, 3, 30, 22, 0, tzinfo=UTC),
        "jira:C": datetime(2024, 3, 31, 1, 30, tzinfo=UTC),
    }
    assert [each[:3] for each in log.said] == [
        (4, "mended", "the clock was put forward over this moment; taken as the moment after the gap"),
        (5, "refused", "the row's moment lies before 1970 or in the future"),
    ]


def test_names_longer_than_we_hold_are_cut_and_said_so(log: Log) -> None:
    result = log.take({"Reporter": "R" * 300 + "1", "Team": "T" * 400}, {"Reporter": "R" * 300 + "2"})

    assert result.tickets == 1
    assert {(line, reason, detail) for line, _verdict, reason, detail in log.said} >= {
        (2, "a text of more than 150 characters was cut", "requester"),
        (2, "a text of more than 200 characters was cut", "team"),
        (3, "a text of more than 150 characters was cut", "requester"),
    }
    assert User.objects.filter(name="R" * 150).count() == 1


def test_a_row_without_priority_gets_one_and_says_from_where(log: Log) -> None:
    log.take({"Priority": ""}, {"Key": "OPS-2", "Priority": "", "Impact": "", "Urgency": ""})

    assert dict(Incident.objects.values_list("external_key", "priority")) == {"jira:OPS-1": 1, "jira:OPS-2": 3}
    assert [(line, reason) for line, _verdict, reason, _detail in log.said if "priority" in reason] == [
        (2, "the row names no priority; it follows from the matrix"),
        (3, "the row names no priority; the default stands"),
    ]


def test_a_quotation_mark_left_open_says_which_lines_it_took(log: Log) -> None:
    result = log.take({}, tail='"OPS-2,open\nOPS-3,a\nOPS-4,b\n')

    assert log.said == [
        (3, "refused", "the row has another number of cells than the header",
         "1, not 11; lines 3 to 5 are one row: is a quotation mark open or stray?")
    ]  # fmt: skip
    assert result.report.rows(result.rows) == {TAKEN: 1, LEFT: 0, MENDED: 0, REFUSED: 1}


def test_a_text_that_swallowed_rows_and_yet_has_the_right_width_is_refused_with_their_lines(log: Log) -> None:
    """The mark opened in one row is closed by a stray one in a later row, so that the cells come out even."""
    moments = ("31.03.2024 10:00", "31.03.2024 11:00")
    opened, swallowed, closing = (
        f"OPS-{number},To Do,{at},Ana,{title},Highest,,,,,"
        for number, at, title in ((2, moments[0], '"open'), (3, moments[1], "fine"), (4, moments[1], 'a "stray" one'))
    )
    note = f'OPS-5,To Do,{moments[0]},Ana,"Tried at\n{moments[0]}\n{moments[1]}, in vain",Highest,,,,,'
    log.take({}, tail="\n".join((opened, swallowed, closing, note, "")))

    assert log.said[0] == (
        3, "refused", "the row swallowed others: a quotation mark is open or stray", "lines 3 to 5"
    )  # fmt: skip
    assert list(Incident.objects.order_by("external_key").values_list("external_key", flat=True)) == [
        "jira:OPS-1",
        "jira:OPS-5",
    ]


def test_each_row_counts_once_whatever_was_said_of_it(log: Log) -> None:
    """Mended while it was read, mended once more while it was folded, refused in the end as a repeat."""
    odd = {"Updated": "31.03.2024 02:30", "Priority": "?!"}
    result = log.take(odd, odd, {"Key": "OPS-2"})

    assert result.report.rows(result.rows) == {TAKEN: 1, LEFT: 0, MENDED: 1, REFUSED: 1}

    again = log.take(odd, odd, {"Key": "OPS-2"}, {"Key": "OPS-3"})
    assert again.report.rows(again.rows) == {TAKEN: 1, LEFT: 1, MENDED: 2, REFUSED: 0}


def test_links_in_a_circle_or_to_themselves_stay_numbers_beside_the_ticket(log: Log) -> None:
    log.take(
        {"Key": "A", "Parent": "B"},
        {"Key": "B", "Parent": "C"},
        {"Key": "C", "Parent": "A"},
        {"Key": "D", "Parent": "D"},
        {"Key": "E", "Parent": "nowhere", "Like": "F"},
        {"Key": "F", "Like": "E"},
    )

    assert links() == [("A", "child_of", "B"), ("B", "child_of", "C"), ("E", "related_to", "F")]
    assert sorted((line, reason) for line, _verdict, reason, _detail in log.said) == [
        (4, "the link would close a circle; kept as a reference"),
        (5, "the ticket points at itself; kept as a reference"),
    ]
    kept = ExternalReference.objects.values_list("record__external_key", "key").order_by("record", "key")
    assert list(kept) == [("jira:C", "A"), ("jira:D", "D"), ("jira:E", "nowhere")]


def test_a_ticket_that_changed_its_parent_has_the_later_one(log: Log) -> None:
    log.take(
        {"Key": "A", "Parent": "P"},
        {"Key": "A", "Parent": "Q", "Updated": "2024-04-01T00:00:00+0000"},
        {"Key": "P"},
        {"Key": "Q"},
    )

    assert links() == [("A", "child_of", "Q")]
    assert not ExternalReference.objects.exists()


def test_a_run_killed_in_the_middle_is_finished_by_the_next(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links over the break come too; one that somebody took away meanwhile stays away."""
    rows = [{"Key": f"T{at}", "Parent": f"T{at + 1}", "Status": "Done"} for at in range(3)] + [{"Key": "T3"}]
    monkeypatch.setattr(running, "TICKETS_A_BATCH", 1)
    write, calls = running.Writer.write, []

    def killed(self: Any, *given: Any, **more: Any) -> None:
        calls.append(1)
        if len(calls) > 2:
            raise KeyboardInterrupt
        write(self, *given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(running.Writer, "write", killed)
        with pytest.raises(KeyboardInterrupt):
            log.take(*rows)
    assert links() == [("T0", "child_of", "T1")]
    Link.objects.all().delete()

    log.take(*rows)

    assert set(links()) == {("T1", "child_of", "T2"), ("T2", "child_of", "T3")}
    assert not ExternalReference.objects.exists()
    assert Document.objects.filter(record__external_key="jira:T0").exists()


def test_killed_before_measures_and_index_were_made_the_next_run_makes_them(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(running, "rebuild_all", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            log.take({"Status": "Done"})
    assert not Document.objects.exists()

    monkeypatch.setattr(running, "rebuild_all", rebuild_all)
    assert log.take({"Status": "Done"}).tickets == 0

    assert Document.objects.exists()
    assert Reading.objects.exists()


def test_a_second_import_beside_one_under_way_is_told_to_wait(log: Log) -> None:
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [running.LOCK])
        with pytest.raises(LogProblem, match="Another import is under way"):
            log.take({})
    finally:
        other.close()
    assert connection.is_usable()


@pytest.mark.parametrize(
    ("encoding", "delimiter", "sentence"),
    [("utf-16", ",", 'try encoding = "cp1252" or "utf-16"'), ("utf-8", ";", 'set delimiter = ";"')],
)
def test_a_log_in_another_shape_than_the_mapping_says_hints_at_the_mend(
    run: Any, encoding: str, delimiter: str, sentence: str
) -> None:
    text = (delimiter.join(row()) + "\n").encode(encoding)

    with pytest.raises(LogProblem, match=sentence) as told:
        run([], text=text)
    assert str(told.value).encode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (('encoding = "{encoding}"', 'encoding = "latin-99"'), "there is no encoding “latin-99”"),
        (('delimiter = "{delimiter}"', 'delimiter = ";;"'), "delimiter must be one character"),
        (('date_format = ["%Y-%m-%dT%H:%M:%S.%f%z"', 'date_format = ["%H:%M"'), "names no day, month and year"),
        (('date_format = ["%Y-%m-%dT%H:%M:%S.%f%z"', 'date_format = ["%Q"'), "can't be read"),
        (('name = "jira"', 'name = "jira"\nunknown = "?"'), "unknown must be a list of texts"),
        (("[links]", "[dirt]\ndefault_priority = 9\n[links]"), "default_priority must be a number from 1 to 5"),
        (("[links]", "[agreement]\nresponse_minutes = 5\n[links]"), "write 1 to 5 = minutes"),
        (('Parent = "child_of"', 'Parent = "released_in"'), "“Parent” leads to “released_in”"),
        (('"Done" = "closed"', '"Done" = ["closed"]'), "“Done” leads to"),
    ],
)
def test_a_mistake_in_a_mapping_is_a_sentence(tmp_path: Path, changed: tuple[str, str], sentence: str) -> None:
    before, after = changed
    assert before in MAPPING
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING.replace(before, after).replace("{encoding}", "utf-8").replace("{delimiter}", ","))

    with pytest.raises(MappingProblem) as told:
        load(path)

    assert any(sentence in each for each in told.value.problems)
