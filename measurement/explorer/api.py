"""The explorer in the REST API: control charts, and files made in the background."""

from typing import Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Choice, Nothing, Strict, Text
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.views import ApiView, one_of
from common.time import now

from .. import known, periods, queries
from ..api import ReadingsQuery
from ..declarations import KPI
from ..models import Grain
from ..scope import FILTERS, scope_of
from . import operations, tasks, views
from .control import control_of
from .enums import Format, State, What
from .models import LONGEST_QUERY, Export
from .spc import Rule

NEWEST = {"-id": Sort("pk", is_descending=True)}


class ExportShape(Answer):
    """A file of a measure: asked for, being made, ready until it expires."""

    id = serializers.IntegerField()
    kpi = serializers.CharField()
    what = serializers.ChoiceField(choices=What.choices)
    format = serializers.ChoiceField(choices=Format.choices)
    state = serializers.ChoiceField(choices=State.choices)
    total = serializers.IntegerField(help_text="Rows to write.")
    done = serializers.IntegerField(help_text="Rows written.")
    size_bytes = serializers.IntegerField()
    at = serializers.DateTimeField(help_text="When it was asked for.")
    expires_at = serializers.DateTimeField()
    error = serializers.CharField(allow_blank=True)


class ExportBody(Strict):
    """What to write into a file."""

    kpi = Text(max_length=80)
    what = Choice(choices=What.choices)
    format = Choice(choices=Format.choices)
    query = Text(
        max_length=LONGEST_QUERY, required=False, allow_blank=True,
        help_text="As in the address of the measure's page: `range=90d&by=team&service=vpn`.",
    )  # fmt: skip


class LimitShape(Answer):
    """One period with its limits. Null: nothing measured, or too few periods for limits."""

    day_from = serializers.DateField()
    day_to = serializers.DateField(help_text="This day not included.")
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    center = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class SignalShape(Answer):
    """What can't well be chance."""

    rule = serializers.ChoiceField(choices=[(each.value, each.value) for each in Rule])
    text = serializers.CharField()
    day_from = serializers.DateField(help_text="First day of its last period.")


class ControlChartShape(Answer):
    """A KPI with the limits of its usual ups and downs. Periods that are not over are left out."""

    kpi = serializers.CharField()
    kind = serializers.CharField(help_text="x: individual values; p: shares; u: counts by size.")
    grain = serializers.ChoiceField(choices=Grain.choices)
    periods = LimitShape(many=True)
    signals = SignalShape(many=True)


def export(row: Export) -> dict[str, Any]:
    """The dictionary of an `ExportShape`."""
    same = ("kpi", "what", "format", "state", "total", "done", "size_bytes", "at", "expires_at", "error")
    return {"id": row.pk, **{name: getattr(row, name) for name in same}}


def _kpi(name: str) -> KPI:
    try:
        return known.kpi(name)
    except KeyError:
        raise Http404 from None


class ExportDoor(ApiView):
    """A door to one's own files."""

    def found(self, request: Any, number: int) -> Export:
        found: Export = one_of(Export.objects.visible_to(request.user), number)
        return found


class Exports(ExportDoor):
    """One's own files of measures."""

    operations = {"GET": "kpi.export", "POST": "kpi.export"}

    @describe("List your files of measures", gives=listing_of(ExportShape), parameters=[PageQuery])
    def get(self, request: Any) -> Any:
        query = PageQuery.of(request)
        found, following = page(
            Export.objects.visible_to(request.user), request=request, sorts=NEWEST, sort="-id",
            cursor=query["cursor"], limit=query["limit"],
        )  # fmt: skip
        return self.answer(listing([export(row) for row in found], following))

    @describe(
        "Ask for a file of a measure",
        takes=ExportBody,
        gives=ExportShape,
        status=201,
        problems=[404, 409],
        description="A worker makes it; read the file's state to see how far it is. It is kept for 7 days.",
        examples=[("Records", {"kpi": "inc-volume", "what": "records", "format": "xlsx", "query": "range=90d"})],
    )
    def post(self, request: Any) -> Any:
        said = {"query": ""} | ExportBody.read(request.data, by=request.user)
        made = operations.ask(kpi=_kpi(said.pop("kpi")), by=request.user, at=now(), **said)
        tasks.ring(made.pk)
        return self.answer(export(made), status=201, location=f"/api/v1/kpi-exports/{made.pk}/")


class OneExport(ExportDoor):
    """One file."""

    operations = {"GET": "kpi.export", "DELETE": "kpi.export"}

    @describe("Get the state of a file", gives=ExportShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.answer(export(self.found(request, number)))

    @describe("Remove a file", status=204, problems=[404])
    def delete(self, request: Any, number: int) -> Any:
        operations.remove(export=self.found(request, number), by=request.user)
        return self.answer(status=204)


class ExportFile(ExportDoor):
    """The content of a file."""

    operations = {"GET": "kpi.export"}

    @describe(
        "Download a file of a measure", gives=OpenApiTypes.BINARY, problems=[404], content="application/octet-stream"
    )
    def get(self, request: Any, number: int) -> Any:
        return views.answer(self.found(request, number), request)


class ExportStop(ExportDoor):
    """Ending a file early."""

    operations = {"POST": "kpi.export"}

    @describe("Stop making a file", takes=Nothing, gives=ExportShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.found(request, number)
        Nothing.read(request.data, by=request.user)
        return self.answer(export(operations.stop(export=found, by=request.user, at=now())))


class ControlCharts(ApiView):
    """The control chart of a KPI."""

    operations = {"GET": "kpi.view"}

    @describe(
        "Get the control chart of a KPI", gives=ControlChartShape, problems=[404], parameters=[ReadingsQuery],
        description="Limits from the periods asked for; `by` is not possible here.",
    )  # fmt: skip
    def get(self, request: Any, name: str) -> Any:
        kpi, query = _kpi(name), ReadingsQuery.of(request)
        scope = scope_of(request.user, **{each: query[each] for each in FILTERS if each in query})
        span = periods.Range(query["day_from"], query["day_to"])
        points = queries.series(kpi, span, scope, grain=query["grain"])[0].points
        control = control_of(kpi, points, today=periods.today(now()))
        columns = {"value": control.values, "low": control.lows, "center": control.centers, "high": control.highs}
        return self.answer(
            {
                "kpi": kpi.id,
                "kind": control.chart.kind,
                "grain": query["grain"],
                "periods": [
                    {"day_from": point.span.day_from, "day_to": point.span.day_to}
                    | {each: values[at] for each, values in columns.items()}
                    for at, point in enumerate(control.periods)
                ],
                "signals": [
                    {"rule": each["rule"], "text": each["text"], "day_from": control.periods[each["at"]].span.day_from}
                    for each in control.sentences
                ],
            }
        )
