"""Two dimensions of a measure against each other, added up from readings; totals are counted, never added."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import declarations, figures, periods, queries
from ..cells import fold, keys_in, unpack_all
from ..dashboards.enums import By
from ..declarations import KPI
from ..figures import Figure
from ..filters import Asked, Choice
from ..models import Grain
from ..scope import FILTERS, Scope
from ..spreads import spreads
from ..values import Value
from .enums import Across

MOST_ROWS, MOST_COLUMNS = 50, 24
MOST_ROWS_IN_FILES = 10_000
_KEYS = 1 << 31  # more than there are keys in a dimension; two of them fit into one number
_ALWAYS = date(1970, 1, 1)


def is_possible(kpi: KPI) -> bool:
    """Formulas that mix what stands with what happened are added up period by period only."""
    return kpi.formula is None or not kpi.has_standing


@dataclass(frozen=True)
class Cell:
    value: Value | None
    url: str = ""


@dataclass(frozen=True)
class Line:
    label: str
    cells: list[Cell]
    total: Cell


@dataclass(frozen=True)
class Table:
    """:ivar name: of the measure. :ivar rows_left_out: and `columns_left_out`: not shown, but within the totals."""

    name: str
    columns: list[str]
    lines: list[Line]
    totals: list[Cell]
    total: Cell
    rows_left_out: int
    columns_left_out: int

    @property
    def is_empty(self) -> bool:
        return not self.lines

    @property
    def head(self) -> list[str]:
        return [self.name, *self.columns, _("Total")]

    def texts(self) -> list[list[str]]:
        """The lines and their totals as people read them; a dash where nothing was counted."""
        lines = [[line.label, *map(_text, line.cells), _text(line.total)] for line in self.lines]
        return [*lines, [_("Total"), *map(_text, self.totals), _text(self.total)]]

    def numbers(self) -> Iterator[list[Any]]:
        """The lines and their totals for a file: names, then plain numbers; empty where nothing was counted."""
        for line in self.lines:
            yield [line.label, *map(_number, line.cells), _number(line.total)]
        yield [_("Total"), *map(_number, self.totals), _number(self.total)]


def _text(cell: Cell) -> str:
    return "–" if cell.value is None else cell.value.text


def _number(cell: Cell) -> Any:
    if cell.value is None or cell.value.number is None:
        return ""
    number = round(cell.value.number, 2)
    return int(number) if number == int(number) else number


def dimensions_in(query: Mapping[str, str]) -> tuple[str, str]:
    """What an address says goes down and across; the usual where it says nothing that fits."""
    rows = query["rows"] if query.get("rows") in By.values else By.TEAM.value
    columns = query["columns"] if query.get("columns") in Across.values else Across.MONTH.value
    return rows, Across.MONTH.value if rows == columns else columns


def table(
    kpi: KPI, asked: Asked, *, rows: str, columns: str, figure: str = Figure.MEAN, most_rows: int | None = None
) -> Table:
    """
    A measure by two dimensions, or by one and the time (`columns` is a grain); the largest first, times in order.

    At most `most_rows` rows (50) and 24 columns: of times the latest. :param figure: in each cell and each total, of a
        measure that has single values.
    """
    grain = columns if columns in Grain.values else Grain.MONTH
    down = _counted(queries.series(kpi, asked.span, asked.scope, grain=grain, by=rows))
    names = asked.choices.by_key(rows)
    said = _said(figure, kpi, asked, rows=rows, columns=columns)
    whole = queries.series(kpi, asked.span, asked.scope, grain=grain)[0]
    shown = down[: most_rows or MOST_ROWS]
    ways = _by_time if columns in Grain.values else _crossed
    heads, lines, totals, left_out = ways(kpi, asked, rows, columns, shown=shown, whole=whole, names=names, said=said)
    return Table(
        figures.named(kpi, figure), heads, lines, totals, Cell(said(whole.total), _url(kpi, asked)),
        len(down) - len(shown), left_out,
    )  # fmt: skip


class Said(Protocol):
    """The value of a cell as it is asked for; None in the place of a column or row: of all of them."""

    def __call__(self, value: Value | None, *, column: Any = None, row: Any = None) -> Value | None: ...


def _said(figure: str, kpi: KPI, asked: Asked, *, rows: str, columns: str) -> Said:
    if figure == Figure.MEAN:
        return lambda value, *, column=None, row=None: value
    grain = columns if columns in Grain.values else None
    dimensions = [rows] if grain else [columns, rows]
    found = spreads(kpi, asked.span, asked.scope, grain=grain, by=dimensions)

    def said(value: Value | None, *, column: Any = None, row: Any = None) -> Value | None:
        if value is None:
            return None
        return figures.quantile_of(value, found.get((column, row), figures.NOTHING), figure)

    return said


def _counted(series: Sequence[queries.Series]) -> list[queries.Series]:
    return [each for each in series if each.total.numerator or each.total.denominator]


def _by_time(
    kpi: KPI,
    asked: Asked,
    rows: str,
    grain: str,
    *,
    shown: Sequence[queries.Series],
    whole: queries.Series,
    names: dict[int, Choice],
    said: Said,
) -> tuple[list[str], list[Line], list[Cell], int]:
    latest = whole.points[-MOST_COLUMNS:]
    first = len(whole.points) - len(latest)

    def value_of(point: queries.Point, row: int | None) -> Value | None:
        return said(point.value, column=periods.period_of(point.span.day_from, grain), row=row)

    lines = [
        Line(
            _label(names, each.key),
            [
                Cell(value_of(point, each.key), _url(kpi, asked, span=point.span, **_only(names, rows, each.key)))
                for point in each.points[first:]
            ],
            Cell(said(each.total, row=each.key), _url(kpi, asked, **_only(names, rows, each.key))),
        )
        for each in shown
    ]
    totals = [Cell(value_of(point, None), _url(kpi, asked, span=point.span)) for point in latest]
    return [point.label for point in latest], lines, totals, first


def _crossed(
    kpi: KPI,
    asked: Asked,
    rows: str,
    columns: str,
    *,
    shown: Sequence[queries.Series],
    whole: queries.Series,
    names: dict[int, Choice],
    said: Said,
) -> tuple[list[str], list[Line], list[Cell], int]:
    across = _counted(queries.series(kpi, asked.span, asked.scope, grain=Grain.MONTH, by=columns))
    heads = asked.choices.by_key(columns)
    chosen = across[:MOST_COLUMNS]
    values = cross(kpi, asked.span, asked.scope, rows=rows, columns=columns)
    lines = []
    for each in shown:
        row = _only(names, rows, each.key)
        cells = [
            Cell(
                said(values.get((each.key, column.key)), column=column.key, row=each.key),
                _url(kpi, asked, **row, **_only(heads, columns, column.key)),
            )
            for column in chosen
        ]
        lines.append(
            Line(_label(names, each.key), cells, Cell(said(each.total, row=each.key), _url(kpi, asked, **row)))
        )
    totals = [
        Cell(said(column.total, column=column.key), _url(kpi, asked, **_only(heads, columns, column.key)))
        for column in chosen
    ]
    return [_label(heads, column.key) for column in chosen], lines, totals, len(across) - len(chosen)


def cross(kpi: KPI, span: periods.Range, scope: Scope, *, rows: str, columns: str) -> dict[tuple[int, int], Value]:
    """The measure by the keys of two dimensions; cells without anything counted are left out. One statement."""
    if scope.is_empty:
        return {}
    read = periods.Range(_ALWAYS, span.day_to) if kpi.is_stock else span
    kept = queries.readings_of(
        sorted(kpi.families), read, scope.cube_for(rows, columns), scope.is_sample, has_months=True
    )
    found: dict[tuple[int, int], dict[str, list[int]]] = {}
    for name in kpi.families:
        family = declarations.family(name)
        packed = [cells for _day, definition, cells in kept.get(name, []) if definition == family.definition]
        if not packed:
            continue
        _numbers, data = unpack_all(packed)
        places = data[0].astype(np.int64)
        keys = keys_in(places, FILTERS[rows]) * _KEYS + keys_in(places, FILTERS[columns])
        is_wanted = scope.covers(places)
        groups, sums = fold(keys[is_wanted], np.array([column[is_wanted] for column in data[1:]]))
        for group, amounts in zip(groups.tolist(), sums.T.tolist(), strict=True):
            found.setdefault((group // _KEYS, group % _KEYS), {})[name] = amounts
    values = {}
    for place, by_family in found.items():
        whole = {name: by_family.get(name) or [0] * len(declarations.family(name).amounts) for name in kpi.families}
        value = queries.pick(kpi, whole.items(), days=span.days)
        if value.numerator or value.denominator:
            values[place] = value
    return values


def _label(names: dict[int, Choice], key: int) -> str:
    return names[key].label if key in names else f"#{key}"


def _only(names: dict[int, Choice], dimension: str, key: int) -> dict[str, Any]:
    return {dimension: names[key].slug} if key in names else {dimension: "removed"}


def _url(kpi: KPI, asked: Asked, *, span: periods.Range | None = None, **changes: Any) -> str:
    plain: dict[str, Any] = {"kpi": None, "rows": None, "columns": None, figures.PARAMETER: None, **changes}
    query = asked.query_of_days(span, **plain) if span else asked.query(**plain)
    return f"{reverse('measurement:records', args=[kpi.id])}?{query}"
