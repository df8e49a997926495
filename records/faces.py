"""
The people, teams and services that a page names, read with one statement for all of them.

Joining whole rows of ten tables to a record costs more than the rest of its page; a page shows little more of them
than their names. What is not read here is looked up when somebody asks for it.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, models

from people.models import Organization, Team, User
from services.models import ConfigurationItem, Service

from .models import Category

Faces = dict[tuple[type[models.Model], int], Any]

SHOWN: dict[type[models.Model], tuple[str, ...]] = {
    User: ("id", "name", "username", "email", "phone", "job_title", "location", "is_vip", "is_active"),
    Organization: ("id", "name"),
    Team: ("id", "name"),
    Service: ("id", "name", "slug"),
    ConfigurationItem: ("id", "name"),
    Category: ("id", "name", "parent_id"),
}
_WITH_PARENTS = "id = ANY(%s) OR id IN (SELECT parent_id FROM records_category WHERE id = ANY(%s))"


def fill(rows: Iterable[models.Model], *, also: Mapping[type[models.Model], set[int]] | None = None) -> Faces:
    """
    Give the rows what they point at, of the tables in `SHOWN`, with what pages show of it.

    :param also: further keys to read. :returns: everything that was read, by table and key.
    """
    rows = list(rows)
    wanted: dict[type[models.Model], set[int]] = {model: set(keys) for model, keys in (also or {}).items()}
    for row in rows:
        for field in _pointing(type(row)):
            key = getattr(row, field.attname)
            if key is not None:
                wanted.setdefault(field.related_model, set()).add(key)
    found = _read(wanted)
    for row in rows:
        for field in _pointing(type(row)):
            face = found.get((field.related_model, getattr(row, field.attname)))
            if face is not None:
                field.set_cached_value(row, face)
    return found


_POINTING: dict[type[models.Model], list[Any]] = {}


def _pointing(model: type[models.Model]) -> list[Any]:
    if model not in _POINTING:
        fields: list[Any] = [field for field in model._meta.concrete_fields if field.is_relation]
        _POINTING[model] = [field for field in fields if field.related_model in SHOWN]
    return _POINTING[model]


def _columns(model: type[models.Model]) -> list[str]:
    """The columns shown, in the order of the table's fields, in which Django hands the values out."""
    return [field.attname for field in model._meta.concrete_fields if field.attname in SHOWN[model]]


def _read(wanted: Mapping[type[models.Model], set[int]]) -> Faces:
    asked = [(model, sorted(keys)) for model, keys in wanted.items() if keys]
    if not asked:
        return {}
    parts, values = [], []
    for index, (model, keys) in enumerate(asked):
        columns = ", ".join(_columns(model))
        condition = _WITH_PARENTS if model is Category else "id = ANY(%s)"
        parts.append(
            f"SELECT {index}, json_build_array({columns}) FROM {model._meta.db_table} WHERE {condition}"  # noqa: S608 - names of our own tables
        )
        values += [keys] * condition.count("%s")
    found: Faces = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        for index, row in cursor.fetchall():
            model = asked[index][0]
            plain = json.loads(row) if isinstance(row, str) else row
            found[model, plain[0]] = model.from_db(connection.alias, _columns(model), plain)
    for (model, _key), face in found.items():
        if model is Category and (Category, face.parent_id) in found:
            face.parent = found[Category, face.parent_id]
    return found
