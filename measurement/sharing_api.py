"""Who reads a dashboard or a table, in the REST API."""

from typing import Any

from rest_framework import serializers

from common.api.fields import Answer, Choice, Named, Row, Strict, named
from people.enums import Role

from . import sharing


class SharingShape(Answer):
    """Who reads it besides its owner. It shares the arrangement; each reader sees the numbers of their own rights."""

    people = Named(many=True)
    teams = Named(many=True)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    organizations = Named(many=True)


class SharingBody(Strict):
    """Who shall read it. What is left out is nobody."""

    people = serializers.ListField(
        child=Row(among=sharing.people_for, by="username"), required=False, max_length=sharing.MOST_PEOPLE
    )
    teams = serializers.ListField(child=Row(among=sharing.teams_for), required=False, max_length=100)
    roles = serializers.ListField(child=Choice(choices=Role.choices), required=False, max_length=20)
    organizations = serializers.ListField(child=Row(among=sharing.organizations_for), required=False, max_length=100)


def shared_with(row: Any, caller: Any) -> dict[str, Any] | None:
    """The dictionary of a `SharingShape`; None for those who do not own it."""
    if row.owner_id != caller.pk:
        return None
    lists = {name: [named(each.pk, str(each)) for each in getattr(row, name).all()] for name in
             ("people", "teams", "organizations")}  # fmt: skip
    return lists | {"roles": row.roles}
