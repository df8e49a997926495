"""Scheduled reports of measures in the REST API."""

from typing import Any

from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Nothing
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.views import ApiView, one_of
from common.time import now

from . import operations
from .enums import Every, Outcome
from .models import Schedule

NAMED = {"name": Sort("name")}
RUNS = 20


class ReportScheduleShape(Answer):
    """A dashboard or a measure that is sent to people time and again."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    dashboard = serializers.IntegerField(allow_null=True)
    kpi = serializers.CharField(allow_blank=True)
    page = serializers.CharField(allow_blank=True, help_text="Such as `service_levels`.")
    every = serializers.ChoiceField(choices=Every.choices)
    time = serializers.CharField(help_text="Of the day, in the zone.")
    zone = serializers.CharField()
    next_at = serializers.DateTimeField(allow_null=True, help_text="Null while it is paused.")
    is_paused = serializers.BooleanField()
    paused_reason = serializers.CharField(allow_blank=True)


class LetterShape(Answer):
    """What became of the mail to one receiver."""

    person = serializers.CharField()
    outcome = serializers.ChoiceField(choices=Outcome.choices)


class ScheduleRunShape(Answer):
    """One time that it went out."""

    due_at = serializers.DateTimeField()
    letters = LetterShape(many=True)


class ReportScheduleWithRuns(ReportScheduleShape):
    """A scheduled report with its latest runs."""

    runs = ScheduleRunShape(many=True)


def schedule(row: Schedule) -> dict[str, Any]:
    """The dictionary of a `ReportScheduleShape`."""
    same = ("name", "kpi", "page", "every", "zone", "is_paused", "paused_reason")
    return {
        "id": row.pk,
        "dashboard": row.dashboard_id,
        "time": row.clock,
        "next_at": None if row.is_paused else row.next_at,
        **{name: getattr(row, name) for name in same},
    }


def with_runs(row: Schedule) -> dict[str, Any]:
    """The dictionary of a `ReportScheduleWithRuns`."""
    runs = row.runs.prefetch_related("letters__user")[:RUNS]
    return schedule(row) | {
        "runs": [
            {
                "due_at": run.due_at,
                "letters": [{"person": str(each.user), "outcome": each.outcome.value} for each in run.letters.all()],
            }
            for run in runs
        ]
    }


class ScheduleDoor(ApiView):
    """A door to scheduled reports."""

    def found(self, request: Any, number: int) -> Schedule:
        found: Schedule = one_of(Schedule.objects.visible_to(request.user).select_related("owner"), number)
        return found


class Schedules(ScheduleDoor):
    """Scheduled reports of the caller; all for those who oversee them."""

    operations = {"GET": "dashboard.schedule"}

    @describe("List scheduled reports of measures", gives=listing_of(ReportScheduleShape), parameters=[PageQuery])
    def get(self, request: Any) -> Any:
        query = PageQuery.of(request)
        found, following = page(
            Schedule.objects.visible_to(request.user), request=request, sorts=NAMED, sort="name",
            cursor=query["cursor"], limit=query["limit"],
        )  # fmt: skip
        return self.answer(listing([schedule(row) for row in found], following))


class OneSchedule(ScheduleDoor):
    """One scheduled report."""

    operations = {"GET": "dashboard.schedule", "DELETE": "dashboard.schedule"}

    @describe("Get a scheduled report with its latest runs", gives=ReportScheduleWithRuns, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.answer(with_runs(self.found(request, number)))

    @describe("Remove a scheduled report", status=204, problems=[404])
    def delete(self, request: Any, number: int) -> Any:
        operations.remove(schedule=self.found(request, number), by=request.user, at=now())
        return self.answer(status=204)


class SchedulePause(ScheduleDoor):
    """Pausing a scheduled report, and letting it go on."""

    operations = {"POST": "dashboard.schedule", "DELETE": "dashboard.schedule"}

    @describe("Pause a scheduled report", takes=Nothing, gives=ReportScheduleShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        Nothing.read(request.data, by=request.user)
        return self.answer(schedule(operations.pause(schedule=self.found(request, number), by=request.user, at=now())))

    @describe("Let a paused report go on", gives=ReportScheduleShape, problems=[404, 409])
    def delete(self, request: Any, number: int) -> Any:
        return self.answer(schedule(operations.resume(schedule=self.found(request, number), by=request.user, at=now())))
