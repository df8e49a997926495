"""Dashboards in the REST API: what they hold and what their tiles show to the caller."""

from typing import Any

from rest_framework import serializers

from common.api.describing import IF_MATCH, describe
from common.api.fields import Answer, Choice, Integer, Nothing, Strict, Text
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.preconditions import seen_version
from common.api.views import ApiView, one_of
from common.time import now

from .. import filters
from ..api import MeasureFilters
from ..figures import Figure
from ..filters import RANGES
from ..sharing_api import SharingBody, SharingShape, shared_with
from . import operations
from .enums import By, Kind
from .models import WIDEST, Dashboard, Tile
from .showing import Board, Shown

NAMED = {"name": Sort("name")}


class TileShape(Answer):
    """A tile and what it shows to the caller. Null: nothing measured, or no number."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    title = serializers.CharField()
    kpi = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_blank=True)
    figure = serializers.ChoiceField(choices=Figure.choices)
    query = serializers.CharField(allow_blank=True)
    filters = serializers.DictField(child=serializers.CharField(), help_text="Of this tile only, by dimension.")
    width = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    text = serializers.CharField(allow_blank=True, help_text="The value as people read it; of lists the total.")
    url = serializers.CharField(help_text="Of the page that says more.")


class DashboardShape(Answer):
    """A dashboard."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    range = serializers.ChoiceField(choices=[(name, name) for name in RANGES])
    is_own = serializers.BooleanField(help_text="Whether the caller may change it.")
    comes_with_steward = serializers.BooleanField()
    changed_at = serializers.DateTimeField()


class DashboardWithTiles(DashboardShape):
    """A dashboard with its tiles in their order."""

    shared_with = SharingShape(allow_null=True, help_text="Null for those who may not change it.")

    tiles = TileShape(many=True)


class DashboardBody(Strict):
    """A new dashboard."""

    name = Text(max_length=operations.LONGEST_NAME)
    copy_of = Integer(required=False, help_text="Id of a dashboard whose tiles it begins with.")


class DashboardChangeBody(Strict):
    """What is left out stays."""

    name = Text(max_length=operations.LONGEST_NAME, required=False)
    range = Choice(choices=[(name, name) for name in RANGES], required=False)
    with_whom = SharingBody(required=False, help_text="Who reads it; replaces who did.")


class TileBody(Strict):
    """What a tile shows. Lists of tickets take a query, everything else a measure."""

    kind = Choice(choices=Kind.choices)
    kpi = Text(max_length=80, required=False)
    figure = Choice(choices=Figure.choices, required=False, help_text="Of durations; the mean when left out.")
    by_dimension = Choice(choices=By.choices, required=False, help_text="What a split is by.")
    query = Text(max_length=500, required=False, allow_blank=True, help_text="As in the queue.")
    title = Text(max_length=operations.LONGEST_NAME, required=False, allow_blank=True)
    width = Integer(min_value=1, max_value=WIDEST, required=False)
    filters = MeasureFilters(required=False, help_text="Only these; lists of tickets say theirs in the query.")


class PlaceBody(Strict):
    """Where a tile stands."""

    to = Integer(min_value=0, max_value=1000, help_text="Place in the order; 0 is the first.")
    width = Integer(min_value=1, max_value=WIDEST, required=False)


def dashboard(row: Dashboard, caller: Any) -> dict[str, Any]:
    """The dictionary of a `DashboardShape`."""
    return {
        "id": row.pk,
        "name": row.label,
        "range": row.range,
        "is_own": row.owner_id == caller.pk,
        "comes_with_steward": row.is_shipped,
        "changed_at": row.changed_at,
    }


def tile(shown: Shown) -> dict[str, Any]:
    """The dictionary of a `TileShape`."""
    row, value = shown.tile, None if shown.is_empty else shown.value
    return {
        "id": row.pk,
        "kind": row.kind,
        "title": shown.title,
        "kpi": row.kpi,
        "by": row.by,
        "figure": row.figure,
        "query": row.query,
        "filters": row.filters,
        "width": row.width,
        "value": value.number if value else None,
        "text": value.text if value else shown.total,
        "url": shown.url,
    }


class DashboardDoor(ApiView):
    """A door to dashboards."""

    def found(self, request: Any, number: int) -> Dashboard:
        found: Dashboard = one_of(Dashboard.objects.visible_to(request.user), number)
        return found

    def shown(self, request: Any, row: Dashboard, *, status: int = 200, location: str = "") -> Any:
        at = now()
        asked = filters.read({"range": row.range}, request.user, at=at, operation="dashboard.view")
        tiles = list(row.tiles.filter(removed_at=None))
        board = Board(row, tiles, asked, request.user, at)
        said = dashboard(row, request.user) | {
            "tiles": [tile(each) for each in board.shown()], "shared_with": shared_with(row, request.user),
        }  # fmt: skip
        return self.answer(said, version=row.version, status=status, location=location)


