"""The catalog, what is wanted of measures, and success factors over REST."""

from typing import Any

from django.http import Http404
from rest_framework import serializers

from common.api.describing import IF_MATCH, describe
from common.api.fields import Answer, Integer, Named, Row, Strict, Text, named
from common.api.filters import Query
from common.api.preconditions import seen_version
from common.api.views import ApiView, one_of
from common.time import now

from .. import filters, known
from ..api import KPIShape, kpi
from ..declarations import KPI
from ..values import State
from . import operations
from .forms import people
from .listing import Entry, Standing, entries, shown
from .models import Factor, Handling, Rollup
from .tree import Node, tree


def kpi_or_404(name: str) -> KPI:
    """:raises Http404: there is none."""
    try:
        return known.kpi(name)
    except KeyError:
        raise Http404 from None


class CatalogEntryShape(Answer):
    """A KPI that a service provider is expected to know, or one that was made here."""

    id = serializers.CharField()
    standing = serializers.ChoiceField(choices=Standing.choices)
    name = serializers.CharField()
    question = serializers.CharField()
    formula = serializers.CharField()
    area = serializers.CharField(allow_blank=True)
    period = serializers.CharField()
    direction = serializers.CharField()
    waits_for = serializers.CharField(allow_blank=True, help_text="The practice that will bring its records.")
    answered_by = serializers.CharField(allow_blank=True, help_text="The measure that counts it; blank while it waits.")
    owner = Named(allow_null=True)


class CatalogList(Answer):
    """The catalog."""

    items = CatalogEntryShape(many=True)


class CatalogQuery(Query):
    """What to look for."""

    q = serializers.CharField(required=False, max_length=200, help_text="Words, all of which stand in it.")
    standing = serializers.ChoiceField(choices=Standing.choices, required=False)


def _entry(row: Entry) -> dict[str, Any]:
    return {
        "id": row.id,
        "standing": row.standing.value,
        **{name: str(getattr(row, name)) for name in ("name", "question", "formula", "area", "period", "direction")},
        "waits_for": str(row.practice),
        "answered_by": row.kpi.id if row.kpi is not None else "",
        "owner": named(row.owner.pk, str(row.owner)) if row.owner else None,
    }


class Catalog(ApiView):
    """The catalog."""

    operations = {"GET": "kpi.view"}

    @describe("List the catalog of KPIs, counted or not", gives=CatalogList, parameters=[CatalogQuery])
    def get(self, request: Any) -> Any:
        query = CatalogQuery.of(request)
        found = shown(entries(), {"q": query.get("q", ""), "state": query.get("standing", "")})
        return self.answer({"items": [_entry(row) for row in found]})


class KPIHandlingBody(Strict):
    """Who answers for a measure and what is wanted of it. What is left out is none."""

    owner = Row(among=lambda by: people(), by="username", required=False, allow_null=True, help_text="Id or user name.")
    target = serializers.FloatField(required=False, allow_null=True, default=None, help_text="In the unit of the KPI.")
    near = serializers.FloatField(
        required=False, allow_null=True, default=None, help_text="From the target up to here a miss is a near one."
    )
    reason = Text(max_length=300, required=False, allow_blank=True)


class KPIHandling(ApiView):
    """What is wanted of a KPI."""

    operations = {"GET": "kpi.view", "PUT": "kpi.set_up"}

    @describe("Set owner, target and threshold of a KPI", takes=KPIHandlingBody, gives=KPIShape,
              problems=[404, 409, 412], parameters=[IF_MATCH])  # fmt: skip
    def put(self, request: Any, name: str) -> Any:
        found = kpi_or_404(name)
        values = {"owner": None} | KPIHandlingBody.read(request.data, by=request.user)
        version = seen_version(request, is_required=False)
        saved = operations.handle(kpi=found, by=request.user, at=now(), version=version, **values)
        return self.answer(kpi(known.kpi(name)), version=saved.version)

    @describe("Get a KPI", gives=KPIShape, problems=[404])
    def get(self, request: Any, name: str) -> Any:
        found = kpi_or_404(name)
        row = Handling.objects.filter(kpi=name).first()
        return self.answer(kpi(found), version=row.version if row else 0)


