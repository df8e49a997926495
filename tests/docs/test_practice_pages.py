"""What docs/practices says of a practice is what its code does."""

import inspect
import re
from pathlib import Path

import pytest

from incidents.queries import REOPENING_WINDOW
from incidents.tasks import SCHEDULE
from measurement import declarations as measures
from people import matrix
from people.enums import Relation, Role
from records import practices
from records.permissions import READERS
from records.workflow import moves_of
from slm import declarations as clocks

PAGES = Path(__file__).parents[2] / "docs" / "practices"
PRACTICES = practices.all_practices()
WHO = {
    "desk": {Role.TECHNICIAN: Relation.SCOPE, Role.TEAM_LEAD: Relation.SCOPE},
    "own": {Role.REQUESTER: Relation.OWN, Role.ORGANIZATION_MANAGER: Relation.SCOPE},
    "requester": {Role.REQUESTER: Relation.SCOPE},
    "team lead": {Role.TEAM_LEAD: Relation.SCOPE},
    "manager": {Role.SERVICE_MANAGER: Relation.SCOPE},
    "change manager": {Role.CHANGE_MANAGER: Relation.SCOPE},
    "staff": dict(READERS),
}


def kind(practice):
    return practice.kind


def page_of(practice):
    """Ours stand together; an added practice brings its own."""
    ours = PAGES / f"{practice.slug}.md"
    return (ours if ours.exists() else Path(inspect.getfile(practice.operations)).parent / "practice.md").read_text()


def table(text, *columns):
    """Rows of the table with these first columns, as dictionaries of cells without their code marks."""
    lines = text.splitlines()
    start = next(
        (number for number, line in enumerate(lines) if line.startswith("| " + " | ".join(columns) + " |")), None
    )
    assert start is not None, f"there is no table of {', '.join(columns)}"
    heads = _cells(lines[start])
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append(dict(zip(heads, _cells(line), strict=True)))
    return rows


def _cells(line):
    return [cell.strip().replace("`", "") for cell in line.strip().strip("|").split("|")]


def words(cell):
    return [word.strip() for word in cell.split(",") if word.strip()]


def roles_of(cell):
    found = {}
    for word in words(cell):
        found |= WHO[word]
    return found


def targets_of(practice, move):
    target = getattr(practice.model, move.name)._django_fsm.transitions[move.sources[0]].target
    return [str(each) for each in getattr(target, "allowed_states", None) or [target]]


@pytest.mark.parametrize("practice", PRACTICES, ids=kind)
def test_states_have_the_names_and_phases_of_the_page(practice):
    told = [(row["state"], row["name"], row["phase"]) for row in table(page_of(practice), "state", "name")]

    assert told == [
        (value, str(label), str(practice.phases[practice.states(value)])) for value, label in practice.states.choices
    ]


@pytest.mark.parametrize("practice", PRACTICES, ids=kind)
def test_moves_lead_from_and_to_where_the_page_says(practice):
    told = [
        (row["move"], row["button"], words(row["from"]), words(row["to"]), row["operation"], row["address"])
        for row in table(page_of(practice), "move", "button")
    ]

    assert told == [
        (
            move.name,
            str(move.label),
            [str(each) for each in move.sources],
            targets_of(practice, move),
            move.operation,
            move.noun,
        )
        for move in moves_of(practice.model).values()
    ]


@pytest.mark.parametrize("practice", PRACTICES, ids=kind)
def test_who_may_do_what_is_what_the_matrix_says(practice):
    page = page_of(practice)
    told = {row["operation"]: roles_of(row["who"]) for row in table(page, "move", "button")}
    told |= {row["operation"]: roles_of(row["who"]) for row in table(page, "operation", "who")}

    assert told == {
        rule.operation: dict(rule.roles) for rule in matrix.rules() if rule.operation.startswith(f"{practice.kind}.")
    }


@pytest.mark.parametrize("practice", PRACTICES, ids=kind)
def test_moves_ask_for_what_the_page_says_and_have_its_guards(practice):
    told = [
        (row["move"], sorted(words(row["asks for"])), words(row["guards"]))
        for row in table(page_of(practice), "move", "asks for")
    ]

    assert told == [
        (
            move.name,
            sorted(
                [f"{each.name}*" if each.required else each.name for each in move.inputs]
                + (["reason*"] if move.needs_reason else [])
            ),
            [guard.__name__ for guard in move.guards],
        )
        for move in moves_of(practice.model).values()
    ]


@pytest.mark.parametrize("practice", PRACTICES, ids=kind)
def test_clocks_run_pause_and_stop_where_the_page_says(practice):
    told = [
        (
            row["clock"],
            *(set(words(row[name])) for name in ("waits in", "runs in", "may pause in", "stops in", "is cancelled in")),
            row["first reply stops it"] == "yes",
            row["goes on when reopened"] == "yes",
        )
        for row in table(page_of(practice), "clock", "waits in")
    ]

    assert told == [
        (
            each.clock,
            *(
                set(map(str, states))
                for states in (each.waits_in, each.runs_in, each.pauses_in, each.stops_in, each.cancels_in)
            ),
            each.stops_at_first_reply,
            each.goes_on_when_reopened,
        )
        for each in clocks.of(practice.kind)
    ]


@pytest.mark.parametrize("practice", PRACTICES, ids=kind)
def test_measures_ask_the_questions_of_the_page(practice):
    told = table(page_of(practice), "measure", "name")
    own = [each for each in measures.kpis() if each.families and each.families[0].startswith(f"{practice.kind}.")]
    own = [each for each in own if not each.id.startswith("slm-")]

    assert sorted(tuple(row.values()) for row in told) == sorted(
        (each.id, str(each.name), str(each.question), str(each.unit), str(each.direction)) for each in own
    )


def test_background_work_of_incidents_comes_as_often_as_the_page_says():
    told = table((PAGES / "incidents.md").read_text(), "background work", "how often")

    assert {(row["background work"], row["how often"]) for row in told} == {
        (each["task"], f"every {each['schedule']:.0f} s") for each in SCHEDULE.values()
    }


def test_the_window_for_reopening_incidents_is_that_of_the_page():
    told = re.search(r"\*\*Reopen\*\* is possible for (\d+) days", (PAGES / "incidents.md").read_text())

    assert told is not None
    assert int(told[1]) == REOPENING_WINDOW.days


def test_every_practice_has_a_page_and_every_page_a_practice():
    # Service levels have no kind of record of their own; `test_service_levels` compares that page.
    told = {path.stem for path in PAGES.glob("*.md")} - {"service-levels"}
    assert sorted(told) == sorted(practice.slug for practice in PRACTICES)


def test_the_guide_to_roles_shows_the_whole_matrix():
    reach = {Relation.OWN: "own", Relation.SCOPE: "covered", Relation.GLOBAL: "all"}
    guide = (PAGES.parent / "guide" / "roles.md").read_text()

    assert table(guide, "operation", "what it allows") == [
        {"operation": rule.operation, "what it allows": str(rule.label)}
        | {str(role.label): reach[rule.roles[role]] if role in rule.roles else "" for role in Role}
        for rule in matrix.rules()
    ]
