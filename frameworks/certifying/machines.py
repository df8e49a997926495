"""The state machines as they are: states, moves, where they lead, who may, what guards them."""

import hashlib
import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps

from records import practices


def machines() -> dict[str, Any]:
    """Every practice, and every model whose state moves: name -> what there is to know of it."""
    found: dict[str, Any] = {}
    for practice in practices.all_practices():
        found[f"practice {practice.kind}"] = {
            "prefix": practice.prefix,
            "process": practice.process,
            "model": practice.model._meta.label,
            "states": list(practice.states.values),
            "phases": {str(state): str(phase) for state, phase in practice.phases.items()},
        }
    for model in apps.get_models():
        for owner in reversed(model.__mro__):
            for name, attribute in vars(owner).items():
                machine = getattr(attribute, "_django_fsm", None)
                if machine is not None:
                    found[f"move {model._meta.label}.{name}"] = _move(attribute, machine)
    return found


def _move(method: Any, machine: Any) -> dict[str, Any]:
    transitions = {}
    for source, each in machine.transitions.items():
        target = getattr(each.target, "allowed_states", None) or [each.target]
        transitions[str(source)] = {
            "to": [str(state) for state in target],
            "conditions": [_code(condition) for condition in each.conditions],
            "permission": str(each.permission),
        }
    move = next(iter(machine.transitions.values())).custom.get("move")
    said: dict[str, Any] = {"field": str(machine.field), "code": _code(method), "from": transitions}
    if move is not None:
        said |= {
            "operation": move.operation,
            "action": move.action,
            "noun": move.noun,
            "needs reason": move.needs_reason,
            "guards": [_code(guard) for guard in move.guards],
            "inputs": [[each.name, each.kind, each.required] for each in move.inputs],
        }
    return said


def _code(function: Callable[..., Any]) -> str:
    """A function by name and by what it does, the same in every process."""
    plain = inspect.unwrap(function)
    name = f"{getattr(plain, '__module__', '')}.{getattr(plain, '__qualname__', type(plain).__qualname__)}"
    return f"{name} {_digest(getattr(plain, '__code__', None))}"


@cache
def _digest(code: Any) -> str:
    try:
        source = inspect.getsource(code)
    except (OSError, TypeError):
        return "-"
    return hashlib.sha256(source.encode()).hexdigest()[:16]
