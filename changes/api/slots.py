"""Windows that suit a change, in the API."""

from typing import Any

from rest_framework import serializers

from common.api.describing import IF_MATCH, describe
from common.api.fields import Answer
from common.api.filters import Query
from common.time import now

from .. import operations
from ..queries import slots
from . import bodies
from .planning import PlanningDoor
from .representation import ChangeDetail


class SlotSaying(Answer):
    """One reason that was weighed."""

    is_for = serializers.BooleanField(help_text="It speaks for the window; otherwise against it.")
    text = serializers.CharField()


class SlotShape(Answer):
    """A window that can be had."""

    planned_from = serializers.DateTimeField()
    planned_to = serializers.DateTimeField()
    reasons = SlotSaying(many=True)


class PassedSlot(Answer):
    """A window near by that can't be had."""

    planned_from = serializers.DateTimeField()
    planned_to = serializers.DateTimeField()
    sentence = serializers.CharField()


class SlotList(Answer):
    """The best windows within 30 days, three at most, the best first."""

    minutes = serializers.IntegerField()
    earliest = serializers.DateTimeField()
    latest = serializers.DateTimeField()
    items = SlotShape(many=True)
    passed_over = PassedSlot(many=True)
    notes = serializers.ListField(child=serializers.CharField(), help_text="What was not known, and not weighed.")


class SlotQuery(Query):
    """Which windows are looked for."""

    minutes = serializers.IntegerField(
        min_value=slots.LEAST_MINUTES,
        max_value=slots.MOST_MINUTES,
        required=False,
        help_text="Length; what the change says when left out.",
    )


class Slots(PlanningDoor):
    """Windows that suit it."""

    operations = {"GET": "record.read_notes", "POST": "change.edit"}

    @describe("Suggest windows", gives=SlotList, problems=[404, 409], parameters=[SlotQuery])
    def get(self, request: Any, reference: str) -> Any:
        found = self.inner(reference)
        values = SlotQuery.of(request)
        said = slots.propose(found, viewer=request.user, at=now(), **values)
        return self.answer(
            {
                "minutes": said.minutes,
                "earliest": said.earliest,
                "latest": said.latest,
                "items": [
                    {
                        "planned_from": each.starts_at,
                        "planned_to": each.ends_at,
                        "reasons": [{"is_for": saying.is_for, "text": saying.text} for saying in each.sayings],
                    }
                    for each in said.found
                ],
                "passed_over": [
                    {"planned_from": each.starts_at, "planned_to": each.ends_at, "sentence": each.sentence}
                    for each in said.passed
                ],
                "notes": list(said.notes),
            }
        )

    @describe(
        "Take a suggested window, if it still is free", takes=bodies.TakenWindowBody, gives=ChangeDetail,
        problems=[404, 409, 412], parameters=[IF_MATCH],
        examples=[("A night", {"planned_from": "2026-03-05T20:00:00Z", "planned_to": "2026-03-05T22:00:00Z"})],
    )  # fmt: skip
    def post(self, request: Any, reference: str) -> Any:
        self.inner(reference)
        values = bodies.TakenWindowBody.read(request.data, by=request.user)
        return self.planned(reference, operations.take_window, values)