class Dashboards(DashboardDoor):
    """Dashboards that the caller may read."""

    operations = {"GET": "dashboard.view", "POST": "dashboard.edit"}

    @describe("List dashboards", gives=listing_of(DashboardShape), parameters=[PageQuery])
    def get(self, request: Any) -> Any:
        query = PageQuery.of(request)
        found, following = page(
            Dashboard.objects.visible_to(request.user), request=request, sorts=NAMED, sort="name",
            cursor=query["cursor"], limit=query["limit"],
        )  # fmt: skip
        return self.answer(listing([dashboard(row, request.user) for row in found], following))

    @describe(
        "Make a dashboard", takes=DashboardBody, gives=DashboardWithTiles, status=201, problems=[404, 409],
        examples=[("Empty", {"name": "Networks this week"})],
    )  # fmt: skip
    def post(self, request: Any) -> Any:
        said = DashboardBody.read(request.data, by=request.user)
        source = said.get("copy_of")
        copied = None if source is None else self.found(request, source)
        made = operations.create(by=request.user, at=now(), name=said["name"], copy_of=copied)
        return self.shown(request, made, status=201, location=f"/api/v1/dashboards/{made.pk}/")


class OneDashboard(DashboardDoor):
    """One dashboard."""

    operations = {"GET": "dashboard.view", "PATCH": "dashboard.edit", "DELETE": "dashboard.edit"}

    @describe("Get a dashboard with what its tiles show to you", gives=DashboardWithTiles, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(request, self.found(request, number))

    @describe(
        "Change a dashboard", takes=DashboardChangeBody, gives=DashboardWithTiles, problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )  # fmt: skip
    def patch(self, request: Any, number: int) -> Any:
        found = self.found(request, number)
        said = {"name": found.name, "range": found.range} | DashboardChangeBody.read(request.data, by=request.user)
        changed = operations.change(
            dashboard=found, by=request.user, at=now(), version=seen_version(request, is_required=False), **said
        )
        return self.shown(request, changed)

    @describe("Remove a dashboard", status=204, problems=[404])
    def delete(self, request: Any, number: int) -> Any:
        operations.remove(dashboard=self.found(request, number), by=request.user, at=now())
        return self.answer(status=204)


class DashboardReturn(DashboardDoor):
    """Undoing the removal."""

    operations = {"POST": "dashboard.edit"}

    @describe("Take a removed dashboard back", takes=Nothing, gives=DashboardWithTiles, problems=[404])
    def post(self, request: Any, number: int) -> Any:
        Nothing.read(request.data, by=request.user)
        found = one_of(Dashboard.objects.owned_by(request.user), number)
        return self.shown(request, operations.take_back(dashboard=found, by=request.user, at=now()))


class DashboardTiles(DashboardDoor):
    """The tiles of a dashboard."""

    operations = {"POST": "dashboard.edit"}

    @describe(
        "Add a tile to a dashboard", takes=TileBody, gives=DashboardWithTiles, status=201, problems=[404, 409],
        examples=[("A trend", {"kind": "trend", "kpi": "inc-volume", "width": 2})],
    )  # fmt: skip
    def post(self, request: Any, number: int) -> Any:
        found = self.found(request, number)
        operations.add_tile(dashboard=found, by=request.user, at=now(), **TileBody.read(request.data, by=request.user))
        found.refresh_from_db()
        return self.shown(request, found, status=201, location=f"/api/v1/dashboards/{found.pk}/")


class OneTile(DashboardDoor):
    """One tile."""

    operations = {"PUT": "dashboard.edit", "PATCH": "dashboard.edit", "DELETE": "dashboard.edit"}

    def one(self, request: Any, number: int) -> Tile:
        seen = Dashboard.objects.visible_to(request.user)
        found: Tile = one_of(
            Tile.objects.filter(dashboard__in=seen, removed_at=None).select_related("dashboard"), number
        )
        return found

    @describe(
        "Change what a tile shows", takes=TileBody, gives=DashboardWithTiles, problems=[404, 409, 412],
        parameters=[IF_MATCH], description="The version is that of the dashboard.",
    )  # fmt: skip
    def put(self, request: Any, number: int) -> Any:
        found = self.one(request, number)
        said = TileBody.read(request.data, by=request.user)
        version = seen_version(request, is_required=False)
        operations.change_tile(tile=found, by=request.user, at=now(), version=version, **said)
        found.dashboard.refresh_from_db()
        return self.shown(request, found.dashboard)

    @describe("Move a tile", takes=PlaceBody, gives=DashboardWithTiles, problems=[404, 409])
    def patch(self, request: Any, number: int) -> Any:
        found = self.one(request, number)
        operations.place_tile(tile=found, by=request.user, at=now(), **PlaceBody.read(request.data, by=request.user))
        found.dashboard.refresh_from_db()
        return self.shown(request, found.dashboard)

    @describe("Remove a tile", status=204, problems=[404])
    def delete(self, request: Any, number: int) -> Any:
        operations.remove_tile(tile=self.one(request, number), by=request.user, at=now())
        return self.answer(status=204)


class TileReturn(DashboardDoor):
    """Undoing the removal of a tile."""

    operations = {"POST": "dashboard.edit"}

    @describe("Take a removed tile back", takes=Nothing, gives=DashboardWithTiles, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        Nothing.read(request.data, by=request.user)
        own = Dashboard.objects.owned_by(request.user).filter(removed_at=None)
        found = one_of(Tile.objects.filter(dashboard__in=own).select_related("dashboard"), number)
        operations.take_tile_back(tile=found, by=request.user, at=now())
        found.dashboard.refresh_from_db()
        return self.shown(request, found.dashboard)
