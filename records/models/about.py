"""Rows about records, as far as a person may see those."""

from typing import Any, TypeVar

from django.db import models

from .record import Record

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


def of_visible(rows: Rows, user: Any) -> Rows:
    """
    Those rows whose `record` the person may see.

    Where that is every record none is asked for: looking each of them up would be most of the work of a list.
    """
    seen = Record.objects.visible_to(user)
    return rows.filter(record__in=seen) if seen.query.where else rows
