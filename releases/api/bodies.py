"""What creating and changing a release may say."""

from typing import Any

from rest_framework import serializers

from common.api.fields import Choice, Flag, Integer, Moment, Strict, Text, Texts
from records.api.references import RecordRow, category, person, service, team
from records.api.resource import LARGEST_COUNT, LONGEST_TEXT, RecordChange, level
from records.enums import Priority, Source

from ..enums import Environment, Result, Type
from ..permissions import SIGNER_CHOICES

MOST_NAMED = 200
MOST_DAYS = 366


def prose(**options: Any) -> Text:
    return Text(max_length=LONGEST_TEXT, required=False, allow_blank=True, trim_whitespace=False, **options)


def rows(child: Any, **options: Any) -> Any:
    return serializers.ListField(child=child, max_length=MOST_NAMED, **options)


class ReleaseFields(Strict):
    """What a new release and a change of one may both say."""

    owner = person(required=False, allow_null=True, help_text="Who may waive what it does not fulfill.")
    assignee = person(required=False, allow_null=True, help_text="The release manager: id or user name.")
    team = team(required=False, allow_null=True, help_text="Id or short name.")
    tags = Texts(required=False, max_length=50)
    version_name = Text(max_length=60, required=False, allow_blank=True)
    build_reference = Text(max_length=300, required=False, allow_blank=True, help_text="An address, tag or checksum.")
    release_notes = prose()
    known_errors = prose()
    deployment_plan = prose()
    back_out_plan = prose()
    communication_plan = prose()
    early_life_days = Integer(min_value=0, max_value=MOST_DAYS, required=False)
    quiet_days = Integer(min_value=0, max_value=MOST_DAYS, required=False)
    quiet_priority = Choice(
        choices=[(each.value, str(each.label)) for each in Priority],
        required=False,
        help_text="Incidents of this priority or worse break the quiet.",
    )
    most_incidents = Integer(min_value=0, max_value=LARGEST_COUNT, required=False, allow_null=True)


class ReleaseChange(ReleaseFields, RecordChange):
    """Fields that no move owns. Only those sent are written; what was tested or agreed stays."""

    # Its services are a scope of their own.
    service = None  # type: ignore[assignment]
    item = None  # type: ignore[assignment]


class NewRelease(ReleaseFields):
    """A release in planning. Only the title is needed; whoever sends it plans it."""

    title = Text(max_length=200)
    description = prose()
    requester = person(required=False, help_text="Id or user name; the caller when left out.")
    type = Choice(choices=Type.choices, required=False, help_text="minor when left out.")
    services = rows(service(), required=False, help_text="Those of its changes when left out.")
    changes = rows(RecordRow(), required=False, help_text="References of what goes live with it.")
    category = category(required=False, help_text="Id or name.")
    source = Choice(choices=Source.choices, default=Source.API.value)  # type: ignore[assignment] # the field of that name
    impact = level(help_text="1 high, 2 medium, 3 low (when left out).")
    urgency = level(help_text="1 high, 2 medium (when left out), 3 low.")


class ReleaseServices(Strict):
    """All services that it is for."""

    services = rows(service())


class ReleaseWindow(Strict):
    """When it goes live; both null take the window away."""

    planned_from = Moment(allow_null=True)
    planned_to = Moment(allow_null=True, help_text="Not included.")
    reason = Text(max_length=500, required=False, allow_blank=True, help_text="A must once a date was promised.")


class ContentBody(Strict):
    """What goes live with it."""

    change = RecordRow(help_text="Its reference.")


class CriterionBody(Strict):
    """One thing that it must fulfill."""

    text = Text(max_length=300)


class JudgmentBody(Strict):
    """What the tests found."""

    is_met = Flag()
    note = Text(max_length=500, required=False, allow_blank=True, help_text="A must when it is not met.")


class ReleaseReason(Strict):
    """Why."""

    reason = Text(max_length=300)


class SignatureBody(Strict):
    """A signature."""

    note = Text(max_length=300, required=False, allow_blank=True)


class DeploymentBody(Strict):
    """A wave, the last of all."""

    name = Text(max_length=120)
    environment = Choice(choices=Environment.choices, required=False, help_text="production when left out.")
    planned_at = Moment(required=False, allow_null=True)


class DeploymentEndBody(Strict):
    """How a wave ended."""

    result = Choice(
        choices=[(each.value, str(each.label)) for each in (Result.SUCCESSFUL, Result.FAILED, Result.BACKED_OUT)]
    )
    verification = Text(max_length=500, help_text="How it was verified, or what went wrong.")


class ChecklistLineBody(Strict):
    """A line of the template."""

    text = Text(max_length=200)
    role = Choice(choices=SIGNER_CHOICES)
    types = rows(Choice(choices=Type.choices), required=False, help_text="All types when left out.")
    is_required = Flag(required=False)


class ChecklistLineChange(ChecklistLineBody):
    """A line of the template as it is to be; `is_active: false` has it asked no more."""

    is_active = Flag(required=False)


EXAMPLES = (
    ("The shortest one", {"title": "Gateway 4.2"}),
    (
        "With what goes live",
        {"title": "Gateway 4.2", "version_name": "4.2.0", "type": "major", "changes": ["CHG-1042"], "assignee": "tom"},
    ),
)
