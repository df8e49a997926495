"""Causes, clauses and deadlines over REST."""

from typing import Any

from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Flag, Integer, Named, Row, Strict, Text, named
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.preconditions import seen_version
from common.api.views import ApiView, one_of
from common.time import now

from ...models import Agreement
from .. import catalog
from ..models import DAYS_AT_MOST, Cause, Clause, Deadline

SORTS = {"id": Sort()}


class BreachCauseShape(Answer):
    """Why targets are missed."""

    id = serializers.IntegerField()
    key = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    position = serializers.IntegerField()
    is_active = serializers.BooleanField(help_text="Whether it can be chosen.")
    version = serializers.IntegerField()


class ExcuseClauseShape(BreachCauseShape):
    """What excuses a miss."""

    agreement = Named(allow_null=True, help_text="Null: a clause of every agreement.")


class ListLineBody(Strict):
    """A line that people choose. Only the fields sent are written."""

    name = Text(max_length=120, required=False)
    description = Text(max_length=300, required=False, allow_blank=True)
    position = Integer(min_value=0, max_value=10_000, required=False)
    is_active = Flag(required=False)


class NewBreachCause(Strict):
    """A line that people choose."""

    name = Text(max_length=120)
    description = Text(max_length=300, required=False, allow_blank=True)
    position = Integer(min_value=0, max_value=10_000, required=False)


class NewExcuseClause(NewBreachCause):
    """A clause, of one agreement or of every one."""

    agreement = Row(
        among=lambda by: Agreement.objects.all(), required=False, allow_null=True, help_text="Id or short name."
    )


class DeadlineShape(Answer):
    """Within how many working days misses are explained where no agreement says something else."""

    days = serializers.IntegerField()


class DeadlineBody(Strict):
    """Within how many working days."""

    days = Integer(min_value=1, max_value=DAYS_AT_MOST)


def line(row: Any) -> dict[str, Any]:
    """The dictionary of a `BreachCauseShape` or `ExcuseClauseShape`."""
    said = {name: getattr(row, name) for name in ("key", "name", "description", "position", "is_active", "version")}
    if isinstance(row, Clause):
        said["agreement"] = named(row.agreement_id, row.agreement.name if row.agreement else None)
    return {"id": row.pk} | said


class _Lines(ApiView):
    model: Any

    def listed(self, request: Any) -> Any:
        query = PageQuery.of(request)
        rows = self.model.objects.select_related("agreement") if self.model is Clause else self.model.objects.all()
        found, following = page(
            rows, request=request, sorts=SORTS, sort="id", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([line(row) for row in found], following))

    def changed(self, request: Any, number: int) -> Any:
        found = one_of(self.model.objects.all(), number)
        values = ListLineBody.read(request.data, by=request.user)
        saved = catalog.change(
            found, by=request.user, at=now(), values=values, version=seen_version(request, is_required=False)
        )
        return self.answer(line(saved), version=saved.version)

    def added(self, request: Any, body: Any) -> Any:
        values = body.read(request.data, by=request.user)
        made = catalog.add(self.model, by=request.user, at=now(), **values)
        return self.answer(line(made), status=201, version=made.version, location=f"{request.path}{made.pk}/")


class BreachCauses(_Lines):
    """Causes."""

    model = Cause
    operations = {"GET": "breach.view", "POST": "breach.set_up"}

    @describe("List causes of breaches", gives=listing_of(BreachCauseShape), parameters=[PageQuery])
    def get(self, request: Any) -> Any:
        return self.listed(request)

    @describe("Add a cause of breaches", takes=NewBreachCause, gives=BreachCauseShape, status=201, problems=[409])
    def post(self, request: Any) -> Any:
        return self.added(request, NewBreachCause)


class OneBreachCause(_Lines):
    """One cause."""

    model = Cause
    operations = {"PATCH": "breach.set_up"}

    @describe("Change a cause of breaches", takes=ListLineBody, gives=BreachCauseShape, problems=[404, 409, 412])
    def patch(self, request: Any, number: int) -> Any:
        return self.changed(request, number)


class ExcuseClauses(_Lines):
    """Clauses."""

    model = Clause
    operations = {"GET": "breach.view", "POST": "breach.set_up"}

    @describe("List clauses that excuse breaches", gives=listing_of(ExcuseClauseShape), parameters=[PageQuery])
    def get(self, request: Any) -> Any:
        return self.listed(request)

    @describe(
        "Add a clause that excuses breaches", takes=NewExcuseClause, gives=ExcuseClauseShape, status=201, problems=[409]
    )
    def post(self, request: Any) -> Any:
        return self.added(request, NewExcuseClause)


class OneExcuseClause(_Lines):
    """One clause."""

    model = Clause
    operations = {"PATCH": "breach.set_up"}

    @describe(
        "Change a clause that excuses breaches", takes=ListLineBody, gives=ExcuseClauseShape, problems=[404, 409, 412]
    )
    def patch(self, request: Any, number: int) -> Any:
        return self.changed(request, number)


class ExplanationDeadline(ApiView):
    """The deadline of everybody."""

    operations = {"GET": "breach.view", "PUT": "breach.set_up"}

    @describe("Get the deadline for explanations", gives=DeadlineShape)
    def get(self, request: Any) -> Any:
        found = Deadline.objects.filter(agreement=None).first()
        return self.answer({"days": found.days if found else 0})

    @describe("Set the deadline for explanations", takes=DeadlineBody, gives=DeadlineShape, problems=[409])
    def put(self, request: Any) -> Any:
        values = DeadlineBody.read(request.data, by=request.user)
        saved = catalog.set_deadline(by=request.user, at=now(), **values)
        return self.answer({"days": saved.days if saved else 0})
