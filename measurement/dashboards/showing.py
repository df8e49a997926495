"""
What the tiles of a dashboard show to one viewer. Numbers are those of the viewer's rights, whoever made the dashboard.

Tiles with the same filters are read together: the cost follows the different questions, not the tiles.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from records.query import Clock, Scene
from records.queue.columns import chosen
from records.queue.state import QueueState

from .. import figures, known, periods, queries
from ..declarations import KPI, Direction, Unit
from ..explorer.control import control_of
from ..figures import Figure
from ..filters import NONE, UNKNOWN, Asked, Choice, read
from ..models import Grain
from ..pages.base import grain_for
from ..pages.one import UNITS, rounded
from ..values import Value, write, write_change
from .enums import Kind
from .models import Dashboard, Tile

LISTED = 6
BARS = 6
IN_QUEUE = {"service": "service", "team": "team", "priority": "prio", "organization": "org"}
# Tiles with more single values than this come after the page.
SINGLES_AT_ONCE = 200_000


@dataclass
class Shown:
    """
    One tile, ready to be written. :ivar problem: why it shows nothing, in words; then nothing else is set.
    :ivar late_url: shows it alone; set where so many single values are to be sorted that it comes after the page.
    """

    tile: Tile
    title: str
    url: str = ""
    problem: str = ""
    late_url: str = ""
    value: Value | None = None
    is_empty: bool = False
    change: str = ""
    tone: str = ""
    target: str = ""
    shape: list[float | None] = field(default_factory=list)
    chart: dict[str, Any] = field(default_factory=dict)
    head: list[str] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    bars: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    records: list[Any] = field(default_factory=list)
    total: str = ""

    @property
    def chart_id(self) -> str:
        return f"tile-{self.tile.pk}"


@dataclass
class Board:
    """
    A dashboard before one pair of eyes, over the days of `asked`.

    :ivar is_patient: sort any number of single values; else tiles of very many come after the page.
    """

    dashboard: Dashboard
    tiles: Sequence[Tile]
    asked: Asked
    viewer: Any
    at: datetime
    is_patient: bool = True

    def shown(self) -> list[Shown]:
        """The tiles in their order."""
        groups: dict[tuple[tuple[str, str], ...], list[Tile]] = {}
        for tile in self.tiles:
            if tile.kind not in (Kind.RECORDS, Kind.SPLIT) and self._kpi(tile) is not None:
                groups.setdefault(_key(tile), []).append(tile)
        found = dict(pair for key, tiles in groups.items() for pair in self._measured(dict(key), tiles))
        return [found.get(tile.pk) or self._other(tile) for tile in self.tiles]

    @cached_property
    def _kpis(self) -> dict[str, KPI]:
        return {each.id: each for each in known.kpis()}

    def _kpi(self, tile: Tile) -> KPI | None:
        return self._kpis.get(tile.kpi)

    @property
    def grain(self) -> Grain:
        return grain_for(self.asked.span)

    def _asked(self, filters: dict[str, str]) -> Asked:
        if not filters:
            return self.asked
        asked = read({**self.asked.parameters, **filters}, self.viewer, at=self.at, operation="dashboard.view")
        # What the page and the tile narrow differently is nothing: neither may widen the other.
        both = self.asked.scope.filters.items() & asked.scope.filters.items()
        clashing = {name: UNKNOWN for name, key in self.asked.scope.filters.items() if (name, key) not in both}
        return replace(asked, scope=asked.scope.narrowed(**clashing))

    def _measured(self, filters: dict[str, str], tiles: Sequence[Tile]) -> Iterator[tuple[int, Shown]]:
        """Tiles of one question, with six statements in all, and one or two for each measure not shown as its mean."""
        asked = self._asked(filters)
        kpis = list({kpi.id: kpi for tile in tiles if (kpi := self._kpi(tile))}.values())
        now = queries.series_of(kpis, asked.span, asked.scope, grain=self.grain)
        earlier = [kpi for kpi in kpis if any(tile.kpi == kpi.id and tile.kind == Kind.NUMBER for tile in tiles)]
        before = queries.series_of(earlier, asked.span.before, asked.scope, grain=Grain.MONTH) if earlier else {}
        sorter = figures.Sorter(asked.scope)
        for tile in tiles:
            kpi = self._kpis[tile.kpi]
            shown = self._begun(tile, kpi, asked, **({"chart": "control"} if tile.kind == Kind.CONTROL else {}))
            # A tile that has nothing to show, or shows it later, is told of all the same.
            yield tile.pk, shown
            if shown.problem or self._is_late(shown, now[kpi.id]):
                continue
            series = sorter.shown_as(tile.figure, kpi, now[kpi.id], asked.span, grain=self.grain)[0]
            shown.value = series.total
            shown.is_empty = all(point.value is None for point in series.points)
            if tile.kind == Kind.NUMBER:
                past = sorter.shown_as(tile.figure, kpi, before[kpi.id], asked.span.before, grain=Grain.MONTH)[0]
                self._number(shown, kpi, series, past)
            elif tile.kind == Kind.TREND:
                self._trend(shown, kpi, series, asked)
            else:
                self._control(shown, kpi, series, asked)

    def _begun(self, tile: Tile, kpi: KPI, asked: Asked, **more: str) -> Shown:
        is_mean = tile.figure == Figure.MEAN
        if not is_mean:
            more[figures.PARAMETER] = tile.figure
        address = f"{reverse('measurement:kpi', args=[kpi.id])}?{asked.query(**more)}"
        said, name = ", ".join(chip["label"] for chip in asked.chips), figures.named(kpi, tile.figure)
        title = tile.title or (f"{name} ({said})" if said else name)
        shown = Shown(tile, title, address, problem=figures.why_not(kpi, tile.figure))
        if kpi.target is not None and is_mean:
            shown.target = write(kpi.target, kpi.unit)
        return shown

    def _is_late(self, shown: Shown, found: Sequence[queries.Series]) -> bool:
        """Whether its single values are too many to be sorted while somebody waits for the page."""
        count = sum(each.total.denominator or 0 for each in found)
        if not self.is_patient and shown.tile.figure != Figure.MEAN and count > SINGLES_AT_ONCE:
            shown.late_url = f"?{self.asked.query(tile=shown.tile.pk)}"
        return bool(shown.late_url)

    def _number(self, shown: Shown, kpi: KPI, series: queries.Series, before: queries.Series) -> None:
        shown.shape = [None if point.value is None else point.value.number for point in series.points]
        if any(point.value is not None for point in before.points):
            shown.change = write_change(series.total.change_from(before.total), kpi.unit)
            is_better = series.total.is_better_than(before.total)
            shown.tone = "" if is_better is None else "ok" if is_better else "bad"

    def _trend(self, shown: Shown, kpi: KPI, series: queries.Series, asked: Asked) -> None:
        points = series.points
        shown.chart = {
            "kind": "bar" if kpi.unit == Unit.COUNT and not kpi.is_stock else "line",
            "unit": UNITS.get(kpi.unit, ""),
            "labels": [point.label for point in points],
            "series": [
                {
                    "label": figures.named(kpi, shown.tile.figure),
                    "values": [rounded(point.value) for point in points],
                    "links": [_records_url(kpi, asked, point) for point in points],
                }
            ],
        }
        if kpi.direction == Direction.LOWER or kpi.unit != Unit.PERCENT:
            shown.chart["min"] = 0
        if shown.target:
            shown.chart["target"] = {"label": _("Target"), "value": kpi.target}
        shown.head = [_("From"), figures.named(kpi, shown.tile.figure)]
        shown.rows = [
            [point.span.day_from.isoformat(), _("no data") if point.value is None else point.value.text]
            for point in points
        ]

    def _control(self, shown: Shown, kpi: KPI, series: queries.Series, asked: Asked) -> None:
        control = control_of(kpi, series.points, today=periods.today(self.at))
        lines: list[tuple[str, list[float | None], dict[str, Any]]] = [
            (figures.named(kpi, shown.tile.figure), control.values, {"marked": control.marked})
        ]
        if control.chart.has_limits:
            lines += [
                (_("Upper limit"), control.highs, {"role": "limit"}),
                (_("Mean"), control.centers, {"role": "center"}),
                (_("Lower limit"), control.lows, {"role": "limit"}),
            ]
        shown.chart = {
            "kind": "line",
            "unit": UNITS.get(kpi.unit, ""),
            "labels": [point.label for point in control.periods],
            "series": [
                {"label": label, "values": [None if each is None else round(each, 2) for each in values], **more}
                for label, values, more in lines
            ],
        }
        shown.chart["series"][0]["links"] = [_records_url(kpi, asked, point) for point in control.periods]
        shown.head = [_("From"), *(label for label, _values, _more in lines)]
        shown.rows = [
            [point.span.day_from.isoformat(), *(write(values[at], kpi.unit) for _label, values, _more in lines)]
            for at, point in enumerate(control.periods)
        ]
        shown.notes = [each["text"] for each in control.sentences[:2]] or control.notes[1:2]

    def _other(self, tile: Tile) -> Shown:
        if tile.kind == Kind.RECORDS:
            return self._records(tile)
        kpi = self._kpi(tile)
        if kpi is None:
            return Shown(tile, tile.title or tile.kpi, problem=_("This measure is no longer counted. Remove the tile."))
        return self._split(tile, kpi)

    def _split(self, tile: Tile, kpi: KPI) -> Shown:
        asked = self._asked(tile.filters)
        shown = self._begun(tile, kpi, asked, by=tile.by)
        known = asked.choices.by_key(tile.by)
        counted = queries.series(kpi, asked.span, asked.scope, grain=Grain.MONTH, by=tile.by)
        if shown.problem or self._is_late(shown, counted):
            return shown
        sorter = figures.Sorter(asked.scope)
        found = sorter.shown_as(tile.figure, kpi, counted, asked.span, grain=Grain.MONTH, by=tile.by)
        groups = [each for each in found if each.total.numerator or each.total.denominator]
        most = max((each.total.number or 0 for each in groups), default=0)
        for each in groups[:BARS]:
            choice = known.get(each.key, Choice(each.key, NONE, _("removed")))
            number = each.total.number or 0
            shown.bars.append(
                {
                    "label": choice.label,
                    "number": each.total.text,
                    "percent": round(100 * max(number, 0) / most) if most > 0 else 0,
                    "url": f"{reverse('measurement:records', args=[kpi.id])}?{asked.query(**{tile.by: choice.slug})}",
                }
            )
        shown.is_empty = not groups
        if len(groups) > BARS:
            shown.notes = [_("%(count)s more stand on the page of the measure.") % {"count": len(groups) - BARS}]
        return shown

    def _narrowed(self) -> Iterator[str]:
        """The filters of the page, as the queue says them."""
        for name, key in self.asked.scope.filters.items():
            choice = self.asked.choices.by_key(name).get(key)
            if choice is not None:
                yield f"{IN_QUEUE[name]}:{choice.slug}"

    def _records(self, tile: Tile) -> Shown:
        scene = Scene(self.viewer, Clock(self.at, timezone.get_current_timezone()))
        # First what the page is narrowed to: nothing that the tile says can take it away.
        text = " ".join([*self._narrowed(), tile.query]).strip()
        state = QueueState(
            scene=scene, path="", view=None, text=text, good="", sort="", columns=chosen([]), grouping=""
        )
        url = f"{reverse('records:queue')}?{urlencode({'q': text})}"
        title = _(tile.title) if tile.title and self.dashboard.is_shipped else tile.title
        shown = Shown(tile, title or tile.query or _("All tickets"), url)
        if UNKNOWN in self.asked.scope.filters.values():
            shown.total, shown.is_empty = "0", True
            return shown
        if state.problem is not None:
            shown.problem = str(state.problem)
            return shown
        rows = state.order.apply(state.records).select_related("service", "team")
        shown.records = list(rows[:LISTED])
        total = state.figures["total"]
        shown.total = f"{total:,}" if total <= 1000 else "1,000+"
        shown.is_empty = not shown.records
        return shown


def _key(tile: Tile) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(tile.filters.items()))


def _records_url(kpi: KPI, asked: Asked, point: queries.Point) -> str:
    return f"{reverse('measurement:records', args=[kpi.id])}?{asked.query_of_days(point.span)}"
