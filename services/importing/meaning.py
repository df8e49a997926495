"""What the words of a row mean here: types, services, people, teams, looked up once for the whole file."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from people.models import Organization, Team, User

from .. import attributes
from ..models import Criticality, ItemStatus, ItemType, RelationType, Service, TypeAttribute

FIELDS = (
    "name", "type", "status", "service", "further_services", "owner", "team", "supplier", "criticality", "description",
)  # fmt: skip
LONGEST_NAME = 200


class Words:
    """Every word that a row may use, in any case, with the key of what it names."""

    def __init__(self) -> None:
        self.types = _by(ItemType.objects.filter(is_active=True), "slug", "name")
        self.services = _by(Service.objects.all(), "slug", "name")
        self.teams = _by(Team.objects.all(), "slug", "name")
        self.suppliers = _by(Organization.objects.filter(is_provider=False), "slug", "name")
        self.people = _by(
            User.objects.filter(organization__is_provider=True, is_active=True), "username", "email", "name"
        )
        self.relations = _by(RelationType.objects.filter(is_active=True), "slug", "label")
        self.statuses = {str(word).casefold(): value for value, label in ItemStatus.choices for word in (value, label)}
        self.criticalities = {
            str(word).casefold(): value for value, label in Criticality.choices for word in (value, label)
        }
        self.attributes: dict[int, dict[str, TypeAttribute]] = {}
        for each in TypeAttribute.objects.all():
            self.attributes.setdefault(each.type_id, {})[each.key] = each

    def known_attributes(self) -> set[str]:
        """Keys of attributes that some type has."""
        return {key for known in self.attributes.values() for key in known}

    def read(self, said: Mapping[str, str], problems: list[str]) -> dict[str, Any]:
        """
        The row in our terms: only the fields that it says something about.

        What can't be understood goes to `problems`. Attributes are left as texts: they mean something only together
        with the type, which may stand in the table and not in the row.
        """
        fields: dict[str, Any] = {}
        for column, words, label in (
            ("type", self.types, _("type")),
            ("status", self.statuses, _("status")),
            ("owner", self.people, _("person")),
            ("team", self.teams, _("team")),
            ("supplier", self.suppliers, _("supplier")),
            ("criticality", self.criticalities, _("criticality")),
        ):
            if column in said:
                fields[column] = self._one(said[column], words, label, problems)
        if "services" in said:
            keys = [self._one(word, self.services, _("service"), problems) for word in _parts(said["services"])]
            fields["service"] = keys[0] if keys else None
            fields["further_services"] = sorted({key for key in keys[1:] if key is not None} - {fields["service"]})
        if "name" in said:
            fields["name"] = said["name"]
            if len(said["name"]) > LONGEST_NAME:
                problems.append(_("The name has more than 200 characters."))
        if "description" in said:
            fields["description"] = said["description"]
        return fields

    def read_attributes(
        self, type_id: int | None, said: Mapping[str, str], before: Mapping[str, Any], problems: list[str]
    ) -> dict[str, Any]:
        """All values of an item of this type after the row, those it says nothing about kept."""
        known = self.attributes.get(type_id or 0, {})
        values = {key: value for key, value in before.items() if key in known}
        for column, text in said.items():
            if not column.startswith("."):
                continue
            attribute = known.get(column[1:])
            if attribute is None:
                if column[1:] in self.known_attributes():
                    problems.append(_("Items of its type have no “%(key)s”.") % {"key": column[1:]})
                continue
            try:
                values[attribute.key] = attributes.read(attribute, text)
            except attributes.Unfit as unfit:
                problems.append(str(unfit))
        problems += [
            _("“%(label)s” is missing.") % {"label": each.label}
            for each in known.values()
            if each.is_required and values.get(each.key) is None
        ]
        return {key: value for key, value in values.items() if value is not None}

    def _one(self, word: str, words: Mapping[str, Any], label: str, problems: list[str]) -> Any:
        found = words.get(word.casefold())
        if found is None:
            problems.append(_("There is no %(what)s “%(word)s”.") % {"what": label, "word": word[:60]})
        return found


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace("|", ";").split(";") if part.strip()]


def _by(rows: QuerySet[Any], *columns: str) -> dict[str, int]:
    """Key by each of the columns; where two rows share a word, the earlier column wins."""
    found: dict[str, int] = {}
    values: Iterable[Any] = list(rows.values_list("pk", *columns))
    for place in range(1, len(columns) + 1):
        for row in values:
            if row[place]:
                found.setdefault(str(row[place]).casefold(), row[0])
    return found


def plain_of(row: Model) -> dict[str, Any]:
    """An item's own fields in the terms of `read`, further services left out."""
    item: Any = row
    return {
        "name": item.name,
        "type": item.type_id,
        "status": item.status,
        "service": item.service_id,
        "owner": item.owner_id,
        "team": item.team_id,
        "supplier": item.supplier_id,
        "criticality": item.criticality,
        "description": item.description,
    }
