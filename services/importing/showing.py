"""Rows of an import in words: names instead of keys."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from people.models import Organization, Team, User

from ..models import ConfigurationItem, Criticality, ImportRow, ItemStatus, ItemType, Service, TypeAttribute

_ROWS = {
    "type": ItemType, "service": Service, "further_services": Service, "owner": User, "team": Team,
    "supplier": Organization,
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """
    One row.

    :param differences: (field, ours, theirs, whether it is a conflict).
    """

    line: int
    key: str
    name: str
    item_id: int | None
    differences: list[tuple[str, str, str, bool]]
    problems: list[str]
    relations: int

    @classmethod
    def of(cls, rows: Iterable[ImportRow]) -> "list[Shown]":
        """Names are looked up with a statement for each kind of row that is mentioned."""
        listed = list(rows)
        words = Values(pair for row in listed for pair in (*row.changes.items(), *row.conflicts.items()))
        return [
            cls(
                line=row.line,
                key=row.key,
                name=row.name,
                item_id=row.item_id,
                differences=[
                    (words.field(name), words.value(name, ours), words.value(name, theirs), is_conflict)
                    for pairs, is_conflict in ((row.conflicts, True), (row.changes, False))
                    for name, (ours, theirs) in pairs.items()
                ],
                problems=row.problems,
                relations=len(row.relations),
            )
            for row in listed
        ]


class Values:
    """
    Fields of items and their values as people read them.

    :param pairs: each field with its values, before and after; names are looked up for all of them together.
    """

    def __init__(self, pairs: Iterable[tuple[str, Iterable[Any]]]) -> None:
        wanted: dict[Any, set[int]] = {}
        for name, pair in pairs:
            if name in _ROWS:
                keys = {key for each in pair for key in (each if isinstance(each, list) else [each]) if key}
                wanted.setdefault(_ROWS[name], set()).update(keys)
        self.names = {
            model: dict(model._default_manager.filter(pk__in=keys).values_list("pk", "name"))
            for model, keys in wanted.items()
        }
        self.labels = {f"attributes.{key}": label for key, label in TypeAttribute.objects.values_list("key", "label")}

    def field(self, name: str) -> str:
        if name in self.labels or name.startswith("attributes."):
            return self.labels.get(name, name.removeprefix("attributes."))
        return str(ConfigurationItem._meta.get_field(name).verbose_name)  # type: ignore[union-attr] # all are columns

    def value(self, name: str, value: Any) -> str:
        if value in (None, "", []):
            return "–"
        if name in _ROWS:
            keys = value if isinstance(value, list) else [value]
            return ", ".join(self.names[_ROWS[name]].get(key, "?") for key in keys)
        if name == "status":
            return str(dict(ItemStatus.choices).get(value, value))
        if name == "criticality":
            return str(dict(Criticality.choices).get(value, value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return str(value)[:200]
