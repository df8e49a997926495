"""What the API says about items and takes for them."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from changes.differences.due import due_date
from common.api.fields import Answer, Choice, Flag, Named, Row, Strict, Text, named
from common.api.filters import NameQuery, Query, Several
from records.api.references import organization, person, service, team
from services.impact import DEEPEST, Direction
from services.models import Criticality, ItemStatus, ItemType, RelationType
from services.queries import items_open_to, services_visible_to

from ..asking import LACKS

MOST_FURTHER = 50
MOST_ITEMS = 50_000
NEW_STATUSES = [each for each in ItemStatus.choices if each[0] != ItemStatus.RETIRED]


class ItemShape(Answer):
    """Something a service runs on."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField(allow_blank=True, help_text="Name of its type.")
    status = serializers.ChoiceField(choices=ItemStatus.choices)
    service = Named(allow_null=True)
    is_active = serializers.BooleanField(help_text="Planned or live.")


class OneItemShape(ItemShape):
    """An item with everything known about it."""

    type = Named(allow_null=True)
    further_services = Named(many=True)
    owner = Named(allow_null=True)
    team = Named(allow_null=True)
    supplier = Named(allow_null=True, help_text="Null also where you may not see the organization.")
    criticality = serializers.ChoiceField(choices=Criticality.choices)
    description = serializers.CharField(allow_blank=True)
    external_key = serializers.CharField(allow_blank=True)
    attributes = serializers.DictField(help_text="By key; which there are is said by the type.")
    verified_at = serializers.DateTimeField(allow_null=True, help_text="When it was compared with what is there.")
    verify_by = serializers.DateField(allow_null=True, help_text="Up to when it is to be verified again.")
    version = serializers.IntegerField()


class ItemQuery(NameQuery):
    """Filters add up."""

    service = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    type = serializers.CharField(required=False, max_length=80, help_text="Short name of the type.")
    status = Several(among=ItemStatus.values, help_text="planned, live, retired.")
    supplier = serializers.CharField(required=False, max_length=80, help_text="Short name of the organization.")
    key = serializers.CharField(required=False, max_length=200, help_text="Key in the other tool.")
    lacks = serializers.ChoiceField(
        choices=LACKS, required=False,
        help_text="owner; service: one of its own; way: to a service; details: that its type requires; verification: in"
        " time. Of items in use, unless `status` says otherwise.",
    )  # fmt: skip


def item_type(**options: Any) -> Row:
    """A type of items, by id or short name."""
    return Row(among=lambda by: ItemType.objects.filter(is_active=True), **options)


