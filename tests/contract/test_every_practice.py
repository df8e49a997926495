"""What every practice promises. A new practice is covered here without writing anything."""

import inspect

import pytest
from django.db import IntegrityError, connection

from people import matrix
from records import practices
from records.enums import Phase
from records.workflow import moves_of

ALL = practices.all_practices()
MOVES = [(practice, move) for practice in ALL for move in moves_of(practice.model).values()]


def named(value):
    """Readable ids for parameters."""
    return getattr(value, "kind", None) or getattr(value, "name", None)


@pytest.mark.parametrize("practice", ALL, ids=named)
def test_every_state_has_a_phase_and_no_other_has(practice):
    assert set(map(str, practice.phases)) == set(practice.states.values)
    assert set(practice.phases.values()) <= set(Phase)


@pytest.mark.parametrize("practice", ALL, ids=named)
def test_every_state_can_be_reached_from_the_first(practice):
    first = str(practice.states.values[0])
    reached, edges = {first}, []
    for name, move in moves_of(practice.model).items():
        machine = getattr(practice.model, name)._django_fsm
        for source in move.sources:
            target = machine.transitions[source].target
            targets = getattr(target, "allowed_states", None) or [target]
            edges += [(source, str(each)) for each in targets]
    for _step in edges:
        reached |= {target for source, target in edges if source in reached}

    assert reached == set(practice.states.values)


@pytest.mark.parametrize(("practice", "move"), MOVES, ids=named)
def test_every_move_says_who_may_do_it_and_how_it_reads(practice, move):
    rule = matrix.rule(move.operation)

    assert move.operation.startswith(f"{practice.kind}.")
    assert move.action.startswith(f"{practice.kind}.")
    assert rule.roles
    assert str(move.label)[0].isupper()
    assert str(move.sentence)
    assert move.noun


@pytest.mark.parametrize("practice", ALL, ids=named)
def test_moves_are_named_once(practice):
    moves = moves_of(practice.model).values()

    assert len({move.noun for move in moves}) == len(moves)
    assert len({move.action for move in moves}) == len(moves)


@pytest.mark.parametrize(("practice", "move"), MOVES, ids=named)
def test_every_move_is_an_act_of_the_operations_with_the_same_name(practice, move):
    act = getattr(practice.operations, move.name)
    parameters = inspect.signature(act).parameters

    assert {"by", "at"} <= parameters.keys()
    assert all(parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in parameters.values())
    assert act.__doc__


@pytest.mark.parametrize(("practice", "move"), MOVES, ids=named)
def test_a_move_is_pure(practice, move):
    """It may not save, query, send or read the clock; what it would need for that does not stand in its code."""
    code = inspect.getsource(getattr(practice.model, move.name))

    for forbidden in ("objects.", ".save(", "now()", "send", "get_or_create", "cache"):
        assert forbidden not in code


@pytest.mark.parametrize("practice", ALL, ids=named)
def test_every_guard_is_named_and_small(practice):
    for move in moves_of(practice.model).values():
        for guard in move.guards:
            assert guard.__name__ != "<lambda>"
            assert len(inspect.getsource(guard).splitlines()) < 40


@pytest.mark.parametrize("practice", ALL, ids=named)
def test_the_database_refuses_a_state_that_nobody_declared(practice, log_incident):
    record = log_incident()

    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE records_record SET state = 'breached' WHERE id = %s", [record.pk])


@pytest.mark.parametrize("practice", ALL, ids=named)
def test_the_kind_is_the_first_word_of_everything(practice):
    assert practice.prefix.isupper()
    assert practice.process in {"agree", "change", "recover", "operate", "improve"}
    assert practice.operations.create
