"""A measure by two dimensions in the REST API."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer
from common.api.views import ApiView
from common.time import now

from .. import filters, known
from ..api import ReadingsQuery
from ..dashboards.enums import By
from ..scope import FILTERS
from .counting import Cell, is_possible, table
from .models import Across


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
    columns = serializers.ListField(child=serializers.CharField())
    lines = PivotLineShape(many=True)
    totals = serializers.ListField(child=serializers.FloatField(allow_null=True))
    total = serializers.FloatField(allow_null=True)
    rows_left_out = serializers.IntegerField()
    columns_left_out = serializers.IntegerField()


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
        found = table(kpi, asked, rows=query["rows"], columns=query["columns"])
        return self.answer(
            {
                "kpi": kpi.id,
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
