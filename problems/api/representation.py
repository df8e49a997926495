"""One problem as the API shows it."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from common.api.fields import Answer, Named
from people.access import access_of
from records.api import detail
from records.api.representation import person_of

from ..enums import Method, Origin
from ..models import Problem
from ..queries.impact import impact_of

RELATED = (*detail.RELATED, "risk_accepted_by")


class CostShape(Answer):
    """What the problem costs, of the incidents that the caller may see."""

    incidents = serializers.IntegerField()
    open_incidents = serializers.IntegerField()
    missed_targets = serializers.IntegerField()
    people = serializers.IntegerField()
    user_minutes_lost = serializers.IntegerField()
    pain_value = serializers.IntegerField(help_text="User hours × weight of the service (vital 3, important 2, 1).")


class ProblemShape(detail.RecordDetail):
    """A problem. What only the provider's people may see is left out for others."""

    origin = serializers.ChoiceField(choices=Origin.values)
    impact_statement = serializers.CharField(required=False, allow_blank=True)
    method = serializers.ChoiceField(required=False, choices=Method.values, allow_blank=True)
    cause_code = serializers.CharField(required=False, allow_blank=True)
    cause_found_at = serializers.DateTimeField(required=False, allow_null=True)
    review_date = serializers.DateField(required=False, allow_null=True)
    fixed_at = serializers.DateTimeField(required=False, allow_null=True)
    watch_until_date = serializers.DateField(required=False, allow_null=True)
    loop_count = serializers.IntegerField(required=False)
    lessons = serializers.CharField(required=False, allow_blank=True)
    risk_accepted_by = Named(required=False, allow_null=True)
    risk_reason = serializers.CharField(required=False, allow_blank=True)
    impact_of_incidents = CostShape(required=False)


def problem(record: Problem, *, by: Any, at: datetime, comments: bool = False) -> dict[str, Any]:
    """The dictionary of a `ProblemShape`. :param record: read with `RELATED`, so that no name costs a query."""
    found = detail.detail(record, by=by, at=at, comments=comments) | {"origin": record.origin}
    if not access_of(by).allows_on("record.read_notes", record):
        return found
    impact = impact_of(record, by, at=at)
    return found | {
        "impact_statement": record.impact_statement,
        "method": record.method,
        "cause_code": record.cause_code,
        "cause_found_at": record.cause_found_at,
        "review_date": record.review_date,
        "fixed_at": record.fixed_at,
        "watch_until_date": record.watch_until_date,
        "loop_count": record.loop_count,
        "lessons": record.lessons,
        "risk_accepted_by": person_of(record.risk_accepted_by),
        "risk_reason": record.risk_reason,
        "impact_of_incidents": {
            "incidents": impact.incidents,
            "open_incidents": impact.open_incidents,
            "missed_targets": impact.missed,
            "people": impact.people,
            "user_minutes_lost": impact.minutes,
            "pain_value": impact.pain,
        },
    }
