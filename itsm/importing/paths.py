"""Which moves lead from one state to another: read from the workflow, so that imported history is a legal path."""

from collections import deque
from functools import cache

from incidents.enums import State
from incidents.models import Incident
from records.workflow import moves_of

_DYNAMIC = {"resume": State.IN_PROGRESS}
_PREFERRED = ("assign", "start", "hold", "resume", "resolve", "reopen", "close", "cancel")


@cache
def _edges() -> dict[str, list[tuple[str, str]]]:
    """State -> (move, next state), in the order in which people would think of them."""
    edges: dict[str, list[tuple[str, str]]] = {}
    moves = moves_of(Incident)
    for name in _PREFERRED:
        machine = getattr(Incident, name)._django_fsm
        for source in moves[name].sources:
            target = _DYNAMIC.get(name) or machine.transitions[source].target
            edges.setdefault(str(source), []).append((name, str(target)))
    return edges


@cache
def path(source: str, target: str) -> tuple[tuple[str, str], ...] | None:
    """
    The shortest legal way, as (move, state after it). Empty when both are the same; None when there is no way.

    A way out of `closed` or `cancelled` does not exist: such a state is final.
    """
    if source == target:
        return ()
    queue: deque[tuple[str, tuple[tuple[str, str], ...]]] = deque([(source, ())])
    seen = {source}
    while queue:
        state, way = queue.popleft()
        for move, following in _edges().get(state, ()):
            if following in seen:
                continue
            longer = (*way, (move, following))
            if following == target:
                return longer
            seen.add(following)
            queue.append((following, longer))
    return None
