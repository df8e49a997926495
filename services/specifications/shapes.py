"""How what is in force looks over REST."""

from typing import Any

from rest_framework import serializers

from common.api.fields import Answer, Named, named

from .enums import Call, Cell
from .models import Specification, Statement


class StatementShape(Answer):
    """One sentence in a cell."""

    key = serializers.IntegerField(help_text="Stays from version to version.")
    cell = serializers.ChoiceField(choices=Cell.values)
    text = serializers.CharField()
    offering = Named(allow_null=True, help_text="Whose customers it is for; null for all.")
    bound = serializers.CharField(allow_blank=True, help_text="What measures it, such as clock:response:1.")
    value = serializers.DecimalField(max_digits=12, decimal_places=3, allow_null=True)
    also = serializers.CharField(allow_blank=True, help_text="Other words for it; for the provider's people.")
    call = serializers.ChoiceField(choices=[*Call.values, ""], help_text="Empty: what its cell says.")


class SpecificationShape(Answer):
    """What is in force of a service: its statements in the order of the four cells."""

    number = serializers.IntegerField()
    valid_from = serializers.DateField(allow_null=True)
    statements = StatementShape(many=True)


def statement(row: Statement, *, is_inside: bool) -> dict[str, Any]:
    """The dictionary of a `StatementShape`. :param row: with its offering. :param is_inside: whether we read it."""
    offering = row.offering
    return {
        "key": row.key,
        "cell": row.cell,
        "text": row.text,
        "offering": named(offering.pk, offering.name) if offering else None,
        "bound": row.bound,
        "value": None if row.value is None else f"{row.value.normalize():f}",
        "also": row.also if is_inside else "",
        "call": row.call,
    }


def specification(row: Specification, *, is_inside: bool) -> dict[str, Any]:
    """The dictionary of a `SpecificationShape`. :param row: with the statements that the reader may see."""
    return {
        "number": row.number,
        "valid_from": row.valid_from,
        "statements": [statement(each, is_inside=is_inside) for each in row.statements.all()],
    }
