"""What creating and changing a change may say."""

from typing import Any

from rest_framework import serializers

from common.api.fields import Choice, Integer, Moment, Row, Strict, Text, Texts
from records.api.references import RecordRow, category, item, person, service, team
from records.api.resource import LARGEST_COUNT, LONGEST_TEXT, RecordChange, level
from records.enums import Source

from ..enums import StepState, Type
from ..models import ChangeModel

MOST_NAMED = 200


def prose(**options: Any) -> Text:
    return Text(max_length=LONGEST_TEXT, required=False, allow_blank=True, trim_whitespace=False, **options)


def rows(child: Any, **options: Any) -> Any:
    return serializers.ListField(child=child, max_length=MOST_NAMED, **options)


class PlanBody(Strict):
    """Why it is needed and how it is done. Guards ask for what is missing when it goes on."""

    rationale = prose(help_text="Why it is needed.")
    benefit = prose()
    harm = prose(help_text="Of emergencies without an incident: what threatens, and when.")
    implementation_plan = prose()
    test_plan = prose()
    test_evidence = prose()
    back_out_plan = prose()
    back_out_trigger = prose()
    communication_plan = prose()
    outage_minutes = Integer(min_value=0, max_value=LARGEST_COUNT, required=False)


class ChangeChange(PlanBody, RecordChange):
    """Fields that no move owns. Only those sent are written; the plan only until it is decided upon."""

    owner = person(required=False, allow_null=True, help_text="Id or user name.")
    assignee = person(required=False, allow_null=True, help_text="Who implements it: id or user name.")
    team = team(required=False, allow_null=True, help_text="Id or short name.")
    tags = Texts(required=False, max_length=50)


class NewChange(PlanBody):
    """A draft. Only the title is needed; whoever sends it asks for it."""

    title = Text(max_length=200)
    description = prose()
    requester = person(required=False, help_text="Who asks for it: id or user name; the caller when left out.")
    type = Choice(
        choices=[each for each in Type.choices if each[0] != Type.STANDARD],
        required=False,
        help_text="normal when left out; one with a model is standard.",
    )
    model = Row(
        among=lambda by: ChangeModel.objects.all(), required=False, help_text="Id or short name of an approved model."
    )
    services = rows(service(), required=False, help_text="Ids or short names of the services that it touches.")
    items = rows(item(), required=False, help_text="Ids or names of the items that it touches.")
    raised_from = RecordRow(required=False, help_text="Reference of the incident or problem that calls for it.")
    category = category(required=False, help_text="Id or name.")
    team = team(required=False, help_text="Id or short name.")
    assignee = person(required=False, help_text="Who implements it: id or user name.")
    source = Choice(choices=Source.choices, default=Source.API.value)  # type: ignore[assignment] # the field of that name
    tags = Texts(required=False, max_length=50)
    impact = level(help_text="1 high, 2 medium, 3 low (when left out).")
    urgency = level(help_text="1 high, 2 medium (when left out), 3 low.")


class ScopeBody(Strict):
    """Everything that it touches; what is not named is no longer touched."""

    services = rows(service())
    items = rows(item())


class RiskBody(Strict):
    """Answers by the short names of their questions; those that are not named stay as they are."""

    answers = serializers.DictField(child=Integer(min_value=0, max_value=4), help_text="Points from 0 to 4.")


class WindowBody(Strict):
    """When it is planned; both null take the window away."""

    planned_from = Moment(allow_null=True)
    planned_to = Moment(allow_null=True, help_text="Not included.")


class TakenWindowBody(Strict):
    """A window that was suggested."""

    planned_from = Moment()
    planned_to = Moment(help_text="Not included.")
    reason = Text(max_length=300, required=False, allow_blank=True, help_text="Why, for one that is scheduled.")


class AcceptanceBody(Strict):
    """One conflict, by the key under which it is listed now."""

    key = Text(max_length=200)
    reason = Text(max_length=500)


class ExemptionBody(Strict):
    """A freeze in which it may happen all the same."""

    window = Integer(min_value=1, max_value=LARGEST_COUNT, help_text="Id of the freeze, as the conflict names it.")
    reason = Text(max_length=500)


class ChangeReasonBody(Strict):
    """Why."""

    reason = Text(max_length=300)


class ChangeStepBody(Strict):
    """A new step, the last of all."""

    title = Text(max_length=200)
    instructions = prose()
    owner = person(required=False, allow_null=True, help_text="Who does it: id or user name.")
    planned_from = Moment(required=False, allow_null=True)
    planned_to = Moment(required=False, allow_null=True)


class PlaceBody(Strict):
    """A place in the order."""

    position = Integer(min_value=1, max_value=LARGEST_COUNT, help_text="1 is the first.")


class EndBody(Strict):
    """How a step ended."""

    state = Choice(
        choices=[(each.value, str(each.label)) for each in (StepState.DONE, StepState.SKIPPED, StepState.FAILED)]
    )
    note = Text(max_length=300, required=False, allow_blank=True, help_text="Why, unless it was done.")


EXAMPLES = (
    ("The shortest one", {"title": "Patch the gateway"}),
    (
        "With what it touches",
        {"title": "Patch the gateway", "rationale": "It drops connections.", "services": ["vpn"], "assignee": "tom"},
    ),
)
