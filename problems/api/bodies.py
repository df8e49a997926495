"""What creating and changing a problem may say."""

from rest_framework import serializers

from common.api.fields import Choice, Strict, Text, Texts
from records.api.references import RecordRow, category, item, person, service, team
from records.api.resource import LONGEST_TEXT, RecordChange, level
from records.enums import Source

from ..enums import Origin
from ..operations import FROM_AT_MOST


class ProblemChange(RecordChange):
    """Fields that no move owns. Only those sent are written."""

    owner = person(required=False, allow_null=True, help_text="Id or user name.")
    assignee = person(required=False, allow_null=True, help_text="Who investigates: id or user name.")
    team = team(required=False, allow_null=True, help_text="Id or short name.")
    source = Choice(choices=Source.choices, required=False)  # type: ignore[assignment] # the field of that name
    tags = Texts(required=False, max_length=50)
    origin = Choice(choices=Origin.choices, required=False)
    impact_statement = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True, trim_whitespace=False)
    cause_code = Text(max_length=60, required=False, allow_blank=True)


class NewProblem(Strict):
    """A suspicion. Only the title is needed; whoever sends it raises it."""

    title = Text(max_length=200)
    description = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True, trim_whitespace=False)
    requester = person(required=False, help_text="Who raises it: id or user name; the caller when left out.")
    origin = Choice(choices=Origin.choices, required=False)
    service = service(required=False, help_text="Id or short name.")
    item = item(required=False, help_text="Id or name of the configuration item.")
    category = category(required=False, help_text="Id or name.")
    team = team(required=False, help_text="Id or short name.")
    location = Text(max_length=120, required=False, allow_blank=True)
    source = Choice(choices=Source.choices, default=Source.API.value)  # type: ignore[assignment] # as above
    tags = Texts(required=False, max_length=50)
    impact = level(help_text="1 high, 2 medium, 3 low (when left out).")
    urgency = level(help_text="1 high, 2 medium (when left out), 3 low.")
    impact_statement = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True, trim_whitespace=False)
    cause_code = Text(max_length=60, required=False, allow_blank=True)
    incidents = serializers.ListField(
        child=RecordRow(),
        required=False,
        max_length=FROM_AT_MOST,
        help_text="References of the incidents that it causes; each gets the link.",
    )


EXAMPLES = (
    ("The shortest one", {"title": "VPN drops every 20 minutes"}),
    (
        "From incidents that look alike",
        {"title": "VPN drops every 20 minutes", "origin": "trend", "service": "vpn", "incidents": ["INC-1042"]},
    ),
)
