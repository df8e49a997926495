"""A measure by two dimensions in the REST API."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.describing import IF_MATCH, describe
from common.api.fields import Answer, Choice, Nothing, Strict, Text
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.preconditions import seen_version
from common.api.views import ApiView, one_of
from common.time import now

from .. import filters, known
from ..api import ReadingsQuery
from ..dashboards.enums import By
from ..figures import Figure, fitting
from ..scope import FILTERS
from ..sharing_api import SharingBody, SharingShape, shared_with
from . import operations
from .counting import Cell, is_possible, table
from .enums import Across
from .models import Pivot

NAMED = {"name": Sort("name")}


class PivotQuery(ReadingsQuery):
    """Which days, down and across."""

    rows = serializers.ChoiceField(choices=By.choices, default=By.TEAM.value)
    columns = serializers.ChoiceField(choices=Across.choices, default=Across.MONTH.value)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["rows"] == attrs["columns"]:
            raise serializers.ValidationError({"columns": [_("Choose two different dimensions.")]})
        return super().validate(attrs)


class PivotLineShape(Answer):
    """One row. Null: nothing was counted there."""

    name = serializers.CharField()
    values = serializers.ListField(child=serializers.FloatField(allow_null=True))
    total = serializers.FloatField(allow_null=True)


class PivotShape(Answer):
    """A measure by two dimensions; totals are counted over everything, also over what is left out."""

    kpi = serializers.CharField()
    figure = serializers.ChoiceField(
        choices=Figure.choices, help_text="What is shown; a mean where nothing else can be."
    )
    columns = serializers.ListField(child=serializers.CharField())
    lines = PivotLineShape(many=True)
    totals = serializers.ListField(child=serializers.FloatField(allow_null=True))
    total = serializers.FloatField(allow_null=True)
    rows_left_out = serializers.IntegerField()
    columns_left_out = serializers.IntegerField()


class SavedKPITableShape(Answer):
    """A table that somebody saved. Its numbers: `GET /api/v1/kpis/{kpi}/table/`."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kpi = serializers.CharField()
    rows = serializers.ChoiceField(choices=By.choices)
    columns = serializers.ChoiceField(choices=Across.choices)
    query = serializers.CharField(allow_blank=True, help_text="Days and filters, as its address says them.")
    is_own = serializers.BooleanField(help_text="Whether the caller may change it.")
    shared_with = SharingShape(allow_null=True, help_text="Null for those who may not change it.")
    version = serializers.IntegerField()


class SavedKPITableBody(Strict):
    """A table to save."""

    name = Text(max_length=operations.LONGEST_NAME)
    kpi = Text(max_length=80)
    rows = Choice(choices=By.choices)
    columns = Choice(choices=Across.choices)
    query = Text(max_length=1000, required=False, allow_blank=True, help_text="Such as `range=90d&team=networks`.")


class SavedKPITableChangeBody(Strict):
    """What is left out stays."""

    name = Text(max_length=operations.LONGEST_NAME, required=False)
    kpi = Text(max_length=80, required=False)
    rows = Choice(choices=By.choices, required=False)
    columns = Choice(choices=Across.choices, required=False)
    query = Text(max_length=1000, required=False, allow_blank=True, help_text="Such as `range=90d&team=networks`.")
    with_whom = SharingBody(required=False, help_text="Who reads it; replaces who did.")


def saved(row: Pivot, caller: Any) -> dict[str, Any]:
    """The dictionary of a `SavedKPITableShape`."""
    same = ("id", "name", "kpi", "rows", "columns", "query", "version")
    return {name: getattr(row, name) for name in same} | {
        "is_own": row.owner_id == caller.pk, "shared_with": shared_with(row, caller)
    }  # fmt: skip


