"""An improvement that Maria suggests, Ines decides and owns, and Aisha works on."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from improvement import operations
from improvement.defaults import ensure_scales
from improvement.models import Goal, Improvement
from tests.conftest import moment

MONDAY_9 = moment("2026-03-02 09:00")
TUESDAY_9 = moment("2026-03-03 09:00")
JUNE = moment("2026-06-01 09:00")
ACTED_ON = date(2026, 3, 3)


@pytest.fixture
def goal(house: SimpleNamespace) -> Goal:
    """What everybody at the provider pursues."""
    return operations.create_goal(by=house.ines, at=MONDAY_9, title="People work without disturbance")


@pytest.fixture
def suggest(house: SimpleNamespace) -> Callable[..., Improvement]:
    ensure_scales()

    def make(**said: Any) -> Improvement:
        return operations.create(**({"by": house.aisha, "at": MONDAY_9, "title": "Fewer dropped sessions"} | said))

    return make


@pytest.fixture
def bring_to(house: SimpleNamespace, goal: Goal, suggest: Callable[..., Improvement]) -> Callable[..., Improvement]:
    """An improvement as it stands after the move of this name, told through the operations."""

    def observed(improvement: Improvement) -> Improvement:
        made = operations.observe(improvement=improvement, by=house.aisha, at=MONDAY_9, text="They complain weekly")
        operations.expect(
            measure=made, by=house.aisha, at=MONDAY_9, text="Nobody complains", target_date=date(2026, 5, 1)
        )
        improvement = operations.take_effect(improvement=improvement, by=house.aisha, at=TUESDAY_9, acted_on=ACTED_ON)
        operations.judge(measure=made, by=house.ines, at=JUNE, word="reached", note="Not one in a month")
        operations.answer(improvement=improvement, by=house.ines, at=JUNE, step=6, texts={"statement": "It helped."})
        return Improvement.objects.get(pk=improvement.pk)

    steps: list[tuple[str, Callable[[Improvement], Improvement]]] = [
        ("suggested", lambda each: each),
        ("accepted", lambda each: operations.accept(improvement=each, by=house.ines, at=MONDAY_9, reply="Good idea.")),
        ("active", lambda each: operations.activate(improvement=each, by=house.ines, at=MONDAY_9)),
        ("judged", observed),
        ("realized", lambda each: operations.realize(improvement=each, by=house.ines, at=JUNE)),
    ]

    def bring(state: str, **said: Any) -> Improvement:
        improvement = suggest(**({"goal": goal, "owner": house.ines} | said))
        for name, act in steps:
            if name == "active":
                improvement = operations.score(
                    improvement=improvement, by=house.aisha, at=MONDAY_9, value=4, effort=2, risk=1
                )
            improvement = act(improvement)
            if name == state:
                return improvement
        raise AssertionError(state)

    return bring
