"""What creating and changing improvements, goals and scales may say."""

from typing import Any

from rest_framework import serializers

from common.api.fields import Choice, Day, Flag, Integer, Row, Strict, Text, Texts
from people.queries import organizations_visible_to
from records.api.references import RecordRow, category, person, service, team
from records.api.resource import LONGEST_TEXT, RecordChange, level
from records.enums import Source

from ..enums import Origin, Size, Step, Word
from ..models import Goal
from ..questions import LONGEST_ANSWER


def prose(**options: Any) -> Text:
    return Text(max_length=LONGEST_TEXT, required=False, allow_blank=True, trim_whitespace=False, **options)


def goal(**options: Any) -> Row:
    """A goal, by id or title."""
    return Row(among=Goal.objects.visible_to, by="title", **options)


def rating(**options: Any) -> Integer:
    return Integer(min_value=1, max_value=5, **options)


class ImprovementFields(Strict):
    """What a new improvement and a change of one may both say."""

    owner = person(required=False, allow_null=True, help_text="Who answers for the result: id or user name.")
    assignee = person(required=False, allow_null=True)
    team = team(required=False, allow_null=True, help_text="Id or short name.")
    goal = goal(required=False, allow_null=True, help_text="Id or title.")
    size = Choice(choices=Size.choices, required=False, help_text="small ones may skip the vision and the ways.")
    tags = Texts(required=False, max_length=50)


class ImprovementChange(ImprovementFields, RecordChange):
    """Fields that no move owns. Only those sent are written."""

    item = None  # type: ignore[assignment]


class NewImprovement(ImprovementFields):
    """An improvement in the register, suggested. Only the title is needed."""

    title = Text(max_length=200)
    description = prose()
    requester = person(required=False, help_text="Who suggested it; the caller when left out.")
    origin = Choice(choices=Origin.choices, required=False, help_text="Follows from what it is raised from.")
    raised_from = RecordRow(required=False, help_text="Reference of the record that gives the idea.")
    kpi = Text(max_length=60, required=False, help_text="Id of the measure whose figures give the idea.")
    service = service(required=False, allow_null=True, help_text="Id or short name.")
    category = category(required=False, allow_null=True, help_text="Id or name.")
    source = Choice(choices=Source.choices, default=Source.API.value)  # type: ignore[assignment] # the field of that name
    impact = level(help_text="1 high, 2 medium, 3 low (when left out).")
    urgency = level(help_text="1 high, 2 medium (when left out), 3 low.")


class SuggestionBody(Strict):
    """A suggestion for one's own organization."""

    title = Text(max_length=200)
    description = prose()
    service = service(required=False, help_text="Id or short name.")


class SuggestionWithdrawalBody(Strict):
    """Why a suggestion is taken back."""

    reason = Text(max_length=500)


class ScoreBody(Strict):
    """Levels of the three scales, 1 to 5."""

    value = rating()
    effort = rating()
    risk = rating()


class PointerBody(Strict):
    """Where the pointer goes."""

    step = Integer(min_value=1, max_value=7)
    reason = Text(
        max_length=500, required=False, allow_blank=True,
        help_text="A must when it goes back, or passes a step that is not complete.",
    )  # fmt: skip


class SkipBody(Strict):
    """Why a step is left out."""

    step = Choice(choices=[(int(each), str(each.label)) for each in Step])
    reason = Text(max_length=300)


class AnswersBody(Strict):
    """Answers by the names of the questions; those not named stay."""

    texts = serializers.DictField(
        child=Text(max_length=LONGEST_ANSWER, allow_blank=True, trim_whitespace=False), allow_empty=False
    )


class WayBody(ScoreBody):
    """One way to get there."""

    text = Text(max_length=300)


class EffectBody(Strict):
    """From which day on the new way holds."""

    acted_on = Day()
    settling_days = Integer(min_value=0, max_value=366, required=False)


class ObservationBody(Strict):
    """What we see now, where nothing counts it."""

    text = Text(max_length=500)


class ExpectationBody(Strict):
    """What we want to see, and by when."""

    text = Text(max_length=500)
    target_date = Day()


class BaselineBody(Strict):
    """A KPI, the days of its baseline, and whose records are counted."""

    kpi = Text(max_length=60)
    baseline_from = Day()
    baseline_to = Day(help_text="Not included.")
    service = service(required=False, allow_null=True)
    team = team(required=False, allow_null=True)
    organization = Row(among=organizations_visible_to, required=False, allow_null=True)
    priority = Integer(min_value=1, max_value=5, required=False, allow_null=True)


class MeasureTargetBody(Strict):
    """The figure to be reached, in the unit of the KPI; counts are figures of a week."""

    target = serializers.FloatField(min_value=0, max_value=1e9)
    target_date = Day()


class JudgmentOfObservation(Strict):
    """A person's verdict on an observation."""

    word = Choice(choices=Word.choices)
    note = Text(max_length=1000)


class GoalBody(Strict):
    """A goal."""

    title = Text(max_length=200)
    description = prose()
    organization = Row(
        among=organizations_visible_to, required=False, allow_null=True, help_text="Whose goal it is; null for all."
    )
    owner = person(required=False, allow_null=True)


class GoalChange(GoalBody):
    """A goal as it is to be."""

    is_active = Flag(required=False)


class ScaleBody(Strict):
    """A scale as it is to be."""

    weight = Integer(min_value=0, max_value=100)
    texts = Texts(min_length=5, max_length=5, help_text="Of the levels 1 to 5.")


EXAMPLES = (
    ("The shortest one", {"title": "Answer password questions by a page of its own"}),
    ("From an incident", {"title": "Fewer dropped sessions", "raised_from": "INC-1042", "owner": "tom"}),
)