class FactorMeasureShape(Answer):
    """A measure of a success factor, with its state over the days asked for."""

    kpi = serializers.CharField()
    weight = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    state = serializers.ChoiceField(choices=State.choices)


class SuccessFactorShape(Answer):
    """Something that must go well, and whether it does."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    statement = serializers.CharField(allow_blank=True)
    owner = Named(allow_null=True)
    rollup = serializers.ChoiceField(choices=Rollup.choices)
    position = serializers.IntegerField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=State.choices)
    silent = serializers.IntegerField(help_text="How many of its measures have no value or target, or are gone.")
    measures = FactorMeasureShape(many=True)


class SuccessFactorList(Answer):
    """The tree."""

    items = SuccessFactorShape(many=True)


class FactorMeasureBody(Strict):
    """A measure that shows it."""

    kpi = Text(max_length=60)
    weight = Integer(min_value=1, max_value=operations.HEAVIEST, required=False, default=1)


class SuccessFactorBody(Strict):
    """Something that must go well."""

    name = Text(max_length=120)
    statement = Text(max_length=300, required=False, allow_blank=True)
    owner = Row(among=lambda by: people(), by="username", required=False, allow_null=True, help_text="Id or user name.")
    rollup = serializers.ChoiceField(choices=Rollup.choices, default=Rollup.WORST.value)
    position = Integer(min_value=0, max_value=10_000, required=False)
    measures = FactorMeasureBody(many=True)


def _values(request: Any) -> dict[str, Any]:
    values = SuccessFactorBody.read(request.data, by=request.user)
    values["measures"] = [(each["kpi"], each["weight"]) for each in values["measures"][:100]]
    return values


def _node(node: Node) -> dict[str, Any]:
    factor = node.factor
    return {
        "id": factor.pk,
        **{name: getattr(factor, name) for name in ("slug", "name", "statement", "rollup", "position", "version")},
        "owner": named(factor.owner_id, str(factor.owner)),
        "state": node.state.value,
        "silent": node.silent,
        "measures": [
            {"kpi": each.kpi.id, "weight": each.weight, "value": each.value.number, "state": each.state.value}
            for each in node.branches
        ],
    }


class SuccessFactors(ApiView):
    """The tree of success factors."""

    operations = {"GET": "kpi.view", "POST": "kpi.set_up"}

    @describe("List success factors with their states over the latest 30 days", gives=SuccessFactorList)
    def get(self, request: Any) -> Any:
        asked = filters.read({}, request.user, at=now())
        return self.answer({"items": [_node(each) for each in tree(asked)]})

    @describe("Add a success factor", takes=SuccessFactorBody, gives=SuccessFactorShape, status=201, problems=[409])
    def post(self, request: Any) -> Any:
        made = operations.create_factor(by=request.user, at=now(), **_values(request))
        return self.answer(_shown(made, request.user), status=201, version=made.version)


class OneSuccessFactor(ApiView):
    """One success factor."""

    operations = {"PUT": "kpi.set_up", "DELETE": "kpi.set_up"}

    @describe("Change a success factor", takes=SuccessFactorBody, gives=SuccessFactorShape, problems=[404, 409, 412],
              parameters=[IF_MATCH])  # fmt: skip
    def put(self, request: Any, number: int) -> Any:
        found = one_of(Factor.objects.all(), number)
        version = seen_version(request, is_required=False)
        saved = operations.change_factor(factor=found, by=request.user, at=now(), version=version, **_values(request))
        return self.answer(_shown(saved, request.user), version=saved.version)

    @describe("Remove a success factor", status=204, problems=[404, 412], parameters=[IF_MATCH])
    def delete(self, request: Any, number: int) -> Any:
        found = one_of(Factor.objects.all(), number)
        version = seen_version(request, is_required=False)
        operations.remove_factor(factor=found, by=request.user, at=now(), version=version)
        return self.answer(status=204)


def _shown(factor: Factor, viewer: Any) -> dict[str, Any]:
    asked = filters.read({}, viewer, at=now())
    return _node(next(each for each in tree(asked) if each.factor.pk == factor.pk))
