"""Notes on measures in the REST API."""

from datetime import timedelta
from typing import Any

from rest_framework import serializers

from common.api.describing import IF_MATCH, describe
from common.api.fields import Answer, Choice, Day, Named, Row, Strict, Text, named
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.preconditions import seen_version
from common.api.views import ApiView, one_of
from common.time import now

from . import operations
from .enums import Audience
from .forms import teams_of
from .models import LONGEST, Note

SORTS = {"-day_from": Sort("day_from", is_descending=True)}


class KPINoteQuery(PageQuery):
    """Of which measure."""

    kpi = serializers.CharField(required=False, max_length=80)


class KPINoteShape(Answer):
    """What somebody knows of some days of a measure."""

    id = serializers.IntegerField()
    kpi = serializers.CharField()
    text = serializers.CharField()
    day_from = serializers.DateField()
    last_day = serializers.DateField(help_text="This day included.")
    audience = serializers.ChoiceField(choices=Audience.choices)
    team = Named(allow_null=True)
    author = Named()
    is_own = serializers.BooleanField(help_text="Whether the caller may change it.")
    version = serializers.IntegerField()


class KPINoteChangeBody(Strict):
    """What the note says now."""

    text = Text(max_length=LONGEST)
    day_from = Day()
    last_day = Day(required=False, allow_null=True, help_text="This day included; one day alone when left out.")
    audience = Choice(choices=Audience.choices, required=False, help_text="Only the caller when left out.")
    team = Row(among=teams_of, required=False, allow_null=True, help_text="Id or short name; of the audience `team`.")


class KPINoteBody(KPINoteChangeBody):
    """A new note."""

    kpi = Text(max_length=80)


def note(row: Note, caller: Any) -> dict[str, Any]:
    """The dictionary of a `KPINoteShape`."""
    return {
        **{name: getattr(row, name) for name in ("id", "kpi", "text", "day_from", "audience", "version")},
        "last_day": row.day_to - timedelta(days=1),
        "team": named(row.team_id, str(row.team)),
        "author": named(row.author_id, str(row.author)),
        "is_own": row.author_id == caller.pk,
    }


class NoteDoor(ApiView):
    """A door to notes."""

    def rows(self, request: Any) -> Any:
        return Note.objects.visible_to(request.user).select_related("author", "team")


class KPINotes(NoteDoor):
    """Notes that the caller reads."""

    operations = {"GET": "kpi.view", "POST": operations.OPERATION}

    @describe("List notes on KPIs, the latest days first", gives=listing_of(KPINoteShape), parameters=[KPINoteQuery])
    def get(self, request: Any) -> Any:
        query = KPINoteQuery.of(request)
        rows = self.rows(request)
        if query.get("kpi"):
            rows = rows.filter(kpi=query["kpi"])
        found, following = page(
            rows, request=request, sorts=SORTS, sort="-day_from", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([note(row, request.user) for row in found], following))

    @describe(
        "Write a note on a KPI", takes=KPINoteBody, gives=KPINoteShape, status=201, problems=[409],
        examples=[("One day", {"kpi": "inc-volume", "text": "New shift plan", "day_from": "2026-03-02"})],
    )  # fmt: skip
    def post(self, request: Any) -> Any:
        made = operations.write(by=request.user, at=now(), **KPINoteBody.read(request.data, by=request.user))
        location = f"/api/v1/kpi-notes/{made.pk}/"
        return self.answer(note(made, request.user), status=201, version=made.version, location=location)


class OneKPINote(NoteDoor):
    """One note."""

    operations = {"GET": "kpi.view", "PUT": operations.OPERATION, "DELETE": operations.OPERATION}

    @describe("Get a note on a KPI", gives=KPINoteShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        found = one_of(self.rows(request), number)
        return self.answer(note(found, request.user), version=found.version)

    @describe(
        "Change your note on a KPI", takes=KPINoteChangeBody, gives=KPINoteShape, problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )  # fmt: skip
    def put(self, request: Any, number: int) -> Any:
        found = one_of(self.rows(request), number)
        values = KPINoteChangeBody.read(request.data, by=request.user)
        version = seen_version(request, is_required=False)
        saved = operations.change(note=found, by=request.user, at=now(), version=version, **values)
        return self.answer(note(saved, request.user), version=saved.version)

    @describe("Remove your note on a KPI", status=204, problems=[404])
    def delete(self, request: Any, number: int) -> Any:
        operations.remove(note=one_of(self.rows(request), number), by=request.user, at=now())
        return self.answer(status=204)
