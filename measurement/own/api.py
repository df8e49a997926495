"""Own measures over REST."""

from typing import Any

from rest_framework import serializers

from common.api.describing import IF_MATCH, describe
from common.api.fields import Answer, Named, Nothing, Strict, Text, named
from common.api.preconditions import seen_version
from common.api.views import ApiView, one_of
from common.time import now

from ..declarations import Direction
from ..periods import today
from ..scope import scope_of
from . import counts, operations, queries
from .models import LONGEST, UNITS, OwnMeasure
from .operations import Meaning
from .previewing import preview


class MeasureCountShape(Answer):
    """A count that formulas may name."""

    name = serializers.CharField()
    text = serializers.CharField()
    detail = serializers.CharField(help_text="How it counts.")


class MeasureCountList(Answer):
    """Every count."""

    items = MeasureCountShape(many=True)


class OwnVersionShape(Answer):
    """What a measure meant from some moment on."""

    number = serializers.IntegerField()
    name = serializers.CharField()
    question = serializers.CharField()
    expression = serializers.CharField()
    unit = serializers.ChoiceField(choices=UNITS)
    direction = serializers.ChoiceField(choices=Direction.choices)
    made_by = Named()
    made_at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)


class OwnMeasureShape(Answer):
    """A measure that people made; the first version is the one that counts."""

    id = serializers.IntegerField()
    kpi = serializers.CharField(help_text="Its id among the KPIs.")
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()
    versions = OwnVersionShape(many=True)


class OwnMeasureList(Answer):
    """Own measures, those out of use as well."""

    items = OwnMeasureShape(many=True)


class OwnMeasureBody(Strict):
    """What a measure means."""

    name = Text(max_length=120)
    question = Text(max_length=200)
    expression = Text(max_length=LONGEST, help_text="Counts, numbers, + - * / and brackets.")
    unit = serializers.ChoiceField(choices=UNITS)
    direction = serializers.ChoiceField(choices=Direction.choices)
    reason = Text(max_length=300, required=False, allow_blank=True, help_text="Needed for a change.")


class PreviewMonthShape(Answer):
    """A month. Null is n/a: something was divided by zero, or nothing was counted yet."""

    month = serializers.CharField()
    value = serializers.FloatField(allow_null=True)


class MeasurePreviewShape(Answer):
    """What a formula would have said."""

    months = PreviewMonthShape(many=True)


def _shown(row: OwnMeasure) -> dict[str, Any]:
    names = ("number", "name", "question", "expression", "unit", "direction", "made_at", "reason")
    return {
        "id": row.pk,
        "kpi": row.slug,
        "is_active": row.is_active,
        "version": row.version,
        "versions": [
            {name: getattr(each, name) for name in names} | {"made_by": named(each.made_by_id, str(each.made_by))}
            for each in row.versions.all()
        ],
    }


def _rows() -> Any:
    return OwnMeasure.objects.prefetch_related("versions__made_by").order_by("slug")


def _meaning(request: Any) -> Meaning:
    return Meaning(**OwnMeasureBody.read(request.data, by=request.user))


class MeasureCounts(ApiView):
    """What formulas may name."""

    operations = {"GET": "kpi.view"}

    @describe("List the counts that formulas may name", gives=MeasureCountList)
    def get(self, request: Any) -> Any:
        found = counts.known().values()
        items = [{"name": each.name, "text": str(each.text), "detail": each.detail} for each in found]
        return self.answer({"items": items})


class OwnMeasures(ApiView):
    """Own measures."""

    operations = {"GET": "kpi.view", "POST": "kpi.define"}

    @describe("List own measures", gives=OwnMeasureList)
    def get(self, request: Any) -> Any:
        return self.answer({"items": [_shown(row) for row in _rows()]})

    @describe("Make a measure", takes=OwnMeasureBody, gives=OwnMeasureShape, status=201, problems=[409])
    def post(self, request: Any) -> Any:
        made = operations.create(by=request.user, at=now(), meaning=_meaning(request))
        location = f"{request.path}{made.pk}/"
        return self.answer(_shown(_rows().get(pk=made.pk)), status=201, version=made.version, location=location)


class OneOwnMeasure(ApiView):
    """One own measure."""

    operations = {"GET": "kpi.view", "PUT": "kpi.define"}

    @describe("Get an own measure with its versions", gives=OwnMeasureShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        found = one_of(_rows(), number)
        return self.answer(_shown(found), version=found.version)

    @describe("Change what an own measure means", takes=OwnMeasureBody, gives=OwnMeasureShape,
              problems=[404, 409, 412], parameters=[IF_MATCH])  # fmt: skip
    def put(self, request: Any, number: int) -> Any:
        found = one_of(OwnMeasure.objects.all(), number)
        version = seen_version(request, is_required=False)
        saved = operations.redefine(
            measure=found, by=request.user, at=now(), meaning=_meaning(request), version=version
        )
        return self.answer(_shown(_rows().get(pk=saved.pk)), version=saved.version)


class OwnMeasureRetirement(ApiView):
    """Out of use."""

    operations = {"POST": "kpi.define"}

    @describe("Take an own measure out of use", takes=Nothing, gives=OwnMeasureShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        Nothing.read(request.data, by=request.user)
        saved = operations.retire(measure=one_of(OwnMeasure.objects.all(), number), by=request.user, at=now())
        return self.answer(_shown(_rows().get(pk=saved.pk)), version=saved.version)


class OwnMeasureReinstatement(ApiView):
    """In use again."""

    operations = {"POST": "kpi.define"}

    @describe("Take an own measure into use again", takes=Nothing, gives=OwnMeasureShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        Nothing.read(request.data, by=request.user)
        saved = operations.reinstate(measure=one_of(OwnMeasure.objects.all(), number), by=request.user, at=now())
        return self.answer(_shown(_rows().get(pk=saved.pk)), version=saved.version)


class OwnMeasurePreviews(ApiView):
    """A look before it is kept."""

    operations = {"POST": "kpi.define"}

    @describe("Look what a formula would have said over twelve months", takes=OwnMeasureBody, gives=MeasurePreviewShape,
              problems=[409])  # fmt: skip
    def post(self, request: Any) -> Any:
        tidy, expression = operations.read(_meaning(request))
        kpi = queries.kpi_from(
            slug="own-preview", name=tidy.name, question=tidy.question, expression=expression, unit=tidy.unit,
            direction=tidy.direction,
        )  # fmt: skip
        found = preview(kpi, scope_of(request.user), today=today(now()))
        return self.answer({"months": [{"month": each.label, "value": each.number} for each in found]})
