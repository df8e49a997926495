"""What came in at once."""

from typing import Any

from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer
from common.api.views import ApiView
from common.time import now

from ..together import FIELDS, Shown, look


class SharedShape(Answer):
    """A field and the value in it."""

    field = serializers.CharField(help_text="The field as people read it.")
    value = serializers.CharField()


class BurstShape(Answer):
    """Far more incidents within four hours than usual, that share a field."""

    by = serializers.ChoiceField(choices=FIELDS)
    value = serializers.CharField()
    incidents = serializers.ListField(child=serializers.CharField(), help_text="Their references.")
    usual = serializers.FloatField(help_text="How many its share of all incidents would have brought.")
    first_at = serializers.DateTimeField()
    latest_at = serializers.DateTimeField()
    also = SharedShape(many=True)


class BurstList(Answer):
    """The most surprising first, 50 at most."""

    first_at = serializers.DateTimeField(help_text="When the first incident looked at was opened.")
    latest_at = serializers.DateTimeField()
    incidents = serializers.IntegerField(help_text="How many were looked at.")
    items = BurstShape(many=True)


def burst(shown: Shown) -> dict[str, Any]:
    """The dictionary of a `BurstShape`."""
    return {
        "by": shown.burst.name,
        "value": shown.value,
        "incidents": shown.references,
        "usual": round(shown.burst.expected, 1),
        "first_at": shown.burst.first_at,
        "latest_at": shown.burst.latest_at,
        "also": [{"field": label, "value": value} for label, value in shown.also],
    }


class Bursts(ApiView):
    """Bursts of the latest 90 days that no problem explains yet."""

    operations = {"GET": "cluster.view"}

    @describe("List what came in at once", gives=BurstList)
    def get(self, request: Any) -> Any:
        found = look(request.user, at=now())
        return self.answer(
            {
                "first_at": found.first_at,
                "latest_at": found.latest_at,
                "incidents": found.incident_count,
                "items": [burst(each) for each in found.shown],
            }
        )
