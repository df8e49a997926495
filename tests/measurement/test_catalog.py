"""The catalog, what is wanted of measures, own measures and success factors: pages, API, and who may what."""

from dataclasses import replace

import pytest
import time_machine

from audit.models import Entry
from incidents import operations
from measurement import declarations, known, rebuild
from measurement.catalog.facts import FACTS, SAME_AS
from measurement.catalog.listing import Standing, entries
from measurement.catalog.models import Factor, Handling, Rollup
from measurement.catalog.tree import Branch, Node, rolled_up
from measurement.catalog.waiting import WAITING
from measurement.own.models import OwnMeasure
from measurement.values import State, Value
from tests.conftest import moment

NOW = "2026-03-10 12:00"
RATIO = {
    "name": "Reopened of all", "question": "Do solutions hold?",
    "expression": "incident.resolved.reopened / incident.resolved.resolved",
    "unit": "percent", "direction": "lower",
}  # fmt: skip


@pytest.fixture
def ask(client, house):
    def ask(method, path, user=None, **data):
        client.force_login(user or house.ada)
        with time_machine.travel(moment(NOW), tick=False):
            return getattr(client, method)(path, data)

    return ask


@pytest.fixture
def resolved(house, log_incident):
    incident = operations.take(incident=log_incident(), by=house.tom, at=moment("2026-03-02 09:01"))
    operations.resolve(incident=incident, by=house.tom, at=moment("2026-03-03 09:30"), code="fixed", text="Done.")
    log_incident(at=moment("2026-03-04 09:00"))
    rebuild.rebuild_all()
    return incident


def test_every_kpi_of_the_catalog_is_counted_or_waits_for_a_named_practice():
    declared = {kpi.id: kpi for kpi in declarations.kpis()}

    assert len(FACTS) == 111
    assert set(FACTS) == (set(declared) & set(FACTS)) | set(WAITING) | set(SAME_AS)
    assert set(SAME_AS.values()) <= set(declared)
    for name, fact in FACTS.items():
        if name in declared:
            assert declared[name].direction == fact.direction, name
            assert declared[name].is_stock == (fact.period == "stock"), name
    for name, told in WAITING.items():
        assert all(map(str, (told.practice, told.name, told.question, told.formula))), name


def test_what_a_practice_has_begun_to_count_no_longer_waits(house):
    standing = {row.id: row.standing for row in entries()}

    assert len(standing) == len(entries())
    assert all(standing[kpi.id] == Standing.COUNTED for kpi in declarations.kpis())


def test_the_catalog_is_found_by_words_state_and_area(ask, house):
    def ids(**query):
        return [row.id for row in ask("get", "/kpi/catalog/", user=house.tom, **query).context["rows"]]

    assert len(ids()) >= 111
    assert "nps" in ids(state="waiting") and "inc-volume" not in ids(state="waiting")
    assert ids(q="promoters") == ["nps"]
    assert ids(q="no such words") == [] and ids(q="\x00") == ids()
    assert "dora-df" in ids(area="deployments")
    assert ask("get", "/kpi/catalog/", user=house.maria).status_code == 403


def test_a_target_is_changed_with_reason_and_history_and_shown_everywhere(ask, house, resolved):
    said = {"owner": house.ines.pk, "target": "2", "near": "4.5", "reason": "Agreed with Acme <b>", "seen_version": "0"}
    assert ask("post", "/kpi/catalog/inc-reopen/", user=house.tom, **said).status_code == 403
    assert ask("post", "/kpi/catalog/inc-reopen/", **said).status_code == 302

    row, kpi = Handling.objects.get(kpi="inc-reopen"), known.kpi("inc-reopen")
    assert (row.version, kpi.target, kpi.near) == (1, 2.0, 4.5)
    page = ask("get", "/kpi/catalog/inc-reopen/").content.decode()
    assert "Agreed with Acme &lt;b&gt;" in page and "5.0 → 2.0" in page.replace("<bdi>", "").replace("</bdi>", "")
    assert next(r for r in ask("get", "/kpi/").context["page"].rows if r.kpi.id == "inc-reopen").kpi.target == 2.0
    assert ask("post", "/kpi/catalog/inc-reopen/", **said | {"target": "3"}).status_code == 412  # seen too early
    for wrong in (
        {"near": "1"},
        {"target": "", "near": "1"},
        {"target": "1e400"},
        {"target": "nan"},
        {"target": "1e15"},
        {},
    ):
        answer = ask("post", "/kpi/catalog/inc-reopen/", **said | {"seen_version": "1"} | wrong)
        assert answer.status_code in (409, 422), wrong
    assert Handling.objects.get(kpi="inc-reopen").version == 1
    assert Entry.objects.filter(action="kpi.handled").count() == 1


