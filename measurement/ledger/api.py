"""The ledger over REST."""

from typing import Any

from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Day, Flag, Named, Strict, Text, named
from common.api.filters import Query
from common.api.views import ApiView
from common.time import now

from ..catalog.api import kpi_or_404
from ..models import Grain
from ..scope import scope_of
from . import closing, reading
from .models import Cause

GRAINS = [(each.value, each.label) for each in reading.GRAINS]


class LedgerFigureShape(Answer):
    """A figure that was told of a period."""

    definition = serializers.IntegerField(help_text="Version of the measure.")
    value = serializers.CharField(help_text="As people read it.")
    counts = serializers.ListField(child=serializers.IntegerField(), help_text="Sums that it was made of.")
    rows = serializers.IntegerField(help_text="How many rows counted.")
    fingerprint = serializers.CharField(allow_blank=True, help_text="SHA-256 of the rows; blank for sums of several.")
    told_at = serializers.DateTimeField()
    told_by = Named(allow_null=True, help_text="Null: Steward itself.")
    cause = serializers.ChoiceField(choices=Cause.choices)
    reason = serializers.CharField(allow_blank=True)


class LedgerPeriodShape(Answer):
    """Everything that was told of a period, the first figure first; the last one holds."""

    first_day = serializers.DateField()
    day_to = serializers.DateField(help_text="This day not included.")
    figures = LedgerFigureShape(many=True)


class LedgerShape(Answer):
    """What was told of a measure, the latest period first."""

    kpi = serializers.CharField()
    grain = serializers.ChoiceField(choices=Grain.choices)
    is_sample = serializers.BooleanField()
    items = LedgerPeriodShape(many=True)
    before = serializers.DateField(allow_null=True, help_text="Give it as `before` for earlier ones; null: no more.")


class LedgerQuery(Query):
    """Which periods."""

    grain = serializers.ChoiceField(choices=GRAINS, default=Grain.DAY.value)
    before = Day(required=False, help_text="Periods that begin earlier.")


class RestatementBody(Strict):
    """Which period to count again, and why."""

    grain = serializers.ChoiceField(choices=GRAINS)
    first_day = Day()
    reason = Text(max_length=300)
    is_sample = Flag(required=False, default=False)


def _figure(edition: reading.Edition) -> dict[str, Any]:
    row = edition.row
    return {
        "definition": edition.definition,
        "value": edition.text,
        "counts": list(edition.counts),
        "rows": edition.row_count,
        "fingerprint": edition.fingerprint,
        "told_at": row.taken_at,
        "told_by": named(row.by_id, str(row.by)),
        "cause": row.cause,
        "reason": row.reason,
    }


def _period(told: reading.Told) -> dict[str, Any]:
    return {
        "first_day": told.first_day,
        "day_to": told.span.day_to,
        "figures": [_figure(each) for each in told.editions],
    }


class Ledger(ApiView):
    """What was told."""

    operations = {"GET": "kpi.view"}

    @describe("Get what was told of a KPI", gives=LedgerShape, problems=[404], parameters=[LedgerQuery])
    def get(self, request: Any, name: str) -> Any:
        kpi = kpi_or_404(name)
        query = LedgerQuery.of(request)
        scope = scope_of(request.user)
        periods = reading.periods_of(kpi, query["grain"], scope, before=query.get("before"))
        return self.answer(
            {
                "kpi": kpi.id,
                "grain": query["grain"],
                "is_sample": scope.is_sample,
                "items": [_period(each) for each in periods],
                "before": periods[-1].first_day if len(periods) == reading.PERIODS else None,
            }
        )


class Restatements(ApiView):
    """Counting again."""

    operations = {"POST": "kpi.restate"}

    @describe("Have a past figure of a KPI counted again", takes=RestatementBody, gives=LedgerPeriodShape, status=201,
              problems=[404, 409])  # fmt: skip
    def post(self, request: Any, name: str) -> Any:
        kpi = kpi_or_404(name)
        values = RestatementBody.read(request.data, by=request.user)
        closing.restate_by_hand(kpi=kpi, by=request.user, at=now(), **values)
        scope = scope_of(request.user, data="sample" if values["is_sample"] else "real")
        told = reading.one(kpi, values["grain"], values["first_day"], scope)
        return self.answer(_period(told) if told is not None else {}, status=201)
