"""KPIs and their readings in the REST API, for the caller's own organizations."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import LARGEST_KEY, Answer, Day, Named, Strict, Text, named
from common.api.filters import Query
from common.api.views import ApiView
from common.time import now
from people.models import Organization, Team
from services.models import Service

from . import known, periods, queries
from .declarations import KPI, Direction, Unit
from .figures import Figure, fitting, series
from .filters import LONGEST_PARAMETER
from .models import Grain
from .scope import FILTERS, scope_of

LONGEST_DAYS = 3 * 366
DEFAULT_DAYS = 30


class KPIShape(Answer):
    """A measure: the question it answers, and out of which two numbers."""

    id = serializers.CharField()
    name = serializers.CharField()
    question = serializers.CharField()
    unit = serializers.ChoiceField(choices=Unit.choices)
    direction = serializers.ChoiceField(choices=Direction.choices)
    numerator = serializers.CharField()
    denominator = serializers.CharField(allow_blank=True, help_text="Blank for plain counts.")
    period_event = serializers.CharField(help_text="In the period of which event a record counts.")
    target = serializers.FloatField(allow_null=True)
    near = serializers.FloatField(allow_null=True, help_text="From the target up to here a miss is a near one.")
    is_own = serializers.BooleanField(help_text="Whether people here made it.")
    definition = serializers.IntegerField(help_text="Rises when the meaning changes.")


class MeasureFilters(Strict):
    """Of what a measure is counted; what is left out is all of it."""

    service = Text(max_length=LONGEST_PARAMETER, required=False, help_text="Short name of the service, or `none`.")
    team = Text(max_length=LONGEST_PARAMETER, required=False, help_text="Short name of the team, or `none`.")
    priority = Text(max_length=LONGEST_PARAMETER, required=False, help_text="`p1` to `p5`.")
    organization = Text(max_length=LONGEST_PARAMETER, required=False, help_text="Short name of the organization.")


class KPIList(Answer):
    """Every KPI."""

    items = KPIShape(many=True)


class ReadingShape(Answer):
    """The value of a period. Null is n/a: nothing was measured, which is not zero."""

    day_from = serializers.DateField()
    day_to = serializers.DateField(help_text="This day not included.")
    value = serializers.FloatField(allow_null=True)
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True)


class SeriesShape(Answer):
    """One line: a KPI for one value of the dimension asked for."""

    key = Named(allow_null=True, help_text="Null for “none”, or without a dimension.")
    total = ReadingShape()
    readings = ReadingShape(many=True)


class ReadingsShape(Answer):
    """A KPI over time."""

    kpi = serializers.CharField()
    unit = serializers.ChoiceField(choices=Unit.choices)
    grain = serializers.ChoiceField(choices=Grain.choices)
    by = serializers.CharField(allow_null=True)
    figure = serializers.ChoiceField(
        choices=Figure.choices, help_text="What is shown; a mean where nothing else can be."
    )
    zone = serializers.CharField(help_text="The days are those of this zone.")
    as_of = serializers.DateTimeField(allow_null=True, help_text="Every act up to here is counted; null: none ever.")
    is_sample = serializers.BooleanField(help_text="Whether these are the numbers of the sample workspace.")
    series = SeriesShape(many=True)


class ReadingsQuery(Query):
    """Which days, how fine, of what."""

    day_from = Day(required=False, help_text="The first day; 30 days back when left out.")
    day_to = Day(required=False, help_text="The day after the last; tomorrow when left out.")
    grain = serializers.ChoiceField(choices=Grain.choices, default=Grain.DAY.value)
    by = serializers.ChoiceField(choices=list(FILTERS), required=False, help_text="One series for each value of it.")
    figure = serializers.ChoiceField(
        choices=Figure.choices, default=Figure.MEAN.value, help_text="Of durations that have single values."
    )
    service = serializers.IntegerField(required=False, min_value=0, max_value=LARGEST_KEY, help_text="0: none.")
    team = serializers.IntegerField(required=False, min_value=0, max_value=LARGEST_KEY, help_text="0: none.")
    priority = serializers.IntegerField(required=False, min_value=1, max_value=5)
    organization = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        today = periods.today(now())
        last = attrs.setdefault("day_to", today + timedelta(days=1))
        first = attrs.setdefault("day_from", last - timedelta(days=DEFAULT_DAYS))
        if first >= last:
            raise serializers.ValidationError({"day_to": [_("The range ends before it begins. Give a later end.")]})
        if (last - first).days > LONGEST_DAYS:
            raise serializers.ValidationError({"day_from": [_("A range has three years at most. Ask in parts.")]})
        return attrs


def kpi(declared: KPI) -> dict[str, Any]:
    """The dictionary of a `KPIShape`."""
    return {
        "id": declared.id,
        "name": str(declared.name),
        "question": str(declared.question),
        "unit": declared.unit.value,
        "direction": declared.direction.value,
        "numerator": str(declared.numerator_text),
        "denominator": str(declared.denominator_text),
        "period_event": str(declared.event_text),
        "target": declared.target,
        "near": declared.near,
        "is_own": declared.formula is not None,
        "definition": declared.definition,
    }


class KPIs(ApiView):
    """KPIs."""

    operations = {"GET": "kpi.view"}

    @describe("List the KPIs", gives=KPIList)
    def get(self, request: Any) -> Any:
        return self.answer({"items": [kpi(each) for each in known.kpis()]})


class Readings(ApiView):
    """The readings of a KPI."""

    operations = {"GET": "kpi.view"}

    @describe(
        "Get the readings of a KPI",
        gives=ReadingsShape,
        problems=[404],
        parameters=[ReadingsQuery],
        description="Sums of what dashboards show; for stocks, what stands at the end of each period.",
    )
    def get(self, request: Any, name: str) -> Any:
        declared = next((each for each in known.kpis() if each.id == name), None)
        if declared is None:
            raise Http404
        query = ReadingsQuery.of(request)
        by = query.get("by")
        scope = scope_of(request.user, **{each: query[each] for each in FILTERS if each in query})
        span = periods.Range(query["day_from"], query["day_to"])
        figure = fitting(declared, query["figure"])
        found = series(declared, span, scope, grain=query["grain"], by=by, figure=figure)
        name_of = _names(by, [each.key for each in found])
        return self.answer(
            {
                "kpi": declared.id,
                "unit": declared.unit.value,
                "grain": query["grain"],
                "by": by,
                "figure": figure.value,
                "zone": str(periods.zone()),
                "as_of": queries.as_of(now()),
                "is_sample": scope.is_sample,
                "series": [
                    {
                        "key": name_of(each.key),
                        "total": _reading(span.day_from, span.day_to, each.total),
                        "readings": [_reading(p.span.day_from, p.span.day_to, p.value) for p in each.points],
                    }
                    for each in found
                ],
            }
        )


def _reading(first: date, last: date, value: Any) -> dict[str, Any]:
    return {
        "day_from": first,
        "day_to": last,
        "value": None if value is None else value.number,
        "numerator": None if value is None else value.numerator,
        "denominator": None if value is None else value.denominator,
    }


def _names(by: str | None, keys: list[int]) -> Callable[[int], dict[str, Any] | None]:
    """How the keys of a dimension are called; one query. The cells are those of the caller, so are the names."""
    models: dict[str, Any] = {"service": Service, "team": Team, "organization": Organization}
    if by == "priority":
        return lambda key: named(key or None, f"P{key}")
    if by is None:
        return lambda key: None
    names = dict(models[by].objects.filter(pk__in=keys).values_list("pk", "name"))
    return lambda key: named(key or None, names.get(key, str(key)))
