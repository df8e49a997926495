"""One incident as the API shows it."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from common.api.fields import Named
from people.access import access_of
from records.api import detail
from records.api.representation import person_of

from ..enums import ResolutionCode
from ..models import Incident

RELATED = (*detail.RELATED, "opened_by", "resolved_by")


class IncidentShape(detail.RecordDetail):
    """An incident. What only the provider's people may see is left out for others."""

    symptom = serializers.CharField(allow_blank=True)
    affected_count = serializers.IntegerField(allow_null=True)
    outage_from = serializers.DateTimeField(allow_null=True)
    outage_to = serializers.DateTimeField(allow_null=True)
    is_security_related = serializers.BooleanField()
    resolution_code = serializers.ChoiceField(choices=ResolutionCode.values, allow_blank=True)
    resolution_text = serializers.CharField(allow_blank=True)
    resolved_by = Named(allow_null=True)
    opened_by = Named(required=False, allow_null=True)
    supplier_reference = serializers.CharField(required=False, allow_blank=True)
    cause_code = serializers.CharField(required=False, allow_blank=True)
    is_first_contact = serializers.BooleanField(required=False)


def incident(record: Incident, *, by: Any, at: datetime, comments: bool = False) -> dict[str, Any]:
    """The dictionary of an `IncidentShape`. :param record: read with `RELATED`, so that no name costs a query."""
    found = detail.detail(record, by=by, at=at, comments=comments)
    found |= {
        "symptom": record.symptom,
        "affected_count": record.affected_count,
        "outage_from": record.outage_from,
        "outage_to": record.outage_to,
        "is_security_related": record.is_security_related,
        "resolution_code": record.resolution_code,
        "resolution_text": record.resolution_text,
        "resolved_by": person_of(record.resolved_by),
    }
    if access_of(by).allows_on("record.read_notes", record):
        found |= {
            "opened_by": person_of(record.opened_by),
            "supplier_reference": record.supplier_reference,
            "cause_code": record.cause_code,
            "is_first_contact": record.is_first_contact,
        }
    return found
