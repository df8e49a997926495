"""What docs/practices/service-levels.md says is what the code does."""

import pytest

from audit import subscriptions
from measurement import declarations as measures
from people import matrix
from records import practices
from records.workflow import moves_of
from slm import declarations, tasks, undertakings
from slm.availability import tasks as availability
from slm.breaches import tasks as breaches
from slm.breaches.enums import BreachState
from slm.enums import AgreementState
from slm.forecasts import tasks as forecasts
from slm.models import Agreement
from slm.reports import tasks as reports
from slm.reports import undertakings as report_undertakings
from slm.reports.enums import State
from slm.reports.models import ServiceReport
from slm.standings import tasks as standings

from .test_practice_pages import PAGES, table, words

OURS = {"agreement", "breach", "clock", "forecast", "report", "simulation", "sla", "wall"}
PAGE = (PAGES / "service-levels.md").read_text()


@pytest.mark.parametrize(
    ("column", "states"), [("agreement", AgreementState), ("breach", BreachState), ("report", State)]
)
def test_states_have_the_names_of_the_page(column, states):
    assert [(row[column], row["name"]) for row in table(PAGE, column, "name")] == [
        (value, str(label)) for value, label in states.choices
    ]


def test_moves_lead_from_and_to_where_the_page_says():
    told = [
        (row["agreement moves"], row["button"], words(row["from"]), row["to"], row["operation"], row["act"])
        for row in table(PAGE, "agreement moves", "button")
    ]
    assert told == [
        (
            move.name, str(move.label), [str(each) for each in move.sources],
            str(getattr(Agreement, move.name)._django_fsm.transitions[move.sources[0]].target), move.operation,
            move.action,
        )
        for move in moves_of(Agreement).values()
    ]  # fmt: skip
    for row in table(PAGE, "report moves", "from"):
        transitions = getattr(ServiceReport, row["report moves"])._django_fsm.transitions
        assert sorted(map(str, transitions)) == sorted(words(row["from"]))
        assert {str(each.target) for each in transitions.values()} == {row["to"]}
        assert matrix.rule(row["operation"])


def test_what_is_no_record_stands_at_the_steps_of_the_page():
    stands = [("agreement", str(state), step) for state, step in undertakings.STEPS.items()]
    stands += [("report", show, report_undertakings.STEP) for show in report_undertakings.REPORTS]
    stands += [("review", show, report_undertakings.STEP) for show in report_undertakings.REVIEWS]

    assert [tuple(row.values()) for row in table(PAGE, "kind of thing", "where it stands")] == stands


def test_clocks_begin_with_what_the_page_says():
    assert [tuple(row.values()) for row in table(PAGE, "kind", "clock")] == [
        (each.kind, str(each.clock), str(declarations.label_of(each.clock)), str(each.begins), str(each.promised_as))
        for kind in ("incident", "problem", "change", "release")
        for each in declarations.of(kind)
    ]
    assert {each.kind for each in practices.all_practices() if declarations.of(each.kind)} == {
        "incident", "problem", "change", "release",
    }  # fmt: skip


def test_operations_are_those_of_the_matrix():
    assert [tuple(row.values()) for row in table(PAGE, "operation", "what it allows")] == [
        (rule.operation, str(rule.label)) for rule in matrix.rules() if rule.operation.partition(".")[0] in OURS
    ]


def test_measures_ask_the_questions_of_the_page():
    assert [tuple(row.values()) for row in table(PAGE, "measure", "name")] == [
        (each.id, str(each.name), str(each.question), str(each.unit), str(each.direction))
        for each in measures.kpis()
        if each.id.startswith("slm-")
    ]


def test_background_work_comes_as_often_as_the_page_says():
    schedules = [module.SCHEDULE for module in (tasks, breaches, reports, forecasts, availability, standings)]
    assert [tuple(row.values()) for row in table(PAGE, "background work", "how often")] == [
        (each["task"], f"every {each['schedule']:.0f} s") for schedule in schedules for each in schedule.values()
    ]


def test_who_is_told_is_told_by_somebody():
    ours = {"slm.signatures", "slm.reviews", "slm.endings", "reports.notices", "breaches.overdue", "breaches.deferred"}

    told = {row["act"] for row in table(PAGE, "act", "who finds it in the inbox")}

    assert told == {each for name in ours for each in subscriptions.subscription(name).patterns}
