"""Addresses of the page of one kind of record. Acts are nouns below it; the last line takes the noun of any move."""

from typing import Any

from django.urls import URLPattern, path

from . import converters  # noqa: F401 - registers <reference:…>
from .views import fields
from .views.moves import MoveDoor
from .views.page import News


def addresses(slug: str, page: Any, *, own: list[URLPattern] | None = None) -> list[URLPattern]:
    """
    :param page: the kind's `RecordPage`. :param own: what the practice adds below its records, before the nouns.
    """
    base = f"{slug}/<reference:number>/"
    return [
        path(base, page.as_view(), name=page.kind),
        path(f"{base}news/", News.as_view(page=page), name="news"),
        path(f"{base}fields/<slug:name>/", fields.Field.as_view(page=page), name="field"),
        path(f"{base}priority/", fields.Priority.as_view(page=page), name="priority"),
        path(f"{base}edits/<int:key>/undo/", fields.Undo.as_view(page=page), name="undo"),
        *(own or []),
        path(f"{base}<slug:noun>/", MoveDoor.as_view(model=page.model()), name="move"),
    ]
