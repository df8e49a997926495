"""What queries find, for whom, and what they suggest. It is Monday 2 March 2026, 12:00 in Oslo (11:00 UTC)."""

from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from incidents import operations
from incidents.models import Incident
from records import operations as record_operations
from records.models import Record
from records.query import Clock, QueryProblem, Scene, compile_query, parse
from records.query.suggest import suggest
from search import index
from tests.conftest import moment

OSLO = ZoneInfo("Europe/Oslo")


def scene_of(viewer, at="2026-03-02 11:00"):
    return Scene(viewer, Clock(moment(at), OSLO))


def found(text, viewer, at="2026-03-02 11:00"):
    where = compile_query(parse(text), scene_of(viewer, at)).where
    return set(Record.objects.visible_to(viewer).filter(where).values_list("title", flat=True))


@pytest.fixture
def desk(house, log_incident):
    """Three tickets: a new one, one that Aisha's team has, one on hold; and one of Umbrella, where Otto works."""
    new = log_incident(title="Printer jams", tags=["paper"], impact=3, urgency=3)
    assigned = log_incident(title="VPN drops", impact=1, urgency=1)
    operations.assign(
        incident=assigned, by=house.tom, at=moment("2026-03-02 09:30"), team=house.networks, assignee=house.aisha
    )
    held = log_incident(title="Payroll export fails", at=moment("2026-02-27 22:30"))
    operations.assign(incident=held, by=house.tom, at=moment("2026-02-27 22:40"), team=house.first_line)
    operations.hold(
        incident=held,
        by=house.tom,
        at=moment("2026-02-27 22:50"),
        hold_for="supplier",
        supplier_reference="S-1",
    )
    hidden = operations.create(
        by=house.otto, at=moment("2026-03-02 08:00"), requester=house.otto, title="Umbrella secret", tags=["bio"]
    )
    index.rebuild()
    return SimpleNamespace(new=new, assigned=assigned, held=held, hidden=hidden)


FIND = (
    ("prio:p1", {"VPN drops"}),
    ("prio:<=2", {"VPN drops"}),
    ("state:new", {"Printer jams", "Umbrella secret"}),
    ("state:new,on-hold", {"Printer jams", "Umbrella secret", "Payroll export fails"}),
    ("-state:new", {"VPN drops", "Payroll export fails"}),
    ("team:networks", {"VPN drops"}),
    ("team:@mine", {"Payroll export fails"}),
    ("team:none", {"Printer jams", "Umbrella secret"}),
    ("who:aisha", {"VPN drops"}),
    ('who:"Aisha Khan"', {"VPN drops"}),
    ("-who:aisha is:open", {"Printer jams", "Payroll export fails", "Umbrella secret"}),
    ("is:unassigned is:waiting", {"Payroll export fails"}),
    ("waiting:supplier", {"Payroll export fails"}),
    ("tag:paper", {"Printer jams"}),
    ("tag:none -is:waiting", {"VPN drops"}),
    ("org:umbrella", {"Umbrella secret"}),
    ("service:vpn is:unassigned is:waiting", {"Payroll export fails"}),
    ("source:phone state:new", {"Printer jams"}),
    ("requester:maria@acme.example prio:1", {"VPN drops"}),
    ("opened:today", {"Printer jams", "VPN drops", "Umbrella secret"}),
    ("opened:2026-02-27", {"Payroll export fails"}),
    ("opened:2026-02-28", set()),
    ("opened:<2h", {"Printer jams", "VPN drops"}),
    ("opened:>2d", {"Payroll export fails"}),
    ("opened:1h..4h", {"Printer jams", "VPN drops", "Umbrella secret"}),
    ("opened:..2026-02-28", {"Payroll export fails"}),
    ("due:none prio:1", {"VPN drops"}),
    ("vpn", {"VPN drops"}),
    ('-vpn -"payroll export" org:acme', {"Printer jams"}),
)


def test_queries_find(house, desk, subtests):
    Record.objects.update(due_at=None, due_state="")
    for query, titles in FIND:
        with subtests.test(query):
            assert found(query, house.tom) == titles


def test_days_begin_in_the_zone_of_the_viewer(house, log_incident):
    log_incident(title="Late at night", at=moment("2026-03-01 23:30"))

    assert found("opened:today", house.tom) == {"Late at night"}
    assert found("opened:2026-03-01", house.tom) == set()


def test_flags_about_the_clock_follow_the_moment(house, desk):
    Record.objects.filter(pk=desk.new.pk).update(
        due_state="running",
        due_soon_at=moment("2026-03-02 11:00"),
        at_risk_at=moment("2026-03-02 12:00"),
        due_at=moment("2026-03-02 13:00"),
    )

    assert found("is:due-soon", house.tom, "2026-03-02 11:00") == {"Printer jams"}
    assert found("is:at-risk", house.tom, "2026-03-02 12:00") == {"Printer jams"}
    assert found("is:breached", house.tom, "2026-03-02 12:59") == set()
    assert found("is:breached", house.tom, "2026-03-02 13:00") == {"Printer jams"}
    assert found("due:<2h", house.tom, "2026-03-02 11:00") == {"Printer jams"}


def test_linked_tickets_are_found_from_both_ends(house, desk):
    record_operations.link(
        record=desk.new, to=desk.assigned, kind="related_to", by=house.tom, at=moment("2026-03-02 10:00")
    )

    assert found(f"linked:INC-{desk.new.pk}", house.tom) == {"VPN drops"}
    assert found(f"linked:{desk.assigned.pk}", house.tom) == {"Printer jams"}


