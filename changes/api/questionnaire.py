"""The risk questionnaire in the API."""

from typing import Any

from rest_framework import serializers

from common.api.describing import IF_MATCH, describe
from common.api.fields import Answer, Choice, Integer, Named, Strict, Text
from common.api.rows import RowDoor
from common.time import now
from records.api.representation import person_of

from .. import operations
from ..enums import Band
from ..models import RiskFactor, RiskFactorVersion
from ..operations.questionnaire import LARGEST_POSITION, LONGEST_ANSWER, LONGEST_QUESTION

LONGEST_HELP = 2_000


class RiskChoiceShape(Answer):
    """One possible answer."""

    points = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment] # the field of that name


class RiskVersionShape(Answer):
    """What the question was under one number."""

    number = serializers.IntegerField()
    question = serializers.CharField()
    help = serializers.CharField(allow_blank=True)
    weight = serializers.IntegerField()
    raises_to = serializers.ChoiceField(choices=Band.choices, allow_blank=True)
    answers = RiskChoiceShape(many=True)
    created_at = serializers.DateTimeField(allow_null=True, help_text="null for what came with Steward.")
    created_by = Named(allow_null=True)


class RiskQuestionShape(Answer):
    """One question of the risk questionnaire."""

    id = serializers.IntegerField()
    key = serializers.CharField(help_text="Under this name answers are given.")
    question = serializers.CharField()
    help = serializers.CharField(allow_blank=True)
    weight = serializers.IntegerField(help_text="1 to 10.")
    position = serializers.IntegerField()
    raises_to = serializers.ChoiceField(
        choices=Band.choices, allow_blank=True, help_text="Least risk of a change whose answer has 4 points."
    )
    is_active = serializers.BooleanField(help_text="It is asked.")
    answers = RiskChoiceShape(many=True)
    version = serializers.IntegerField()


class RiskQuestionDetail(RiskQuestionShape):
    """One question with what it was before."""

    versions = RiskVersionShape(many=True, help_text="The latest first.")


class RiskQuestionList(Answer):
    """Every question, in the order they are asked; those that are no longer asked last."""

    items = RiskQuestionShape(many=True)


class RiskChoiceBody(Strict):
    """One possible answer."""

    points = Integer(min_value=0, max_value=4)
    label = Text(max_length=LONGEST_ANSWER)  # type: ignore[assignment] # as above


class QuestionChange(Strict):
    """Only the fields sent are written. Scores that stand are not worked out anew."""

    question = Text(max_length=LONGEST_QUESTION, required=False)
    help = Text(max_length=LONGEST_HELP, required=False, allow_blank=True)
    weight = Integer(min_value=1, max_value=10, required=False)
    position = Integer(min_value=0, max_value=LARGEST_POSITION, required=False)
    raises_to = Choice(choices=Band.choices, required=False, allow_blank=True)
    is_active = serializers.BooleanField(required=False)
    answers = serializers.ListField(
        child=RiskChoiceBody(), required=False, max_length=5, help_text="All of them; each number of points once."
    )

    def validate_answers(self, rows: list[dict[str, Any]]) -> dict[int, str]:
        found = {row["points"]: row["label"] for row in rows}
        if len(found) != len(rows):
            raise serializers.ValidationError("Each number of points may stand once.")
        return found


class NewQuestion(QuestionChange):
    """One more question."""

    question = Text(max_length=LONGEST_QUESTION)
    answers = serializers.ListField(
        child=RiskChoiceBody(), max_length=5, help_text="Two at least; each number of points once."
    )


def question(row: RiskFactor) -> dict[str, Any]:
    """The dictionary of a `RiskQuestionShape`."""
    plain = ("key", "question", "help", "weight", "position", "raises_to", "is_active", "version")
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in plain},
        "answers": [{"points": each.points, "label": each.label} for each in row.choices.all()],
    }


def detail(row: RiskFactor) -> dict[str, Any]:
    versions = row.versions.select_related("created_by").order_by("-number")
    return question(row) | {"versions": [_version(each) for each in versions]}


def _version(row: RiskFactorVersion) -> dict[str, Any]:
    said = row.document
    return {
        "number": row.number,
        **{name: said[name] for name in ("question", "help", "weight", "raises_to")},
        "answers": [{"points": points, "label": label} for points, label in said["answers"]],
        "created_at": row.created_at,
        "created_by": person_of(row.created_by),
    }


class QuestionDoor(RowDoor):
    """A door to the risk questionnaire."""

    part = "factor"
    address = "risk-questions"

    def rows(self) -> Any:
        return RiskFactor.objects.prefetch_related("choices")

    def shape(self, row: RiskFactor) -> dict[str, Any]:
        return detail(row)


class Questions(QuestionDoor):
    """The questionnaire."""

    operations = {"GET": "record.queue", "POST": "change.set_risk"}

    @describe("List risk questions", gives=RiskQuestionList)
    def get(self, request: Any) -> Any:
        rows = self.rows().order_by("-is_active", "position", "pk")
        return self.answer({"items": [question(row) for row in rows]})

    @describe("Write a risk question", takes=NewQuestion, gives=RiskQuestionDetail, status=201, problems=[409])
    def post(self, request: Any) -> Any:
        values = NewQuestion.read(request.data, by=request.user)
        return self.made(operations.write_question(by=request.user, at=now(), **values))


class OneQuestion(QuestionDoor):
    """One question."""

    operations = {"GET": "record.queue", "PATCH": "change.set_risk"}
    also = ("record.queue",)

    @describe("Get a risk question", gives=RiskQuestionDetail, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(number)

    @describe(
        "Change a risk question", takes=QuestionChange, gives=RiskQuestionDetail, problems=[404, 409, 412, 428],
        parameters=[IF_MATCH], examples=[("More weight", {"weight": 4})],
    )  # fmt: skip
    def patch(self, request: Any, number: int) -> Any:
        return self.acted(number, operations.revise_question, QuestionChange, is_required=True, as_values=True)