class Attributes(serializers.JSONField):
    """An object of texts, numbers and flags; what fits is said by the type."""

    default_error_messages = {"no_object": _("This must be an object."), "null": _("This can't be null.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            self.fail("no_object")
        return data


class ItemChange(Strict):
    """What is said about an item. Only the fields sent are written."""

    name = Text(max_length=200, required=False)
    type = item_type(required=False, allow_null=True, help_text="Id or short name.")
    service = service(required=False, allow_null=True, help_text="Id or short name.")
    further_services = serializers.ListField(
        child=Row(among=services_visible_to), required=False, max_length=MOST_FURTHER, help_text="Ids or short names."
    )
    owner = person(required=False, allow_null=True, help_text="Id or user name.")
    team = team(required=False, allow_null=True, help_text="Id or short name.")
    supplier = organization(required=False, allow_null=True, help_text="Id or short name of an organization.")
    criticality = Choice(choices=Criticality.choices, required=False)
    description = Text(max_length=5_000, required=False, allow_blank=True)
    external_key = Text(max_length=200, required=False, allow_blank=True)
    attributes = Attributes(required=False, help_text="All of them: those left out are removed.")


class NewItem(ItemChange):
    """A new item."""

    name = Text(max_length=200)
    status = Choice(choices=NEW_STATUSES, required=False)


class Retirement(Strict):
    """Why it goes."""

    reason = Text(max_length=2_000, required=False, allow_blank=True)
    confirm = Flag(required=False, help_text="Retire it although others need it.")


class RelationShape(Answer):
    """`source` <type> `target`."""

    id = serializers.IntegerField()
    type = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # a field of the answer, not of the field
    source = Named()  # type: ignore[assignment] # likewise
    target = Named()


class RelationList(Answer):
    """The first 1,000 relations of an item."""

    items = RelationShape(many=True)
    is_cut = serializers.BooleanField()


class NewRelation(Strict):
    """A relation from the item of the address to another one."""

    type = Row(among=lambda by: RelationType.objects.filter(is_active=True), help_text="Id or short name.")
    to = Row(among=items_open_to, by="name", help_text="Id or name of the other item.")


class ImpactQuery(Query):
    """Which way, and how far."""

    direction = serializers.ChoiceField(
        choices=Direction.choices,
        default=Direction.HIT.value,
        help_text="hit: who is hit if it fails. needs: what it needs.",
    )
    depth = serializers.IntegerField(min_value=1, max_value=DEEPEST, default=3, help_text="Steps.")


class HitItem(Answer):
    """An item that was found."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField(allow_blank=True)
    steps = serializers.IntegerField()


class HitService(Answer):
    """A service that was found."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    criticality = serializers.IntegerField()
    steps = serializers.IntegerField()


class HitOrganization(Answer):
    """An organization that uses one of the services."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    people = serializers.IntegerField()


class ImpactShape(Answer):
    """What a walk found, nearest first."""

    direction = serializers.ChoiceField(choices=Direction.choices)
    depth = serializers.IntegerField()
    is_cut = serializers.BooleanField(help_text="There are more; those found are the nearest.")
    hidden = serializers.IntegerField(help_text="Items and services that the caller may not see: counted only.")
    items = HitItem(many=True)
    services = HitService(many=True)
    organizations = HitOrganization(many=True)
    people = serializers.IntegerField()
    agreements = Named(many=True)
    open_tickets = serializers.IntegerField()
    open_changes = serializers.IntegerField()


class NewImport(Strict):
    """Items of another tool, as in a file: `key`, `name`, `type`, …, `attributes`, `relations`."""

    items = serializers.ListField(child=serializers.DictField(), min_length=1, max_length=MOST_ITEMS)
    name = Text(max_length=200, required=False, help_text="What the import is called in the list of imports.")


class Order(Strict):
    """How conflicts and problems are decided."""

    conflicts = Choice(choices=[("ours", "ours"), ("theirs", "theirs")], required=False)
    skips_problems = Flag(required=False, help_text="Leave out rows with problems.")


class DifferenceShape(Answer):
    """One value that differs."""

    field = serializers.CharField()
    ours = serializers.CharField()
    theirs = serializers.CharField()
    is_conflict = serializers.BooleanField()


class ImportRowShape(Answer):
    """A row that would add, change or conflict, or has a problem."""

    line = serializers.IntegerField()
    outcome = serializers.CharField()
    key = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    differences = DifferenceShape(many=True)
    problems = serializers.ListField(child=serializers.CharField())


class ImportShape(Answer):
    """An import, with the first 500 rows that need a look: problems, conflicts, changes."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    stage = serializers.CharField()
    rows = serializers.IntegerField()
    rows_done = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    notes = serializers.ListField(child=serializers.CharField())
    lines = ImportRowShape(many=True)


def item(row: Any) -> dict[str, Any]:
    """The dictionary of an `ItemShape`. :param row: read with its type and service."""
    return {
        "id": row.pk,
        "name": row.name,
        "kind": row.type.name if row.type else row.kind,
        "status": row.status,
        "service": named(row.service_id, row.service.name if row.service else None),
        "is_active": row.is_active,
    }


def one_item(row: Any, further: list[Any], supplier: Any, verified_at: datetime | None) -> dict[str, Any]:
    """
    The dictionary of a `OneItemShape`.

    :param further: the further services that the caller may see. :param supplier: likewise, if any.
    """
    return item(row) | {
        "type": named(row.type_id, row.type.name if row.type else None),
        "further_services": [named(each.pk, each.name) for each in further],
        "owner": named(row.owner_id, row.owner.name if row.owner else None),
        "team": named(row.team_id, row.team.name if row.team else None),
        "supplier": named(supplier.pk, supplier.name) if supplier else None,
        "criticality": row.criticality,
        "description": row.description,
        "external_key": row.external_key,
        "attributes": row.attributes,
        "verified_at": verified_at,
        "verify_by": due_date(row, seen_at=verified_at),
        "version": row.version,
    }


def relation(row: Any) -> dict[str, Any]:
    """The dictionary of a `RelationShape`."""
    return {
        "id": row.pk,
        "type": row.type.slug,
        "label": row.type.label,
        "source": named(row.source_id, row.source.name),
        "target": named(row.target_id, row.target.name),
    }
