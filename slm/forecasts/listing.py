"""The forecasts of a question: which ones, how many misses they add up to, and pages of them."""

from dataclasses import dataclass
from math import ceil, floor, sqrt

from django.db.models import Count, F, Q, Sum

from common.numbers import number_in
from measurement.filters import Asked
from measurement.scope import FILTERS

from .models import Forecast, ForecastQuerySet

ROWS = 50
RELATED = ("clock", "record__team", "record__service")
# Four of five shifts end inside, as far as chances are right and misses don't come together.
SPREAD = 1.28


@dataclass(frozen=True)
class Expected:
    """How many clocks are due in this shift, and how many of them will probably be missed: from `low` to `high`."""

    due: int
    unknown: int
    expected: float
    low: int
    high: int

    @property
    def known(self) -> int:
        return self.due - self.unknown


def rows_of(asked: Asked) -> ForecastQuerySet:
    """What the question is about, as far as the person may see it; not ordered."""
    scope = asked.scope
    if scope.is_empty:
        return Forecast.objects.none()
    rows = Forecast.objects.visible_to(scope.viewer).standing()
    if scope.has_sample:
        rows = rows.filter(record__is_sample=scope.is_sample)
    for name, key in scope.filters.items():
        column = FILTERS[name]
        rows = rows.filter(**({f"record__{column}__isnull": True} if key == 0 else {f"record__{column}": key}))
    return rows


def sum_of(asked: Asked) -> Expected:
    """Add the chances up; one statement."""
    # All of them have a next level. Saying so lets the index of the sweep answer: the clocks themselves are not read.
    found = (
        rows_of(asked)
        .filter(clock__next_level_at__isnull=False)
        .aggregate(
            due=Count("pk"),
            unknown=Count("pk", filter=Q(chance=None)),
            expected=Sum("chance"),
            variance=Sum(F("chance") * (1 - F("chance"))),
        )
    )
    expected, known = found["expected"] or 0.0, found["due"] - found["unknown"]
    around = SPREAD * sqrt(max(0.0, found["variance"] or 0.0))
    return Expected(
        due=found["due"],
        unknown=found["unknown"],
        expected=expected,
        low=max(0, floor(expected - around + 0.5)),
        high=min(known, ceil(expected + around - 0.5)),
    )


def page_of(asked: Asked, *, before: str) -> tuple[list[Forecast], str]:
    """One page, the likeliest miss first, and the cursor of the next one."""
    rows = rows_of(asked)
    rank, key = _cursor(before)
    if rank is not None:
        rows = rows.filter(Q(rank__lte=rank) & (Q(rank__lt=rank) | Q(pk__lt=key)))
    found = list(rows.select_related(*RELATED).order_by("-rank", "-pk")[: ROWS + 1])
    last = found[ROWS - 1] if len(found) > ROWS else None
    return found[:ROWS], f"{last.rank!r}_{last.pk}" if last else ""


def _cursor(text: str) -> tuple[float | None, int]:
    """Rank and key of the latest row seen; nothing where the text is none of ours."""
    rank, _sep, typed = text.partition("_")
    key = number_in(typed)
    if key is None:
        return None, 0
    try:
        found = float(rank)
    except ValueError:
        return None, 0
    return (found if -1 <= found <= 1 else None), key
