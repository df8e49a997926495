"""Rows that a body may name, each looked up among those that the caller may see."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.fields import LARGEST_KEY, Row
from common.refs import parse_reference
from people.queries import organizations_visible_to, people_visible_to, teams_visible_to
from services.queries import items_visible_to, services_visible_to

from ..models import Category, Record


def person(**options: Any) -> Row:
    """A person, by id or user name."""
    return Row(among=lambda by: people_visible_to(by).select_related("organization"), by="username", **options)


def team(**options: Any) -> Row:
    """A team, by id or short name."""
    return Row(among=teams_visible_to, **options)


def organization(**options: Any) -> Row:
    """An organization, by id or short name."""
    return Row(among=organizations_visible_to, **options)


def service(**options: Any) -> Row:
    """A service, by id or short name."""
    return Row(among=services_visible_to, **options)


def item(**options: Any) -> Row:
    """A configuration item, by id or name."""
    return Row(among=items_visible_to, by="name", **options)


def category(**options: Any) -> Row:
    """A category, by id or name."""
    return Row(among=lambda by: Category.objects.filter(is_active=True), by="name", **options)


class RecordRow(serializers.Field):
    """A record, by reference (`"INC-1042"`) or number (`1042`)."""

    default_error_messages = {
        "required": _("This is missing. Send it."),
        "null": _("This can't be null. Leave it out or give a value."),
        "invalid": _("Name the record by its reference, for example INC-1042, or its number."),
        "unknown": _("There is no record “{name}” that you may see."),
    }

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int | str):
            self.fail("invalid")
        number = data if isinstance(data, int) else parse_reference(data[:40])
        if number is None:
            self.fail("invalid")
        found = None
        if 0 < number <= LARGEST_KEY:
            found = Record.objects.visible_to(self.context["by"]).filter(pk=number).first()
        if found is None:
            self.fail("unknown", name=str(data)[:40])
        return found.specific

    def to_representation(self, value: Any) -> Any:
        return value.pk
