"""The picture of the product: all that a pack must leave as it is, part by part."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from common.fingerprints import fingerprint_of
from people import matrix

from . import machines, screens, tables

Document = dict[str, dict[str, Any]]


def rights() -> dict[str, Any]:
    """Every operation with the roles that may do it, and every scope of tokens."""
    found: dict[str, Any] = {
        rule.operation: {"scope": rule.scope, "roles": {str(role): str(how) for role, how in rule.roles.items()}}
        for rule in matrix.rules()
    }
    return found | {f"scope {name}": True for name in matrix.SCOPES}


PARTS: dict[str, tuple[Any, Callable[[], dict[str, Any]]]] = {
    "machines": (_("State machines and guards"), machines.machines),
    "rights": (_("Rights"), rights),
    "routes": (_("Addresses"), screens.routes),
    "fields": (_("Fields of screens and API"), screens.fields),
    "templates": (_("Templates of screens"), screens.templates),
    "tables": (_("Tables, constraints and triggers"), tables.tables),
}
MOST_DIFFERENCES = 50


def take() -> Document:
    """The picture now: part -> entry -> what it is."""
    return {name: gather() for name, (_label, gather) in PARTS.items()}


def label_of(part: str) -> Any:
    return PARTS[part][0] if part in PARTS else part


def place_of(part: str) -> int:
    """Where a part stands among the others; parts that are no longer known come last."""
    return list(PARTS).index(part) if part in PARTS else len(PARTS)


def fingerprints(document: Mapping[str, Any]) -> dict[str, str]:
    """The fingerprint of each part."""
    return {name: fingerprint_of(entries) for name, entries in document.items()}


def differences(before: Document, after: Document) -> Iterator[str]:
    """What is not as it was, in words: the part, the entry, and what became of it."""
    for part in before:
        for name in sorted({*before[part], *after[part]}):
            old, new = before[part].get(name), after[part].get(name)
            if old == new:
                continue
            said = {"part": label_of(part), "name": name}
            if old is None:
                yield text("%(part)s: %(name)s was added") % said
            elif new is None:
                yield text("%(part)s: %(name)s was removed") % said
            else:
                yield text("%(part)s: %(name)s was changed") % said
