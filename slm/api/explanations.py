"""Why a clock says what it says, in the REST API: the same explanation as on the page."""

from datetime import timedelta
from typing import Any

from django.http import Http404
from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import LARGEST_KEY, Answer
from common.time import now
from records.api.records import RecordDoor

from ..declarations import clock_choices
from ..enums import ClockState, SegmentKind
from ..explain import Explanation, explanation
from ..models import Clock

MINUTE = timedelta(minutes=1)


class ClosedDay(Answer):
    """A date on which the calendar did not open."""

    day = serializers.DateField()
    name = serializers.CharField(allow_blank=True, help_text="Of the holiday or exception.")


class IntervalShape(Answer):
    """One interval, and what it added."""

    kind = serializers.ChoiceField(choices=SegmentKind.choices)
    reason = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_blank=True)
    at_from = serializers.DateTimeField()
    at_to = serializers.DateTimeField(allow_null=True)
    used_minutes = serializers.FloatField(help_text="Working time that counted.")
    open_minutes = serializers.FloatField(help_text="Working time that passed, counted or not.")
    total_minutes = serializers.FloatField(help_text="Counted so far.")
    calendar_version = serializers.IntegerField()
    closed_days = ClosedDay(many=True)


class ChangeShape(Answer):
    """Why and how the clock was computed anew."""

    at = serializers.DateTimeField()
    why = serializers.CharField()
    policy = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_blank=True)
    target_before_minutes = serializers.FloatField(allow_null=True)
    target_after_minutes = serializers.FloatField(allow_null=True)
    due_before = serializers.DateTimeField(allow_null=True)
    due_after = serializers.DateTimeField(allow_null=True)


class CandidateShape(Answer):
    """An agreement that was looked at."""

    name = serializers.CharField()
    outcome = serializers.CharField()
    is_chosen = serializers.BooleanField()


class ExplanationShape(Answer):
    """The agreement and why this one, whose hours, each interval with its working time, the sums as sentences."""

    clock = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=clock_choices())
    state = serializers.ChoiceField(choices=ClockState.choices)
    as_of = serializers.DateTimeField()
    agreement = serializers.CharField(allow_blank=True)
    agreement_version = serializers.IntegerField()
    why_this_one = serializers.ListField(child=serializers.CharField())
    candidates = CandidateShape(many=True)
    calendar = serializers.CharField()
    zone = serializers.CharField()
    priority = serializers.CharField()
    pauses_for = serializers.ListField(child=serializers.CharField())
    target_minutes = serializers.FloatField()
    used_minutes = serializers.FloatField()
    remaining_minutes = serializers.FloatField(allow_null=True, help_text="Null once it has ended.")
    counts_from = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    due_local = serializers.CharField(allow_null=True, help_text="On the wall clock of the calendar.")
    stopped_at = serializers.DateTimeField(allow_null=True)
    is_breached = serializers.BooleanField()
    is_breached_by_reclassification = serializers.BooleanField()
    intervals = IntervalShape(many=True)
    changes = ChangeShape(many=True)
    arithmetic = serializers.ListField(child=serializers.CharField(), help_text="The sums, step by step, in words.")


def explained(found: Explanation) -> dict[str, Any]:
    """The dictionary of an `ExplanationShape`."""
    return {
        "clock": found.clock_id,
        "kind": found.kind,
        "state": found.state,
        "as_of": found.at,
        "agreement": found.agreement,
        "agreement_version": found.agreement_version,
        "why_this_one": [str(each) for each in found.why_this_one],
        "candidates": [
            {"name": each.name, "outcome": str(each.outcome), "is_chosen": each.is_chosen} for each in found.candidates
        ],
        "calendar": found.calendar,
        "zone": found.zone,
        "priority": str(found.priority),
        "pauses_for": [str(each) for each in found.pauses_for],
        "target_minutes": _minutes(found.target),
        "used_minutes": _minutes(found.used),
        "remaining_minutes": _minutes(found.remaining),
        "counts_from": found.counts_from.at,
        "due_at": found.due.at if found.due else None,
        "due_local": found.due.contract if found.due else None,
        "stopped_at": found.stopped.at if found.stopped else None,
        "is_breached": found.is_breached,
        "is_breached_by_reclassification": found.is_breached_by_reclassification,
        "intervals": [_interval(each) for each in found.intervals],
        "changes": [_change(each) for each in found.changes],
        "arithmetic": [str(each) for each in found.arithmetic],
    }


def _interval(each: Any) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "reason": str(each.reason),
        "by": each.by,
        "at_from": each.at_from,
        "at_to": each.at_to,
        "used_minutes": _minutes(each.used),
        "open_minutes": _minutes(each.open_time),
        "total_minutes": _minutes(each.total),
        "calendar_version": each.hours_version,
        "closed_days": [{"day": closed.day, "name": closed.name} for closed in each.closed],
    }


def _change(each: Any) -> dict[str, Any]:
    return {
        "at": each.at,
        "why": str(each.why),
        "policy": str(each.policy),
        "by": each.by,
        "target_before_minutes": _minutes(each.target_before),
        "target_after_minutes": _minutes(each.target_after),
        "due_before": each.due_before,
        "due_after": each.due_after,
    }


def _minutes(amount: timedelta | None) -> float | None:
    return None if amount is None else round(amount / MINUTE, 3)


class ClockExplanation(RecordDoor):
    """One clock, laid open."""

    operations = {"GET": "clock.view"}

    @describe("Explain a clock", gives=ExplanationShape, problems=[404])
    def get(self, request: Any, reference: str, number: int) -> Any:
        record = self.record(reference)
        rows = Clock.objects.visible_to(request.user).filter(record_id=record.pk, pk=min(number, LARGEST_KEY))
        found = rows.select_related("agreement", "calendar", "record").first()
        if found is None:
            raise Http404
        return self.answer(explained(explanation(found, now())))
