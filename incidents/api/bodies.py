"""What creating and changing an incident may say."""

from common.api.fields import Choice, Flag, Integer, Moment, Strict, Text, Texts
from records.api.references import category, item, person, service
from records.api.resource import LARGEST_COUNT, LONGEST_TEXT, RecordChange, level
from records.enums import Source


class IncidentChange(RecordChange):
    """Fields that no move owns. Only those sent are written."""

    source = Choice(choices=Source.choices, required=False)  # type: ignore[assignment] # the field of that name
    tags = Texts(required=False, max_length=50)
    affected_count = Integer(min_value=0, max_value=LARGEST_COUNT, required=False, allow_null=True)
    symptom = Text(max_length=200, required=False, allow_blank=True)
    outage_from = Moment(required=False, allow_null=True)
    outage_to = Moment(required=False, allow_null=True)
    is_security_related = Flag(required=False)
    supplier_reference = Text(max_length=120, required=False, allow_blank=True)
    cause_code = Text(max_length=60, required=False, allow_blank=True)


class NewIncident(Strict):
    """A report. Only the title is needed; the requester is the caller when nobody is named."""

    title = Text(max_length=200)
    description = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True, trim_whitespace=False)
    requester = person(required=False, help_text="Id or user name; the caller when left out.")
    service = service(required=False, help_text="Id or short name.")
    item = item(required=False, help_text="Id or name of the configuration item.")
    category = category(required=False, help_text="Id or name.")
    location = Text(max_length=120, required=False, allow_blank=True)
    source = Choice(choices=Source.choices, default=Source.API.value)  # type: ignore[assignment] # as above
    tags = Texts(required=False, max_length=50)
    impact = level(help_text="1 high, 2 medium, 3 low (when left out).")
    urgency = level(help_text="1 high, 2 medium (when left out), 3 low.")
    affected_count = Integer(min_value=0, max_value=LARGEST_COUNT, required=False)
    symptom = Text(max_length=200, required=False, allow_blank=True)
    outage_from = Moment(required=False)
    outage_to = Moment(required=False)
    is_security_related = Flag(required=False)
    opened_at = Moment(required=False, help_text="When it was reported, at most 7 days back; clocks count from here.")
    reason = Text(max_length=5000, required=False, help_text="How the earlier moment is known.")


EXAMPLES = (
    ("The shortest report", {"title": "VPN drops every 20 minutes"}),
    (
        "From a monitoring system",
        {
            "title": "Gateway 2 does not answer",
            "description": "Three checks failed since 08:55 UTC.",
            "requester": "maria",
            "service": "vpn",
            "source": "monitoring",
            "impact": 2,
            "urgency": 1,
            "tags": ["gateway"],
            "outage_from": "2026-03-02T08:55:00Z",
        },
    ),
)