class SavedKPITables(ApiView):
    """Tables that the caller may read."""

    operations = {"GET": "dashboard.view", "POST": "dashboard.edit"}

    @describe("List saved tables of KPIs", gives=listing_of(SavedKPITableShape), parameters=[PageQuery])
    def get(self, request: Any) -> Any:
        query = PageQuery.of(request)
        rows = Pivot.objects.visible_to(request.user).prefetch_related("people", "teams", "organizations")
        found, following = page(
            rows, request=request, sorts=NAMED, sort="name", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([saved(row, request.user) for row in found], following))

    @describe(
        "Save a table of a KPI", takes=SavedKPITableBody, gives=SavedKPITableShape, status=201, problems=[409],
        examples=[("By team", {"name": "Ours", "kpi": "inc-volume", "rows": "team", "columns": "month"})],
    )  # fmt: skip
    def post(self, request: Any) -> Any:
        made = operations.create(by=request.user, at=now(), **SavedKPITableBody.read(request.data, by=request.user))
        location = f"/api/v1/kpi-tables/{made.pk}/"
        return self.answer(saved(made, request.user), status=201, version=made.version, location=location)


class OneSavedKPITable(ApiView):
    """One saved table."""

    operations = {"GET": "dashboard.view", "PATCH": "dashboard.edit", "DELETE": "dashboard.edit"}

    def found(self, request: Any, number: int) -> Pivot:
        found: Pivot = one_of(Pivot.objects.visible_to(request.user), number)
        return found

    @describe("Get a saved table of a KPI", gives=SavedKPITableShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        row = self.found(request, number)
        return self.answer(saved(row, request.user), version=row.version)

    @describe(
        "Change, rename or share a saved table", takes=SavedKPITableChangeBody, gives=SavedKPITableShape,
        problems=[404, 409, 412], parameters=[IF_MATCH],
    )  # fmt: skip
    def patch(self, request: Any, number: int) -> Any:
        row = self.found(request, number)
        said = SavedKPITableChangeBody.read(request.data, by=request.user)
        version = seen_version(request, is_required=False)
        changed = operations.change(table=row, by=request.user, at=now(), version=version, **said)
        return self.answer(saved(changed, request.user), version=changed.version)

    @describe("Remove a saved table", status=204, problems=[404])
    def delete(self, request: Any, number: int) -> Any:
        operations.remove(table=self.found(request, number), by=request.user, at=now())
        return self.answer(status=204)


class SavedKPITableReturn(ApiView):
    """Undoing the removal."""

    operations = {"POST": "dashboard.edit"}

    @describe("Take a removed table back", takes=Nothing, gives=SavedKPITableShape, problems=[404])
    def post(self, request: Any, number: int) -> Any:
        Nothing.read(request.data, by=request.user)
        found = one_of(Pivot.objects.owned_by(request.user), number)
        row = operations.take_back(table=found, by=request.user, at=now())
        return self.answer(saved(row, request.user), version=row.version)


class KPITables(ApiView):
    """A KPI by two dimensions."""

    operations = {"GET": "dashboard.view"}

    @describe(
        "Get a KPI by two dimensions", gives=PivotShape, problems=[404], parameters=[PivotQuery],
        description="At most 50 rows, the largest, and 24 columns. `grain` and `by` have no use here.",
    )  # fmt: skip
    def get(self, request: Any, name: str) -> Any:
        kpi = next((each for each in known.kpis() if each.id == name and is_possible(each)), None)
        if kpi is None:
            raise Http404
        query = PivotQuery.of(request)
        days = {"from": str(query["day_from"]), "to": str(query["day_to"] - timedelta(days=1))}
        asked = filters.read(days, request.user, at=now(), operation="dashboard.view")
        only = {each: query[each] for each in FILTERS if each in query}
        asked = replace(asked, scope=asked.scope.narrowed(**only))
        figure = fitting(kpi, query["figure"])
        found = table(kpi, asked, rows=query["rows"], columns=query["columns"], figure=figure)
        return self.answer(
            {
                "kpi": kpi.id,
                "figure": figure.value,
                "columns": found.columns,
                "lines": [
                    {
                        "name": line.label,
                        "values": [_number(each) for each in line.cells],
                        "total": _number(line.total),
                    }
                    for line in found.lines
                ],
                "totals": [_number(each) for each in found.totals],
                "total": _number(found.total),
                "rows_left_out": found.rows_left_out,
                "columns_left_out": found.columns_left_out,
            }
        )


def _number(cell: Cell) -> float | None:
    return None if cell.value is None else cell.value.number
