"""Tickets of the month: how many came, were done, and were open at its end, by kind and priority."""

from collections import defaultdict
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce

from records.models import Record

from ..enums import Rows
from .scope import Ledger, Scope

_KINDS: list[str] = []
DONE_AT = Coalesce("resolved_at", "closed_at")


def register_tickets(kind: str) -> None:
    """Count records of a kind as tickets of customers; called from the `ready` of the practice."""
    if kind not in _KINDS:
        _KINDS.append(kind)


def kinds() -> tuple[str, ...]:
    """The kinds of records that are tickets."""
    return tuple(_KINDS)


def of_customer(scope: Scope) -> Any:
    """Their tickets with `done_at`: when they were resolved, or else closed."""
    rows = Record.objects.filter(organization=scope.organization, kind__in=_KINDS)
    return rows.annotate(done_at=DONE_AT).order_by()


def tickets(scope: Scope, ledger: Ledger) -> list[dict[str, Any]]:
    """One row for each kind with its priorities; one statement."""
    rows = of_customer(scope).filter(Q(done_at=None) | Q(done_at__gte=scope.at_from), opened_at__lt=scope.at_to)
    found: dict[str, dict[int, dict[str, list[int]]]] = {
        kind: defaultdict(lambda: {"opened": [], "done": [], "open": []}) for kind in _KINDS
    }
    for key, kind, priority, opened_at, done_at in rows.values_list("pk", "kind", "priority", "opened_at", "done_at"):
        lists = found[kind][priority]
        if opened_at >= scope.at_from:
            lists["opened"].append(key)
        if done_at is not None and done_at < scope.at_to:
            lists["done"].append(key)
        else:
            lists["open"].append(key)
    return [_kind(kind, priorities, ledger) for kind, priorities in found.items()]


def _kind(kind: str, priorities: dict[int, dict[str, list[int]]], ledger: Ledger) -> dict[str, Any]:
    base = f"tickets.{kind}"
    together: dict[str, list[int]] = {"opened": [], "done": [], "open": []}
    for lists in priorities.values():
        for name, keys in lists.items():
            together[name] += keys
    return {
        "kind": kind,
        **{name: ledger.count(f"{base}.{name}", Rows.RECORD, keys) for name, keys in together.items()},
        "priorities": [
            {
                "priority": priority,
                **{
                    name: ledger.count(f"{base}.{name}.{priority}", Rows.RECORD, keys)
                    for name, keys in priorities[priority].items()
                },
            }
            for priority in sorted(priorities)
        ],
    }
