"""The audit log of an item in words, with names only of what the reader may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Entry
from people.models import Organization, Team, User
from people.queries import organizations_visible_to, people_visible_to
from services.models import ConfigurationItem, Criticality, ItemStatus, ItemType, RelationType, TypeAttribute
from services.queries import items_open_to, services_visible_to

SHOWN = 50
ACTIONS = {
    "item.created": gettext_lazy("entered"),
    "item.changed": gettext_lazy("changed"),
    "item.retired": gettext_lazy("retired"),
    "item.put_live": gettext_lazy("put to use"),
    "item.related": gettext_lazy("relation added"),
    "item.unrelated": gettext_lazy("relation removed"),
    "item.verified": gettext_lazy("verified"),
    "item.difference_explained": gettext_lazy("difference explained"),
    "item.difference_reopened": gettext_lazy("explanation of a difference taken back"),
    "item.difference_followed": gettext_lazy("change written down because of a difference"),
    "admin.changed": gettext_lazy("changed"),
    "admin.added": gettext_lazy("entered"),
}
COLUMNS = {
    name: ConfigurationItem._meta.get_field(name).verbose_name  # type: ignore[union-attr] # all are columns
    for name in ("name", "type", "status", "service", "further_services", "owner", "team", "supplier", "criticality",
                 "description", "attributes", "external_key")
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One act. `changes` are (what, before, after)."""

    at: datetime
    who: str
    did: Any
    changes: list[tuple[Any, str, str]] = field(default_factory=list)
    detail: str = ""
    reason: str = ""


def history_of(item: ConfigurationItem, viewer: Any) -> list[Line]:
    """The latest 50 acts on the item."""
    rows = Entry.objects.filter(subject_kind="item", subject_id=item.pk).select_related("actor")
    entries = list(rows.order_by("-id")[:SHOWN])
    names = _Names(entries, viewer)
    return [
        Line(
            at=entry.at,
            who=str(entry.actor or "Steward"),
            did=ACTIONS.get(entry.action, entry.action),
            changes=list(names.changes(entry.changes)),
            detail=names.detail(entry, item),
            reason=entry.reason,
        )
        for entry in entries
    ]


class _Names:
    """Names behind the keys in the changes, a statement for each kind of row that is mentioned."""

    def __init__(self, entries: list[Entry], viewer: Any) -> None:
        wanted: dict[str, set[int]] = {name: set() for name in ("type", "service", "owner", "team", "supplier", "item")}
        for entry in entries:
            for column, pair in entry.changes.items():
                kind = "service" if column == "further_services" else column
                if kind in wanted:
                    wanted[kind] |= {key for each in pair for key in _keys(each)}
            wanted["item"] |= {entry.data[end] for end in ("source", "target") if isinstance(entry.data.get(end), int)}
        rows = {
            "type": ItemType.objects,
            "service": services_visible_to(viewer),
            "owner": people_visible_to(viewer) if wanted["owner"] else User.objects.none(),
            "team": Team.objects,
            "supplier": organizations_visible_to(viewer) if wanted["supplier"] else Organization.objects.none(),
            "item": items_open_to(viewer),
        }
        self.names: Mapping[str, dict[int, str]] = {
            kind: dict(rows[kind].filter(pk__in=keys).values_list("pk", "name")) if keys else {}  # type: ignore[attr-defined]
            for kind, keys in wanted.items()
        }
        self.relations = dict(RelationType.objects.values_list("slug", "label"))
        self.attributes: dict[str, str] = {}
        if any("attributes" in entry.changes for entry in entries):
            self.attributes = dict(TypeAttribute.objects.values_list("key", "label"))

    def changes(self, changes: Mapping[str, Any]) -> Iterable[tuple[Any, str, str]]:
        for column, label in COLUMNS.items():
            before, after = changes.get(column, (None, None))
            if column == "attributes":
                yield from self._attributes(before or {}, after or {})
            elif column in changes:
                yield label, self._word(column, before), self._word(column, after)

    def detail(self, entry: Entry, item: ConfigurationItem) -> str:
        """“vpn-gw-2 runs on esx-3”, where the reader may see both."""
        if "relation" not in entry.data:
            return ""
        ends = [self.names["item"].get(entry.data.get(end), "") for end in ("source", "target")]
        if not all(ends):
            return _("with an item that you may not see")
        return " ".join([ends[0], str(self.relations.get(entry.data["relation"], entry.data["relation"])), ends[1]])

    def _attributes(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[tuple[Any, str, str]]:
        for key in sorted({*before, *after}):
            if before.get(key) != after.get(key):
                yield self.attributes.get(key, key), _plain(before.get(key)), _plain(after.get(key))

    def _word(self, column: str, value: Any) -> str:
        if value in (None, "", []):
            return "–"
        if column == "status":
            return str(dict(ItemStatus.choices).get(value, value))
        if column == "criticality":
            return str(dict(Criticality.choices).get(value, value))
        kind = "service" if column == "further_services" else column
        if kind in self.names:
            return ", ".join(self.names[kind].get(key, _("hidden")) for key in _keys(value))
        return str(value)


def _keys(value: Any) -> list[int]:
    if isinstance(value, list):
        return [each for each in value if isinstance(each, int)]
    return [value] if isinstance(value, int) else []


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "–" if value is None else str(value)
