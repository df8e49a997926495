"""How the four cells of a service read in a report, each statement with what was measured of it."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from services.specifications import bounds
from services.specifications.enums import Cell

from ..specifications.measuring import AVAILABILITY
from . import sayings


def read(said: dict[str, Any], services: Iterable[dict[str, Any]], figure: Callable[[dict[str, Any]], Any]) -> Any:
    """
    One service with its cells in order, empty ones left out.

    :param services: the availability of the report, as it reads. :param figure: what makes a count open its rows.
    """
    known = bounds.every()
    uptime = next((each for each in services if each["slug"] == said["slug"]), None)
    found: dict[str, list[dict[str, Any]]] = {}
    for each in said["statements"]:
        number = bounds.in_words(known, each["bound"], Decimal(each["value"]) if each["value"] is not None else None)
        found.setdefault(each["cell"], []).append(
            {"text": each["text"], "said": number, **_measured(each, known.get(each["bound"]), uptime, figure)}
        )
    return {
        "name": said["name"],
        "version": said["version"],
        "cells": [{"label": str(cell.label), "statements": found[cell]} for cell in Cell if cell in found],
    }


def _measured(
    said: dict[str, Any],
    bound: bounds.Bound | None,
    uptime: dict[str, Any] | None,
    figure: Callable[[dict[str, Any]], Any],
) -> dict[str, Any]:
    """In words, with the figures behind it, and whether it holds where that can be said."""
    if said["bound"] == AVAILABILITY and uptime is not None:
        share = uptime["share"]
        held = None if share is None else share * 100 >= Fraction(said["value"])
        return {"measured": uptime["availability"], "parts": None, "is_held": held}
    if "measured" not in said:
        return {"measured": _("not measured") if said["bound"] else "", "parts": None, "is_held": None}
    hits, total = figure(said["hits"]), figure(said["measured"])
    if not total.count:
        return {"measured": _("nothing finished"), "parts": None, "is_held": None}
    share = Fraction(hits.count, total.count)
    if bound is None or bound.unit == bounds.MINUTES:
        return {"measured": _("%(share)s in time") % {"share": sayings.attained(share)}, "parts": (hits, total),
                "is_held": True if hits.count == total.count else None}  # fmt: skip
    worse = not bound.is_at_least
    held = share * 100 >= Fraction(said["value"]) if bound.is_at_least else share * 100 <= Fraction(said["value"])
    return {"measured": sayings.attained(share, is_less_better=worse), "parts": (hits, total), "is_held": held}
