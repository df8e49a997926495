"""Scores of improvements, from value, effort and risk and the weights of their scales."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..enums import Aspect
from ..models import Scale

HIGH_VALUE_FROM = 3
LOW_EFFORT_TO = 2


@dataclass(frozen=True)
class Scales:
    """The three scales as they stand."""

    rows: Mapping[str, Scale]

    def score(self, value: int | None, effort: int | None, risk: int | None) -> int | None:
        """0 to 100: much value, little effort and little risk are best. None before all three were said."""
        if value is None or effort is None or risk is None:
            return None
        good = {Aspect.VALUE: value - 1, Aspect.EFFORT: 5 - effort, Aspect.RISK: 5 - risk}
        weights = {name: scale.weight for name, scale in self.rows.items()}
        whole = sum(weights.values())
        return round(sum(weights[name] * good[Aspect(name)] for name in weights) * 25 / whole) if whole else 0

    def choices(self, aspect: str) -> list[tuple[int, str]]:
        """Level and its words, for fields."""
        return [(level, f"{level} · {text}") for level, text in enumerate(self.rows[aspect].texts, start=1)]


def scales() -> Scales:
    """One query."""
    return Scales({each.aspect: each for each in Scale.objects.order_by("pk")})


QUADRANTS = {
    "quick_win": _("quick wins"),
    "big_bet": _("big bets"),
    "fill_in": _("fill-ins"),
    "drop": _("leave out"),
}


def quadrant(value: int, effort: int) -> str:
    """Where the value-effort matrix places it."""
    if value >= HIGH_VALUE_FROM:
        return "quick_win" if effort <= LOW_EFFORT_TO else "big_bet"
    return "fill_in" if effort <= LOW_EFFORT_TO else "drop"


def matrix_of(improvements: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows of the matrix from much to little value; each cell holds what is scored so."""
    cells: dict[tuple[int, int], list[Any]] = {}
    for each in improvements:
        if each.is_scored:
            cells.setdefault((each.value, each.effort), []).append(each)
    return [
        {
            "value": value,
            "cells": [
                {
                    "effort": effort,
                    "quadrant": quadrant(value, effort),
                    "label": QUADRANTS[quadrant(value, effort)],
                    "items": cells.get((value, effort), []),
                }
                for effort in range(1, 6)
            ],
        }
        for value in range(5, 0, -1)
    ]