@pytest.mark.parametrize(
    ("text", "sentence", "suggestion"),
    [
        ("taem:@mine", "There is no field “taem”", "team:@mine"),
        ("is:opne", "“is:opne” is not known.", "is:open"),
        ("state:resolvd", "There is no state “resolvd”.", "state:resolved"),
        ("prio:9", "There is no priority “9”", ""),
        ("team:netwrks", "There is no team “netwrks”.", "team:networks"),
        ("who:aish", "Nobody here is called “aish”.", "who:aisha"),
        ("updated:soon", "“soon” is no moment.", ""),
        ("team:>5", "“team” has no order", "team:5"),
        ("sort:subject", "Tickets can't be sorted by “subject”", ""),
        ("linked:99999", "There is no ticket “99999”.", ""),
        ("updated:2026-02-30", "is no moment", ""),
    ],
)
def test_an_unknown_term_is_named_with_a_suggestion(house, desk, text, sentence, suggestion):
    with pytest.raises(QueryProblem) as caught:
        compile_query(parse(f"is:open {text}"), scene_of(house.tom))

    assert sentence in str(caught.value.message)
    assert caught.value.suggestion == suggestion
    assert f"is:open {text}"[caught.value.start : caught.value.end] == text


@pytest.mark.parametrize(
    "query",
    ["who:aisha", "requester:maria", "org:acme", "service:vpn", "team:networks", 'category:"Hardware"'],
)
def test_a_hidden_name_and_one_that_does_not_exist_are_refused_alike(house, desk, query):
    name = query.split(":")[0]
    with pytest.raises(QueryProblem) as hidden:
        found(query, house.otto)
    with pytest.raises(QueryProblem) as unknown:
        found(f"{name}:zzz", house.otto)

    value = query.split(":")[1].strip('"')
    assert str(hidden.value.message).replace(value, "X") == str(unknown.value.message).replace("zzz", "X")


def test_a_hidden_ticket_is_no_ticket_for_links(house, desk):
    with pytest.raises(QueryProblem) as caught:
        found(f"linked:{desk.new.pk}", house.otto)

    assert "There is no ticket" in str(caught.value.message)


@pytest.mark.parametrize("query", ["", "is:open", "-org:umbrella", "-who:otto", "tag:paper", "vpn", "prio:1..5"])
def test_no_query_shows_otto_a_ticket_of_acme(house, desk, query):
    assert found(query, house.otto) <= {"Umbrella secret"}


def suggested(text, viewer):
    return [each.text for each in suggest(text, len(text), scene_of(viewer))]


def test_fields_and_values_are_suggested_at_the_caret(house, desk):
    assert suggested("is:open te", house.tom)[:2] == ["team:", "text:"]
    assert suggested("team:net", house.tom) == ["networks"]
    assert suggested("who:@", house.tom) == ["@me"]
    assert suggested("state:in_p", house.tom) == ["in_progress"]
    assert suggested("tag:", house.tom) == ["bio", "paper"]
    assert suggested("sort:-up", house.tom) == ["-updated"]


def test_nothing_hidden_is_suggested_to_otto(house, desk):
    assert suggested("tag:", house.otto) == ["bio"]
    assert suggested("org:", house.otto) == ["@mine", "umbrella"]
    assert suggested("service:", house.otto) == ["none"]
    assert suggested("team:", house.otto) == ["@mine", "@team", "none"]
    assert suggested("requester:", house.otto) == ["@me", "otto"]


def test_a_suggestion_stands_where_the_term_stands(house, desk):
    text = "is:open team:net sort:due"

    first = suggest(text, text.index(" sort"), scene_of(house.tom))[0]

    assert text[: first.start] + first.text + text[first.end :] == "is:open team:networks sort:due"


def test_the_record_that_moved_keeps_its_state_in_queries(house, desk):
    assert Incident.objects.get(pk=desk.held.pk).state == "on_hold"
    assert found("state:on_hold", house.tom) == {"Payroll export fails"}


def counted(text, viewer, caret=None):
    return {each.label: each.count for each in suggest(text, len(text) if caret is None else caret, scene_of(viewer))}


def test_values_say_how_many_tickets_they_would_leave(house, desk):
    assert counted("is:open tag:", house.tom) == {"bio": "1", "paper": "1"}
    assert counted("who:@", house.tom)["@me"] == str(len(found("who:@me", house.tom)))
    assert counted("prio:p", house.tom)["p4"] == str(len(found("prio:p4", house.tom)))


def test_the_term_at_the_caret_does_not_count_against_itself(house, desk):
    text = "tag:paper is:open"

    assert counted(text, house.tom, caret=len("tag:"))["bio"] == "1"


def test_a_count_names_nothing_that_is_hidden(house, desk):
    assert counted("prio:p", house.otto)["p4"] == str(len(found("prio:p4", house.otto)))


def test_more_than_99_are_not_counted_on(house, log_incident):
    for number in range(101):
        log_incident(title=f"T{number}")

    assert counted("is:op", house.tom) == {"open": "99+", "reopened": "0"}


def test_a_rest_that_can_t_be_read_leaves_values_uncounted(house, desk):
    assert set(counted("nonsense:x prio:p", house.tom).values()) == {""}


def test_counting_costs_one_statement_beside_the_look_up(house, desk, django_assert_num_queries):
    scene = scene_of(house.tom)
    suggest("state:", 6, scene)

    with django_assert_num_queries(5):  # savepoint, patience, count, patience off, release
        suggest("state:", 6, scene)


def test_counting_is_given_up_when_it_takes_too_long(house, desk, monkeypatch):
    monkeypatch.setattr("records.query.counts.PATIENCE_MS", 1)
    monkeypatch.setattr(
        "records.query.counts._condition",
        lambda *_: RawSQL("pg_sleep(0.05) IS NOT NULL", (), output_field=BooleanField()),
    )

    assert counted("prio:p1", house.tom) == {"p1": ""}
    assert found("prio:p4", house.tom)
