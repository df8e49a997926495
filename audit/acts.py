"""Through which door the current act came in: set once by middleware, task or command, read by the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from .models import Channel


@dataclass(frozen=True)
class Act:
    """Circumstances of what is being done right now. Subscribers don't hear of quiet acts: history told afterwards."""

    channel: str = Channel.WORKER
    request_id: str = ""
    address: str | None = None
    on_behalf_of: Any = None
    is_quiet: bool = False


_CURRENT: ContextVar[Act] = ContextVar("steward_act", default=Act())  # noqa: B039 - frozen


def current() -> Act:
    """The circumstances in force; background work where nothing was said."""
    return _CURRENT.get()


@contextmanager
def acting(**circumstances: Any) -> Iterator[Act]:
    """Set circumstances for the block, on top of those in force."""
    act = replace(current(), **circumstances)
    token = _CURRENT.set(act)
    try:
        yield act
    finally:
        _CURRENT.reset(token)
