"""Problems that a log names: logged once, linked with what they caused."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from audit.models import Dispatch, Entry
from itsm.importing import run as running
from itsm.importing.checking import find, load
from itsm.importing.figures import lines
from itsm.importing.mapping import MappingProblem
from notifications.models import Notice
from problems.models import Problem
from records.models import ExternalReference, Link, Record
from tests.importing.conftest import row

SAID = find("servicenow").read_text()


def caused(title: str) -> list[str]:
    links = Link.objects.filter(to_record__title=title, kind="caused_by").order_by("from_record__external_key")
    return list(links.values_list("from_record__external_key", flat=True))


def test_a_problem_is_logged_once_with_every_ticket_that_names_it(run: Any) -> None:
    result = run(
        [
            row(number="INC2", problem_id="Problem 7", opened_at="1/3/2016 09:00", sys_updated_at="1/3/2016 09:10"),
            row(number="INC1", problem_id="Problem 7"),
            row(number="INC3"),
        ]
    ).result

    problem = Problem.objects.get()
    assert (result.tickets, result.problems, result.caused) == (3, 1, 2)
    assert (problem.title, problem.state, problem.origin, problem.external_key, problem.is_imported) == (
        "Problem 7: Category 1, Subcategory 1", "logged", "incident", "servicenow:problem:Problem 7", True,
    )  # fmt: skip
    assert problem.opened_at == datetime(2016, 2, 29, 1, 16, tzinfo=UTC)
    assert caused(problem.title) == ["servicenow:INC1", "servicenow:INC2"]
    assert not ExternalReference.objects.exists()


def test_a_ticket_that_changed_its_problem_is_linked_with_both(run: Any) -> None:
    run([row(problem_id="Problem 7"), row(problem_id="Problem 8", sys_updated_at="29/2/2016 03:00")])

    assert sorted(Problem.objects.values_list("external_key", flat=True)) == [
        "servicenow:problem:Problem 7",
        "servicenow:problem:Problem 8",
    ]
    assert Link.objects.count() == 2


def test_a_second_run_changes_no_problem(run: Any) -> None:
    log = [row(problem_id="Problem 7"), row(number="INC2", problem_id="Problem 7")]
    run(log)
    before = (list(Record.objects.order_by("pk").values()), Link.objects.count(), Entry.objects.count())

    run(log)

    assert (list(Record.objects.order_by("pk").values()), Link.objects.count(), Entry.objects.count()) == before


def test_a_run_that_broke_off_is_repeated_to_the_end(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    log = [row(number=f"INC{at}", problem_id=f"Problem {at % 3}") for at in range(9)]
    monkeypatch.setattr(running, "TICKETS_A_BATCH", 2)
    write, calls = running.Writer.write, []

    def break_off(self: Any, histories: Any, **more: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        write(self, histories, **more)

    with monkeypatch.context() as patch:
        patch.setattr(running.Writer, "write", break_off)
        with pytest.raises(KeyboardInterrupt):
            run(log)
    assert 0 < Link.objects.count() < 9

    run(log)

    assert (Problem.objects.count(), Link.objects.count()) == (3, 9)


def test_later_batches_make_a_problem_as_old_as_its_earliest_ticket(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "TICKETS_A_BATCH", 1)

    run(
        [
            row(number="INC1", problem_id="P", opened_at="1/3/2016 09:00", sys_updated_at="1/3/2016 09:10"),
            row(number="INC2", problem_id="P", opened_at="28/2/2016 09:00", sys_updated_at="28/2/2016 09:10"),
        ]
    )

    problem = Problem.objects.get()
    assert problem.opened_at == problem.created_at == datetime(2016, 2, 28, 9, 0, tzinfo=UTC)
    assert problem.updated_at == datetime(2016, 3, 1, 9, 10, tzinfo=UTC)


def test_nobody_is_told(run: Any) -> None:
    run([row(problem_id="Problem 7")])

    assert not Notice.objects.exists()
    assert not Dispatch.objects.filter(entry__subject_kind="record").exists()
    assert Entry.objects.get(action="problem.created").channel == "import"


def test_hostile_numbers_of_problems_are_text(run: Any) -> None:
    run([row(problem_id="<script>alert(1)</script>"), row(number="INC2", problem_id="x" * 500)])

    titles = sorted(Problem.objects.values_list("title", flat=True))
    assert titles[0].startswith("<script>alert(1)</script>: Category 1")
    assert all(len(title) <= 200 for title in titles)


def test_the_figures_name_the_problems_that_caused_most(run: Any) -> None:
    run([row(number=f"INC{at}", problem_id="Problem 7") for at in range(3)] + [row(number="INC9", problem_id="P 1")])

    told = lines(load(find("servicenow")))

    assert "Problems: 2 with 4 tickets, 1 of them with a single one" in told
    assert "        3 tickets from 2016-02-29 to 2016-02-29: Problem 7: Category 1, Subcategory 1" in told
    assert told[2].split()[-1] == "4", "problems are no tickets of the first table"


def test_without_the_table_a_problem_stays_a_reference(
    tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, rest = SAID.split("[problems]")
    path = tmp_path / "plain.toml"
    path.write_text(f'{start}[references]\nproblem_id = "problem"\n{rest.split("[references]")[1]}')
    monkeypatch.setattr("tests.importing.conftest.find", lambda _name: path)

    run([row(problem_id="Problem 7")])

    assert not Problem.objects.exists()
    assert list(ExternalReference.objects.values_list("relation", "key")) == [("problem", "Problem 7")]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("title = 'x'", "[problems] column is missing"),
        ("column = 7", "[problems] column is missing"),
        ("column = 'problem_id'\ntitle = 7", "[problems] title must be a text"),
        ("column = 'rfc'", "stands in [references] as well"),
        ("column = 'problem_id'\nstate = 'x'", "[problems] has no key “state”"),
    ],
)
def test_a_mistake_in_the_table_is_said_before_the_first_row(tmp_path: Path, table: str, sentence: str) -> None:
    path = tmp_path / "mapping.toml"
    start, rest = SAID.split("[problems]")
    path.write_text(f"{start}[problems]\n{table}\n[references]{rest.split('[references]')[1]}")

    with pytest.raises(MappingProblem) as problem:
        load(path)

    assert sentence in str(problem.value)