def test_an_own_measure_is_previewed_made_redefined_and_taken_out_of_use(ask, house, resolved):
    shown = ask("post", "/kpi/own/new/", preview="on", **RATIO)
    assert (shown.status_code, OwnMeasure.objects.count()) == (200, 0)
    assert [month.text for month in shown.context["months"]][-2:] == ["", "0.0%"]
    assert shown.context["months"][-1].detail == "0 / 1"

    made = ask("post", "/kpi/own/new/", **RATIO)
    assert made.headers["Location"] == "/kpi/own-reopened-of-all/"
    page = ask("get", "/kpi/own-reopened-of-all/", user=house.tom)
    assert page.status_code == 200 and page.context["page"].value.text == "0.0%"
    listed = ask("get", "/kpi/own-reopened-of-all/records/", user=house.tom, count="incident.resolved.resolved")
    assert listed.context["total"] == 1
    assert ask("get", "/kpi/own-reopened-of-all/ledger/", user=house.tom).status_code == 200

    backlog = RATIO | {
        "name": "Days of work left",
        "expression": "incident.flow.open / (incident.flow.opened - 0)",
        "unit": "each",
    }
    ask("post", "/kpi/own/new/", **backlog)
    assert ask("get", "/kpi/own-days-of-work-left/").context["page"].value.number == 0.5  # one open, two opened

    assert ask("post", "/kpi/own/own-reopened-of-all/", **RATIO, seen_version="1").status_code == 422  # nothing changed
    other = RATIO | {"unit": "each", "seen_version": "1"}
    assert ask("post", "/kpi/own/own-reopened-of-all/", **other).status_code == 422  # no reason
    assert ask("post", "/kpi/own/own-reopened-of-all/", **other, reason="As a rate").status_code == 302
    assert known.kpi("own-reopened-of-all").definition == 2
    assert ask("post", "/kpi/own/own-reopened-of-all/", **other, reason="Again").status_code == 412

    ask("post", "/kpi/own/own-reopened-of-all/retirement/")
    assert ask("get", "/kpi/own-reopened-of-all/").status_code == 404
    ask("post", "/kpi/own/own-reopened-of-all/reinstatement/")
    assert ask("get", "/kpi/own-reopened-of-all/").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"expression": "1; DROP TABLE records_record"}, {"expression": "incident.flow.opened' OR 1=1 --"},
        {"expression": "x" * 501}, {"name": ""}, {"name": "Incidents opened"}, {"unit": "per_day"}, {"direction": "up"},
        {"question": " "}, {"expression": "incident.flow.opened.__class__"},
    ],
)  # fmt: skip
def test_what_is_no_measure_is_refused_and_nothing_typed_is_lost(ask, house, wrong):
    answer = ask("post", "/kpi/own/new/", **RATIO | wrong)

    assert answer.status_code == 422 and not OwnMeasure.objects.exists()
    assert answer.context["form"]["question"].value() == (RATIO | wrong)["question"]
    assert ask("post", "/kpi/own/new/", user=house.tom, **RATIO).status_code == 403


def test_divided_by_zero_says_no_value(ask, house, resolved):
    zero = RATIO | {
        "name": "Nothing",
        "expression": "incident.flow.opened / (incident.flow.opened - incident.flow.opened)",
    }
    ask("post", "/kpi/own/new/", **zero)

    assert ask("get", "/kpi/own-nothing/").context["page"].value.text == "n/a"


