"""Which acts change what can be found. The documents follow after the commit."""

from audit.models import Entry
from audit.subscriptions import subscribe

from . import index

ACTS = ("*.created", "*.edited", "*.replied", "*.noted", "*.resolved", "*.converted", "*.merged", "*.published")


def _index(entry: Entry) -> None:
    if entry.subject_kind == "record":
        index.rebuild([entry.subject_id])


def register() -> None:
    subscribe("search", to=ACTS, handler=_index)
