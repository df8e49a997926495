"""What pipelines say."""

from typing import Any

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.fields import LARGEST_KEY, Choice, Flag, Integer, Moment, Strict, Text, Texts
from common.api.filters import PageQuery
from records.api.references import RecordRow
from records.api.resource import LONGEST_TEXT

from ..enums import Result, State
from ..models import LONGEST_NAME, LONGEST_VERSION
from ..operations.asking import LONGEST_MINUTES

MOST_COMMITS = 500
MOST_ITEMS = 50
LONGEST_ASKED = 200
LONGEST_URL = 500


class CommitBody(Strict):
    """A commit, and when it was written."""

    sha = Text(
        max_length=64,
        validators=[RegexValidator(r"^[0-9A-Za-z._-]+\Z", _("A commit is named by letters, digits, dots and dashes."))],
        help_text="Its hash.",
    )
    committed_at = Moment(help_text="For example `git log -1 --format=%cI`.")


class QuestionBody(Strict):
    """What shall be deployed, where, and under which change."""

    service = Text(max_length=LONGEST_ASKED, help_text="Short name.")
    environment = Text(max_length=LONGEST_ASKED, help_text="Short name, for example production.")
    version = Text(max_length=LONGEST_VERSION, help_text="What is deployed: a tag, a build number.")
    commits = CommitBody(  # type: ignore[call-arg] # of the list, not of its rows
        many=True,
        min_length=1,
        max_length=MOST_COMMITS,
        help_text="What the version brings; the deployed commit first.",
    )
    planned_minutes = Integer(
        min_value=1, max_value=LONGEST_MINUTES, help_text="How long it takes at most. Report by then."
    )
    model = Text(
        max_length=LONGEST_ASKED, required=False, allow_blank=True, help_text="Short name of an approved model."
    )
    change = Text(
        max_length=LONGEST_ASKED,
        required=False,
        allow_blank=True,
        help_text="Reference of a scheduled change, instead of a model.",
    )
    items = Texts(required=False, max_length=MOST_ITEMS, help_text="Names of the items that it touches.")
    run_url = Text(
        max_length=LONGEST_URL,
        required=False,
        allow_blank=True,
        validators=[RegexValidator(r"^https?://[^\s<>\"]+\Z", _("This is no address. Write it like https://…"))],
        help_text="Where people can look at the run.",
    )
    notice_was_sent = Flag(
        required=False,
        help_text="The people concerned were told, where the communication plan of the model asks for it.",
    )


class ResultBody(Strict):
    """How it went."""

    result = Choice(choices=Result.choices)
    finished_at = Moment(required=False, help_text="When it ended; now when left out.")
    note = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True, help_text="What people should know.")
    is_unplanned_repair = Flag(
        required=False, help_text="Made only to repair what an earlier deployment broke; that one counts as failed."
    )
    incident = RecordRow(
        required=False,
        allow_null=True,
        help_text="Reference of the incident that the failure caused, or that the repair ends.",
    )

    def validate_incident(self, found: Any) -> Any:
        if found is not None and found.kind != "incident":
            raise serializers.ValidationError(_("This is no incident. Name the incident."))
        return found


class EnvironmentChange(Strict):
    """Only the fields sent are written."""

    name = Text(max_length=LONGEST_NAME, required=False)
    is_production = Flag(required=False, help_text="Counts in the measures.")
    needs_change = Flag(required=False, help_text="Deployed only under a change.")
    is_active = Flag(required=False, help_text="Pipelines may ask for it.")


class NewEnvironment(Strict):
    """A place that pipelines deploy to."""

    name = Text(max_length=LONGEST_NAME)
    slug = Text(max_length=LONGEST_NAME, required=False, help_text="Short name; made from the name when left out.")
    is_production = Flag(required=False, help_text="Counts in the measures.")
    needs_change = Flag(required=False, help_text="Deployed only under a change.")


class DeploymentQuery(PageQuery):
    """Filters add up."""

    service = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY, help_text="Id of a service.")
    environment = serializers.CharField(required=False, max_length=LONGEST_NAME, help_text="Short name.")
    state = serializers.ChoiceField(choices=State.choices, required=False)
    q = serializers.CharField(
        required=False, max_length=100, help_text="Part of the version, or the start of a commit."
    )


EXAMPLES = (
    (
        "Under a standard change made from a model",
        {
            "service": "customer-portal",
            "environment": "production",
            "version": "7.4.2",
            "commits": [{"sha": "9f2c1e7", "committed_at": "2026-03-02T08:15:00+01:00"}],
            "planned_minutes": 20,
            "model": "deploy-the-portal",
            "run_url": "https://ci.example.com/runs/812",
        },
    ),
    (
        "Under a change that was authorized and scheduled",
        {
            "service": "customer-portal",
            "environment": "production",
            "version": "8.0.0",
            "commits": [{"sha": "1b7aa90", "committed_at": "2026-03-02T08:15:00Z"}],
            "planned_minutes": 45,
            "change": "CHG-1042",
        },
    ),
)
RESULT_EXAMPLES = (
    ("It went well", {"result": "succeeded"}),
    ("It broke something", {"result": "rolled_back", "note": "Orders were not saved.", "incident": "INC-1042"}),
    (
        "A repair of what an earlier one broke",
        {"result": "succeeded", "is_unplanned_repair": True, "incident": "INC-1042"},
    ),
)