@pytest.mark.parametrize(
    ("rollup", "states", "expected"),
    [
        (Rollup.WORST, [(State.HELD, 9), (State.NEAR, 1)], State.NEAR),
        (Rollup.WORST, [(State.HELD, 1), (State.MISSED, 1), (State.UNKNOWN, 5)], State.MISSED),
        (Rollup.WEIGHTED, [(State.HELD, 4), (State.MISSED, 1)], State.HELD),
        (Rollup.WEIGHTED, [(State.HELD, 3), (State.MISSED, 2)], State.NEAR),
        (Rollup.WEIGHTED, [(State.NEAR, 1), (State.MISSED, 1)], State.MISSED),
        (Rollup.WEIGHTED, [(State.UNKNOWN, 1)], State.UNKNOWN),
        (Rollup.WORST, [], State.UNKNOWN),
    ],
)
def test_the_state_of_a_factor_is_that_of_its_measures(rollup, states, expected):
    assert rolled_up(states, rollup) == expected


def test_a_factor_says_which_of_its_measures_say_nothing():
    told, untold = (
        Branch(kpi, 1, Value(kpi, 9, 10), [], "") for kpi in (replace(declarations.kpi("inc-fcr"), target=each)
                                                              for each in (80.0, None))
    )  # fmt: skip
    factor = Factor(rollup="worst")

    assert (Node(factor, [told]).state, Node(factor, [told]).silent_text) == (State.HELD, "")
    assert Node(factor, [told, untold], gone=1).state == State.HELD
    assert Node(factor, [told, untold], gone=1).silent_text.startswith("2 of 3 measures say nothing")
    assert (Node(factor, [], gone=1).state, Node(factor, [], gone=1).silent) == (State.UNKNOWN, 1)


def test_a_success_factor_shows_its_measures_their_counts_and_its_state(ask, house, resolved):
    said = {
        "name": "Solutions <i>hold</i>", "statement": "Few come back", "rollup": "worst", "position": "1",
        "kpi_0": "inc-reopen", "weight_0": "1", "kpi_1": "inc-backlog", "weight_1": "2",
    }  # fmt: skip
    assert ask("post", "/kpi/factors/new/", user=house.tom, **said).status_code == 403
    assert ask("post", "/kpi/factors/new/", **said).status_code == 302
    for wrong in (
        {"kpi_1": "inc-reopen"},
        {"kpi_0": "", "kpi_1": ""},
        {"weight_0": "0"},
        {"kpi_0": "no-such"},
        {"name": "x" * 121},
    ):
        assert ask("post", "/kpi/factors/new/", **said | {"name": "Other"} | wrong).status_code in (409, 422), wrong

    page = ask("get", "/kpi/factors/", user=house.tom)
    [node] = page.context["nodes"]
    assert (node.state, [branch.state for branch in node.branches]) == (State.HELD, [State.HELD, State.UNKNOWN])
    assert [(each.name, each.number) for each in node.branches[0].metrics] == [
        ("incident.resolved.reopened", 0), ("incident.resolved.resolved", 1),
    ]  # fmt: skip
    assert node.branches[1].metrics[0].number == 1
    assert "Solutions &lt;i&gt;hold&lt;/i&gt;" in page.content.decode()
    [empty] = ask("get", "/kpi/factors/", user=house.otto).context["nodes"]
    assert [branch.value.numerator for branch in empty.branches] == [0, 0]

    factor = Factor.objects.get()
    changed = said | {"rollup": "weighted", "seen_version": "1"}
    assert ask("post", f"/kpi/factors/{factor.slug}/", **changed).status_code == 302
    assert ask("post", f"/kpi/factors/{factor.slug}/", **changed | {"statement": "x"}).status_code == 412
    ask("post", f"/kpi/factors/{factor.slug}/removal/")
    assert not Factor.objects.exists()
