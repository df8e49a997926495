"""
Who wants to hear of which acts after they were committed.

A handler gets the entry, may run twice or late, and must come to the same result. Reactions of a practice to acts of
another one are registered here by action name; nobody imports anybody.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from .models import Entry

Handler = Callable[[Entry], None]


@dataclass(frozen=True)
class Subscription:
    name: str
    patterns: tuple[str, ...]
    handler: Handler


_SUBSCRIPTIONS: dict[str, Subscription] = {}


def subscribe(name: str, *, to: Iterable[str], handler: Handler) -> None:
    """
    Have `handler` called after acts whose name matches one of `to` (for example `incident.resolved`, `*.commented`).

    :raises ValueError: the name is taken by another handler.
    """
    known = _SUBSCRIPTIONS.get(name)
    if known is not None and known.handler is not handler:
        raise ValueError(f"subscriber {name} exists")
    _SUBSCRIPTIONS[name] = Subscription(name=name, patterns=tuple(to), handler=handler)
    subscribers_of.cache_clear()


def subscription(name: str) -> Subscription | None:
    return _SUBSCRIPTIONS.get(name)


@cache
def subscribers_of(action: str) -> tuple[str, ...]:
    """Names of those who want to hear of the action."""
    return tuple(
        each.name for each in _SUBSCRIPTIONS.values() if any(fnmatchcase(action, pattern) for pattern in each.patterns)
    )
