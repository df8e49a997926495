"""Incidents by what they have in common, those that weigh most first."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Day
from common.api.filters import Query
from common.api.views import ApiView
from common.time import now

from ..dimensions import DIMENSIONS
from ..pareto import COUNT, LONGEST_DAYS, RANGES, USUAL_RANGE, WEIGHTS, Asked, Days, Pareto

MOST_BARS = 500


class BarShape(Answer):
    """One value of the dimension."""

    key = serializers.CharField(help_text="`none` where nobody wrote a value down.")
    name = serializers.CharField()
    incidents = serializers.IntegerField()
    lost_minutes = serializers.IntegerField(help_text="People affected × minutes, added up.")
    share = serializers.FloatField(help_text="Percent of the whole, by the weight asked for.")
    together = serializers.FloatField(help_text="Percent of the whole that this and all before it make.")


class ParetoShape(Answer):
    """Bars, the heaviest first, at most 500; `values` says how many there are."""

    by = serializers.ChoiceField(choices=list(DIMENSIONS))
    weight = serializers.ChoiceField(choices=list(WEIGHTS))
    day_from = serializers.DateField()
    day_to = serializers.DateField(help_text="This day not included.")
    zone = serializers.CharField(help_text="The days are those of this zone: the caller's.")
    incidents = serializers.IntegerField()
    lost_minutes = serializers.IntegerField()
    values = serializers.IntegerField()
    few = serializers.IntegerField(help_text="How many of the values, the heaviest first, make 80% of the whole.")
    bars = BarShape(many=True)


class ParetoQuery(Query):
    """By what, and of which days."""

    by = serializers.ChoiceField(choices=list(DIMENSIONS), default="service")
    weight = serializers.ChoiceField(choices=list(WEIGHTS), default=COUNT)
    day_from = Day(required=False, help_text="The first day; 90 days back when left out.")
    day_to = Day(required=False, help_text="The day after the last; tomorrow when left out.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        today = now().astimezone(self.context["by"].zone).date()
        last = attrs.setdefault("day_to", today + timedelta(days=1))
        first = attrs.setdefault("day_from", last - timedelta(days=RANGES[USUAL_RANGE]))
        if first >= last:
            raise serializers.ValidationError({"day_to": [_("The range ends before it begins. Give a later end.")]})
        if (last - first).days > LONGEST_DAYS:
            raise serializers.ValidationError({"day_from": [_("A range has three years at most. Ask in parts.")]})
        return attrs


class Paretos(ApiView):
    """The few that weigh most."""

    operations = {"GET": "cluster.view"}

    @describe("Get the Pareto of incidents", gives=ParetoShape, parameters=[ParetoQuery])
    def get(self, request: Any) -> Any:
        query = ParetoQuery.of(request)
        zone = request.user.zone
        days = Days(query["day_from"], query["day_to"] - timedelta(days=1), zone)
        dimension = DIMENSIONS[query["by"]]
        found = Pareto(Asked(request.user, now(), dimension, query["weight"], days))
        return self.answer(
            {
                "by": dimension.name,
                "weight": query["weight"],
                "day_from": query["day_from"],
                "day_to": query["day_to"],
                "zone": str(zone),
                "incidents": found.incidents,
                "lost_minutes": found.minutes,
                "values": len(found.bars),
                "few": found.few,
                "bars": [
                    {
                        "key": dimension.slug(bar.key),
                        "name": bar.label,
                        "incidents": bar.incidents,
                        "lost_minutes": bar.minutes,
                        "share": round(bar.share, 2),
                        "together": round(bar.so_far, 2),
                    }
                    for bar in found.bars[:MOST_BARS]
                ],
            }
        )
