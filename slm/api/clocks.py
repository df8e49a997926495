"""Clocks of a record in the REST API: the promise, the ledger that keeps it, and what it passed."""

from datetime import datetime, timedelta
from typing import Any

from rest_framework import serializers

from calendars import registry
from common.api.describing import describe
from common.api.fields import Answer, Named, named
from common.time import now
from records.api.records import RecordDoor

from ..declarations import clock_choices
from ..enums import ClockState, SegmentKind
from ..models import Clock
from ..points import Point
from ..queries import view_of

MINUTE = timedelta(minutes=1)


class SegmentShape(Answer):
    """An interval of the clock; without an end it lasts until now."""

    kind = serializers.ChoiceField(choices=SegmentKind.choices)
    reason = serializers.CharField(allow_blank=True)
    at_from = serializers.DateTimeField()
    at_to = serializers.DateTimeField(allow_null=True)
    calendar_version = serializers.IntegerField()
    working_minutes = serializers.FloatField(help_text="Working time in it, by the calendar in force then.")


class FactShape(Answer):
    """A threshold that was passed: when, and when it was seen."""

    level = serializers.CharField(
        help_text="`due_soon`, `at_risk`, `breached`; or a warning of the agreement: `p60` at 60 % used, `m30` with 30"
        " working minutes left."
    )
    at = serializers.DateTimeField()
    detected_at = serializers.DateTimeField()


class ClockShape(Answer):
    """One promise about one record."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=clock_choices())
    part = serializers.IntegerField(allow_null=True, help_text="The task, or step of an approval, that it is about.")
    about = serializers.CharField(allow_blank=True, help_text="The name of that task or step.")
    state = serializers.ChoiceField(choices=ClockState.choices)
    pause_reason = serializers.CharField(allow_blank=True)
    agreement = Named(allow_null=True)
    agreement_version = serializers.IntegerField()
    calendar = Named()
    zone = serializers.CharField()
    priority = serializers.IntegerField(min_value=1, max_value=5)
    target_minutes = serializers.FloatField()
    point = serializers.CharField(allow_null=True, help_text="The point in time that the target came from, in words.")
    used_minutes = serializers.FloatField(help_text="Working time, up to now while it runs.")
    remaining_minutes = serializers.FloatField(allow_null=True, help_text="Below zero when missed; null at the end.")
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True, help_text="Null while paused.")
    stopped_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    is_breached = serializers.BooleanField()
    segments = SegmentShape(many=True)
    facts = FactShape(many=True)
    explanation = serializers.CharField(help_text="Where the clock is explained.")


class ClockList(Answer):
    """Every clock of the record, replaced ones too."""

    as_of = serializers.DateTimeField()
    items = ClockShape(many=True)


def clock(row: Clock, at: datetime, address: str) -> dict[str, Any]:
    """
    The dictionary of a `ClockShape`.

    :param row: read with agreement, calendar, segments and facts. :param address: of the list.
    """
    view = view_of(row, at=at)
    return {
        "id": row.pk,
        "kind": row.kind,
        "part": row.part,
        "about": row.about or "",
        "state": row.state,
        "pause_reason": row.pause_reason,
        "agreement": named(row.agreement_id, str(row.agreement)),
        "agreement_version": row.agreement_version,
        "calendar": named(row.calendar_id, row.calendar.name),
        "zone": row.calendar.zone,
        "priority": row.priority,
        "target_minutes": row.target / MINUTE,
        "point": point.sentence if (point := Point.from_code(row.point)) else None,
        "used_minutes": round(view.used / MINUTE, 3),
        "remaining_minutes": None if view.remaining is None else round(view.remaining / MINUTE, 3),
        "started_at": row.started_at,
        "due_at": row.due_at,
        "stopped_at": row.stopped_at,
        "breached_at": row.breached_at,
        "is_breached": row.is_breached,
        "segments": [_segment(each, at) for each in row.segments.all()],
        "explanation": f"{address}{row.pk}/explanation/",
        "facts": [{"level": f.level, "at": f.at, "detected_at": f.detected_at} for f in row.facts.all()],
    }


def _segment(row: Any, at: datetime) -> dict[str, Any]:
    hours = registry.business_time(row.calendar_id, row.calendar_version)
    end = row.at_to or max(at, row.at_from)
    return {
        "kind": row.kind,
        "reason": row.reason,
        "at_from": row.at_from,
        "at_to": row.at_to,
        "calendar_version": row.calendar_version,
        "working_minutes": round(hours.between(row.at_from, end) / MINUTE, 3),
    }


def clocks_of_record(request: Any, key: int, at: datetime) -> dict[str, Any]:
    """The dictionary of a `ClockList`, as the caller may see it."""
    rows = (
        Clock.objects.visible_to(request.user)
        .filter(record_id=key)
        .select_related("agreement", "calendar")
        .prefetch_related("segments", "facts")
        .order_by("kind", "id")
    )
    record = request.path.partition("/clocks/")[0].removesuffix("/report/").removesuffix("/restoration/")
    address = f"{record}/clocks/"
    return {"as_of": at, "items": [clock(row, at, address) for row in rows]}


class Clocks(RecordDoor):
    """The clocks of a record."""

    operations = {"GET": "clock.view"}

    @describe("List the clocks of a record with their ledgers", gives=ClockList, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        at = now()
        return self.answer(clocks_of_record(request, self.record(reference).pk, at))
