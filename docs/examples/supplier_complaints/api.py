"""Complaints in the API: what a new one and a change may say, and how one is shown."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from common.api.fields import Choice, Strict, Text
from people.access import access_of
from records.api.detail import RecordDetail, detail
from records.api.references import person, service, team
from records.api.resource import LONGEST_TEXT, RecordChange, Resource, level
from records.enums import Source

from .enums import Remedy
from .models import Complaint

OWN = ("promised", "answer", "answered_at", "remedy")


class ComplaintChange(RecordChange):
    """Fields that no move owns. Only those sent are written."""

    supplier = Text(max_length=120, required=False)
    promised = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    owner = person(required=False, allow_null=True, help_text="Id or user name.")
    assignee = person(required=False, allow_null=True, help_text="Id or user name.")
    team = team(required=False, allow_null=True, help_text="Id or short name.")


class NewComplaint(Strict):
    """A complaint that is not lodged yet."""

    title = Text(max_length=200)
    supplier = Text(max_length=120)
    promised = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True, help_text="Needed before it is lodged.")
    description = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    service = service(required=False, help_text="Id or short name.")
    source = Choice(choices=Source.choices, default=Source.API.value)  # type: ignore[assignment] # the field of that name
    impact = level(help_text="1 high, 2 medium, 3 low (when left out).")
    urgency = level(help_text="1 high, 2 medium (when left out), 3 low.")


class ComplaintShape(RecordDetail):
    """A complaint. What only the provider's people may see is left out for others."""

    supplier = serializers.CharField()
    promised = serializers.CharField(required=False)
    answer = serializers.CharField(required=False)
    answered_at = serializers.DateTimeField(required=False, allow_null=True)
    remedy = serializers.ChoiceField(required=False, choices=Remedy.values, allow_blank=True)


def represent(record: Complaint, *, by: Any, at: datetime, comments: bool = False) -> dict[str, Any]:
    """The dictionary of a `ComplaintShape`."""
    found = detail(record, by=by, at=at, comments=comments) | {"supplier": record.supplier}
    if access_of(by).allows_on("record.read_notes", record):
        found |= {name: getattr(record, name) for name in OWN}
    return found


COMPLAINTS = Resource(
    kind="supplier_complaint",
    one="a supplier complaint",
    shape=ComplaintShape,
    represent=represent,
    new=NewComplaint,
    making="Write a complaint",
    change=ComplaintChange,
)
