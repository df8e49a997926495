"""Alerts on measures and pinned measures in the REST API. They are the caller's own."""

from typing import Any

from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Choice, Strict, Text
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.views import ApiView, one_of
from common.time import now

from ..api import MeasureFilters
from ..filters import RANGES
from . import operations
from .enums import When
from .models import OPERATION, Alert, Pin

OLDEST = {"id": Sort("pk")}
DAYS = [(name, name) for name in RANGES]


class KPIPinShape(Answer):
    """A measure on the first page of the caller."""

    id = serializers.IntegerField()
    kpi = serializers.CharField()
    filters = serializers.DictField(child=serializers.CharField())


class KPIAlertShape(KPIPinShape):
    """A wish to be told when a measure crosses a line."""

    when = serializers.ChoiceField(choices=When.choices)
    bound = serializers.FloatField(allow_null=True, help_text="In the unit of the KPI; of `above` and `below`.")
    range = serializers.ChoiceField(choices=DAYS)
    is_crossed = serializers.BooleanField(help_text="Whether it was beyond the line when it was looked at last.")
    crossed_at = serializers.DateTimeField(allow_null=True)
    checked_at = serializers.DateTimeField()


class KPIPinBody(Strict):
    """What to pin."""

    kpi = Text(max_length=80)
    filters = MeasureFilters(required=False)


class KPIAlertBody(KPIPinBody):
    """When to be told of what."""

    when = Choice(choices=When.choices)
    bound = serializers.FloatField(required=False, allow_null=True, help_text="For `above` and `below`.")
    range = Choice(choices=DAYS, required=False)


def pinned(row: Pin) -> dict[str, Any]:
    """The dictionary of a `KPIPinShape`."""
    return {"id": row.pk, "kpi": row.kpi, "filters": row.filters}


def alert(row: Alert) -> dict[str, Any]:
    """The dictionary of a `KPIAlertShape`."""
    same = ("id", "kpi", "filters", "when", "bound", "range", "is_crossed", "crossed_at", "checked_at")
    return {name: getattr(row, name) for name in same}


def _page(request: Any, rows: Any, shape: Any) -> dict[str, Any]:
    query = PageQuery.of(request)
    found, following = page(
        rows, request=request, sorts=OLDEST, sort="id", cursor=query["cursor"], limit=query["limit"]
    )
    return listing([shape(row) for row in found], following)


class KPIAlerts(ApiView):
    """One's own alerts on measures."""

    operations = {"GET": OPERATION, "POST": OPERATION}

    @describe("List your alerts on KPIs", gives=listing_of(KPIAlertShape), parameters=[PageQuery])
    def get(self, request: Any) -> Any:
        return self.answer(_page(request, Alert.objects.visible_to(request.user), alert))

    @describe(
        "Be told when a KPI crosses a line", takes=KPIAlertBody, gives=KPIAlertShape, status=201, problems=[409],
        description="Told once, in the inbox, and again only after it had come back. What is beyond the line already"
        " is told the next time.",
        examples=[("Own line", {"kpi": "inc-backlog", "when": "above", "bound": 40, "filters": {"team": "networks"}})],
    )  # fmt: skip
    def post(self, request: Any) -> Any:
        said = KPIAlertBody.read(request.data, by=request.user)
        made = operations.alert(by=request.user, at=now(), **said)
        return self.answer(alert(made), status=201, location=f"/api/v1/kpi-alerts/{made.pk}/")


class OneKPIAlert(ApiView):
    """One alert."""

    operations = {"GET": OPERATION, "DELETE": OPERATION}

    @describe("Get an alert on a KPI", gives=KPIAlertShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.answer(alert(one_of(Alert.objects.visible_to(request.user), number)))

    @describe("Remove an alert on a KPI", status=204, problems=[404])
    def delete(self, request: Any, number: int) -> Any:
        found = one_of(Alert.objects.visible_to(request.user), number)
        operations.forget(alert=found, by=request.user, at=now())
        return self.answer(status=204)


class KPIPins(ApiView):
    """Measures on one's first page."""

    operations = {"GET": OPERATION, "POST": OPERATION}

    @describe("List the KPIs on your first page", gives=listing_of(KPIPinShape), parameters=[PageQuery])
    def get(self, request: Any) -> Any:
        return self.answer(_page(request, Pin.objects.visible_to(request.user), pinned))

    @describe(
        "Pin a KPI to your first page", takes=KPIPinBody, gives=KPIPinShape, status=201, problems=[409],
        examples=[("One team's", {"kpi": "inc-backlog", "filters": {"team": "networks"}})],
    )  # fmt: skip
    def post(self, request: Any) -> Any:
        made = operations.pin(by=request.user, **KPIPinBody.read(request.data, by=request.user))
        return self.answer(pinned(made), status=201, location=f"/api/v1/kpi-pins/{made.pk}/")


class OneKPIPin(ApiView):
    """One pinned measure."""

    operations = {"GET": OPERATION, "DELETE": OPERATION}

    @describe("Get a pinned KPI", gives=KPIPinShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.answer(pinned(one_of(Pin.objects.visible_to(request.user), number)))

    @describe("Unpin a KPI", status=204, problems=[404])
    def delete(self, request: Any, number: int) -> Any:
        operations.unpin(pin=one_of(Pin.objects.visible_to(request.user), number), by=request.user)
        return self.answer(status=204)
