"""
The permission matrix: operation × role × relation. What is not declared here is denied.

Each app declares its operations in its own `permissions.py`; they meet in this one registry, which pages, API, tasks,
the navigation, the documentation and the tests read. Rules of the standard: OWASP ASVS 5.0 V8.1.1 and V8.2.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .enums import Relation, Role


@dataclass(frozen=True)
class Rule:
    """Who may do an operation. `scope` is what an API token must carry for it."""

    operation: str
    label: Any
    scope: str
    roles: Mapping[Role, Relation] = field(default_factory=dict)


_RULES: dict[str, Rule] = {}
SCOPES: dict[str, Any] = {}


def declare_scope(name: str, label: Any) -> None:
    """Name a scope that API tokens can carry, for example `incidents:write`."""
    SCOPES[name] = label


def declare(operation: str, label: Any, *, scope: str, roles: Mapping[Role, Relation]) -> None:
    """
    Add an operation, for example `incident.resolve`.

    :raises ValueError: declared twice, or with a scope that nobody declared.
    """
    if operation in _RULES:
        raise ValueError(f"{operation} is declared twice")
    if scope not in SCOPES:
        raise ValueError(f"{operation} names the unknown scope {scope}")
    _RULES[operation] = Rule(operation=operation, label=label, scope=scope, roles=dict(roles))


def rule(operation: str) -> Rule:
    """:raises KeyError: nobody declared the operation; that is a defect, not a refusal."""
    return _RULES[operation]


def rules() -> list[Rule]:
    """All rules, in the order of their names."""
    return sorted(_RULES.values(), key=lambda each: each.operation)


OWN, SCOPE, GLOBAL = Relation.OWN, Relation.SCOPE, Relation.GLOBAL
