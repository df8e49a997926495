"""The acts on dashboards: make, copy, rename, share, arrange, remove and take back."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused
from common.texts import one_line
from people.access import require
from records.query import QueryProblem, parse

from .. import known, sharing
from ..figures import Figure, why_not
from ..filters import RANGES, chosen
from .enums import By, Kind
from .models import WIDEST, Dashboard, Tile

MOST_TILES = 24
MOST_OWN = 100
LONGEST_NAME = 120
KEPT_REMOVED = timedelta(days=30)


@transaction.atomic
def create(*, by: Any, at: datetime, name: str, copy_of: Dashboard | None = None, is_sample: bool = False) -> Dashboard:
    """
    Make a dashboard of one's own, empty or with the tiles of another. Nobody else sees it until it is shared.

    :param copy_of: one that the person may see. :raises NotAllowed: :raises Refused: no name, or very many already.
    """
    require(by, "dashboard.edit")
    if Dashboard.objects.filter(owner=by, removed_at=None).count() >= MOST_OWN:
        raise Refused.because("too_many", _("You have %(count)s dashboards. Remove one first.") % {"count": MOST_OWN})
    made = Dashboard.objects.create(
        name=_name(name), owner=by, changed_at=at, is_sample=is_sample, range=copy_of.range if copy_of else "30d"
    )
    if copy_of is not None:
        tiles = list(copy_of.tiles.filter(removed_at=None))
        for number, tile in enumerate(tiles):
            tile.pk, tile.dashboard, tile.position = None, made, number
        Tile.objects.bulk_create(tiles)
    _write_down("created", made, by=by, at=at, copy_of=copy_of.pk if copy_of else None)
    return made


@transaction.atomic
def change(
    *, dashboard: Dashboard, by: Any, at: datetime, version: int | None, name: str, range: str,
    with_whom: Mapping[str, Collection[Any]] | None = None,
) -> Dashboard:  # fmt: skip
    """
    Name it, say which days it shows at first, and who may read it.

    :param with_whom: as `sharing.share`; None leaves it.

    :raises NotAllowed: :raises Stale: :raises Refused:
    """
    locked = sharing.lock(dashboard, by=by, version=version)
    if range not in RANGES:
        raise Refused.because("unknown", _("Choose one of the ranges of days."), "range")
    locked.name, locked.range = _name(name), range
    if with_whom is not None:
        sharing.share(locked, by=by, with_whom=with_whom)
    sharing.touched(locked, at, "name", "range", "roles")
    _write_down("changed", locked, by=by, at=at, roles=locked.roles)
    return locked


@transaction.atomic
def remove(*, dashboard: Dashboard, by: Any, at: datetime) -> Dashboard:
    """Take it away; it can be taken back for 30 days."""
    locked, is_new = sharing.take_away(dashboard, by=by, at=at)
    if is_new:
        _write_down("removed", locked, by=by, at=at)
    return locked


@transaction.atomic
def take_back(*, dashboard: Dashboard, by: Any, at: datetime) -> Dashboard:
    """Undo `remove`."""
    locked, is_new = sharing.give_back(dashboard, by=by, at=at)
    if is_new:
        _write_down("taken_back", locked, by=by, at=at)
    return locked


@transaction.atomic
def add_tile(*, dashboard: Dashboard, by: Any, at: datetime, version: int | None = None, **said: Any) -> Tile:
    """
    Add a tile at the end. :param said: `kind`, `kpi`, `by_dimension`, `query`, `title`, `width`, `filters`,
        `figure`.

    :raises NotAllowed: :raises Stale: :raises Refused: at each field that does not fit.
    """
    locked = sharing.lock(dashboard, by=by, version=version)
    present = locked.tiles.filter(removed_at=None)
    if present.count() >= MOST_TILES:
        raise Refused.because(
            "too_many", _("A dashboard has %(count)s tiles at most. Make a second one.") % {"count": MOST_TILES}
        )
    latest = present.order_by("-position").values_list("position", flat=True).first()
    tile = Tile(dashboard=locked, position=0 if latest is None else latest + 1, **_fitting(**said))
    tile.save(force_insert=True)
    sharing.touched(locked, at)
    return tile


@transaction.atomic
def change_tile(*, tile: Tile, by: Any, at: datetime, version: int | None = None, **said: Any) -> Tile:
    """Change what a tile shows. :raises NotAllowed: :raises Stale: :raises Refused:"""
    locked = sharing.lock(tile.dashboard, by=by, version=version)
    for name, value in _fitting(**said).items():
        setattr(tile, name, value)
    tile.save()
    sharing.touched(locked, at)
    return tile


@transaction.atomic
def place_tile(
    *, tile: Tile, by: Any, at: datetime, to: int, width: int | None = None, version: int | None = None
) -> Tile:
    """
    Move a tile to a place in the order, the first being 0, and make it wider or narrower.

    :raises NotAllowed: :raises Stale: :raises Refused: the tile was removed meanwhile.
    """
    locked = sharing.lock(tile.dashboard, by=by, version=version)
    tiles = list(locked.tiles.filter(removed_at=None).select_for_update())
    here = next((each for each in tiles if each.pk == tile.pk), None)
    if here is None:
        raise Refused.because("removed", _("This tile was removed. Take it back first."))
    tiles.remove(here)
    tiles.insert(max(0, min(to, len(tiles))), here)
    for number, each in enumerate(tiles):
        each.position = number
    if width is not None:
        here.width = max(1, min(width, WIDEST))
    Tile.objects.bulk_update(tiles, ["position", "width"])
    sharing.touched(locked, at)
    return here


@transaction.atomic
def remove_tile(*, tile: Tile, by: Any, at: datetime, version: int | None = None) -> Tile:
    """Take a tile away; it can be taken back."""
    locked = sharing.lock(tile.dashboard, by=by, version=version)
    Tile.objects.filter(pk=tile.pk, removed_at=None).update(removed_at=at)
    sharing.touched(locked, at)
    return tile


@transaction.atomic
def take_tile_back(*, tile: Tile, by: Any, at: datetime) -> Tile:
    """Undo `remove_tile`; it stands where it was."""
    locked = sharing.lock(tile.dashboard, by=by, version=None)
    present = locked.tiles.filter(removed_at=None)
    if present.count() >= MOST_TILES:
        raise Refused.because(
            "too_many", _("A dashboard has %(count)s tiles at most. Make a second one.") % {"count": MOST_TILES}
        )
    if Tile.objects.filter(pk=tile.pk, removed_at__isnull=False).update(removed_at=None):
        present.exclude(pk=tile.pk).filter(position__gte=tile.position).update(position=F("position") + 1)
        sharing.touched(locked, at)
    return tile


def clear_up(*, at: datetime) -> int:
    """Forget what was removed 30 days ago. Returns how many rows went."""
    old = at - KEPT_REMOVED
    gone: int = Tile.objects.filter(removed_at__lt=old).delete()[0]
    count: int = Dashboard.objects.filter(removed_at__lt=old).delete()[0]
    return gone + count


def _name(name: str) -> str:
    said = one_line(name)
    if not said:
        raise Refused.because("required", _("Give it a name."), "name")
    if len(said) > LONGEST_NAME:
        raise Refused.because(
            "too_long", _("At most %(limit)d characters fit here. Shorten it.") % {"limit": LONGEST_NAME}, "name"
        )
    return said


def _fitting(
    *, kind: str, kpi: str = "", by_dimension: str = "", query: str = "", title: str = "", width: int = 1,
    figure: str = Figure.MEAN, filters: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What a tile is to show, without what its kind has no use for. :raises Refused:"""
    if kind not in Kind.values:
        raise Refused.because("unknown", _("Choose what the tile shows."), "kind")
    if not 1 <= width <= WIDEST:
        raise Refused.because("unfit", _("A tile is 1 to 3 columns wide."), "width")
    title, query = one_line(title), one_line(query)
    if len(title) > LONGEST_NAME:
        raise Refused.because(
            "too_long", _("At most %(limit)d characters fit here. Shorten it.") % {"limit": LONGEST_NAME}, "title"
        )
    found: dict[str, Any] = {"kind": kind, "kpi": "", "by": "", "query": "", "title": title, "width": width}
    found["figure"] = Figure.MEAN
    if kind == Kind.RECORDS:
        if len(query) > 500:
            raise Refused.because("too_long", _("At most 500 characters fit here. Shorten it."), "query")
        try:
            parse(query)
        except QueryProblem as problem:
            raise Refused.because("unfit", str(problem), "query") from None
        return found | {"query": query, "filters": {}}
    measure = next((each for each in known.kpis() if each.id == kpi), None)
    if measure is None:
        raise Refused.because("unknown", _("Choose a measure."), "kpi")
    if figure not in Figure.values:
        raise Refused.because("unknown", _("Choose mean, median or 90th percentile."), "figure")
    if why_not(measure, figure):
        raise Refused.because(
            "no_singles",
            _("“%(name)s” has no single values to sort. Choose the mean.") % {"name": measure.name},
            "figure",
        )
    if kind == Kind.SPLIT and by_dimension not in By.values:
        raise Refused.because("unknown", _("Choose what to split it by."), "by_dimension")
    split = by_dimension if kind == Kind.SPLIT else ""
    return found | {"kpi": kpi, "by": split, "filters": chosen(filters), "figure": figure}


def _write_down(act: str, dashboard: Dashboard, *, by: Any, at: datetime, **data: Any) -> None:
    log.record(
        f"dashboard.{act}", subject_kind="dashboard", subject_id=dashboard.pk, subject_label=dashboard.name, by=by,
        at=at, data={name: value for name, value in data.items() if value is not None},
    )  # fmt: skip
