"""Full counts in the REST API: asking for one, and how far it is."""

from typing import Any

from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Named, Nothing, named
from common.api.views import ApiView
from common.time import now

from . import recounts
from .models import Recount


class RecountShape(Answer):
    """Everything counted from the records. `ended_at` is null while a worker counts."""

    id = serializers.IntegerField()
    asked_by = Named()
    asked_at = serializers.DateTimeField()
    done = serializers.IntegerField(help_text="Families of counts that are done.")
    total = serializers.IntegerField()
    ended_at = serializers.DateTimeField(allow_null=True)
    problem = serializers.CharField(allow_blank=True, help_text="What went wrong, in words.")


class RecountList(Answer):
    """The latest full count; none before anybody asked for one."""

    items = RecountShape(many=True)


def recount(row: Recount) -> dict[str, Any]:
    """The dictionary of a `RecountShape`."""
    same = ("asked_at", "done", "total", "ended_at")
    return {
        "id": row.pk, "asked_by": named(row.asked_by_id, str(row.asked_by)), "problem": recounts.said(row),
        **{name: getattr(row, name) for name in same},
    }  # fmt: skip


class Recounts(ApiView):
    """Counting everything anew."""

    operations = {"GET": recounts.OPERATION, "POST": recounts.OPERATION}

    @describe("Get the latest full count of the KPIs", gives=RecountList)
    def get(self, request: Any) -> Any:
        latest = recounts.latest()
        return self.answer({"items": [recount(latest)] if latest else []})

    @describe(
        "Have everything counted from the records again", takes=Nothing, gives=RecountShape, status=201, problems=[409],
        description="A worker does it. Needed only after something changed records without acts.",
    )  # fmt: skip
    def post(self, request: Any) -> Any:
        Nothing.read(request.data, by=request.user)
        return self.answer(recount(recounts.ask(by=request.user, at=now())), status=201)
