"""Scheduled reports of measures in the REST API."""

from typing import Any

from django.db.models import Q
from rest_framework import serializers

from common.api.describing import IF_MATCH, describe
from common.api.fields import Answer, Choice, Flag, Integer, Named, Nothing, Row, Strict, Text, named
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.preconditions import seen_version
from common.api.views import ApiView, one_of
from common.time import now
from people.models import User

from ..dashboards.models import Dashboard
from ..sharing import people_for
from . import operations
from .enums import Every, Outcome
from .models import Schedule

NAMED = {"name": Sort("name")}
RUNS = 20


def receivers_for(by: Any) -> Any:
    """Those whom the person may name: oneself, too."""
    return User.objects.filter(Q(pk__in=people_for(by).values("pk")) | Q(pk=by.pk))


class ReportScheduleShape(Answer):
    """A dashboard, a measure or another page that is sent to people time and again."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    owner = Named()
    dashboard = serializers.IntegerField(allow_null=True)
    kpi = serializers.CharField(allow_blank=True)
    page = serializers.CharField(allow_blank=True, help_text="Such as `table` or `service_levels`.")
    query = serializers.CharField(allow_blank=True)
    receivers = Named(many=True)
    every = serializers.ChoiceField(choices=Every.choices)
    weekday = serializers.IntegerField(help_text="0 is Monday; every week.")
    month_day = serializers.IntegerField(help_text="Every month.")
    time = serializers.CharField(help_text="Of the day, in the zone.")
    zone = serializers.CharField()
    has_pdf = serializers.BooleanField()
    has_csv = serializers.BooleanField()
    next_at = serializers.DateTimeField(allow_null=True, help_text="Null while it is paused.")
    is_paused = serializers.BooleanField()
    paused_reason = serializers.CharField(allow_blank=True)


class ReportScheduleBody(Strict):
    """What goes out, when and to whom. One of `dashboard`, `kpi` and `page`."""

    name = Text(max_length=120, help_text="The subject of the mail begins with it.")
    dashboard = Row(among=Dashboard.objects.visible_to, by="slug", required=False, allow_null=True, help_text="Id.")
    kpi = Text(max_length=80, required=False, allow_blank=True)
    page = Text(
        max_length=40, required=False, allow_blank=True,
        help_text="`table`, with `table=12` as `query`: a saved table of a KPI. Others take the query of their page.",
    )  # fmt: skip
    query = Text(max_length=1000, required=False, allow_blank=True, help_text="As in the address of the page.")
    receivers = serializers.ListField(
        child=Row(among=receivers_for, by="username"), max_length=operations.MOST_RECEIVERS,
        help_text="Ids or user names. Each gets the numbers of their own rights.",
    )  # fmt: skip
    every = Choice(choices=Every.choices)
    weekday = Integer(min_value=0, max_value=6, required=False, default=0, help_text="0 is Monday; every week.")
    month_day = Integer(min_value=1, max_value=31, required=False, default=1, help_text="Every month.")
    time = serializers.TimeField(format="%H:%M", input_formats=["%H:%M"], help_text="Of the day, in the zone.")
    zone = Text(max_length=64, help_text="Such as `Europe/Oslo`.")
    has_pdf = Flag(required=False, default=True)
    has_csv = Flag(required=False, default=False)

    @classmethod
    def values(cls, request: Any) -> dict[str, Any]:
        """What the acts take."""
        said = {"dashboard": None, "kpi": "", "page": "", "query": ""} | cls.read(request.data, by=request.user)
        clock = said.pop("time")
        return said | {"minute": clock.hour * 60 + clock.minute}


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
    same = (
        "name", "kpi", "page", "query", "every", "weekday", "month_day", "zone", "has_pdf", "has_csv", "is_paused",
        "paused_reason",
    )  # fmt: skip
    return {
        "id": row.pk,
        "owner": named(row.owner_id, str(row.owner)),
        "dashboard": row.dashboard_id,
        "receivers": [named(each.pk, str(each)) for each in row.receivers.all()],
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

    operations = {"GET": "dashboard.schedule", "POST": "dashboard.schedule"}

    @describe("List scheduled reports of measures", gives=listing_of(ReportScheduleShape), parameters=[PageQuery])
    def get(self, request: Any) -> Any:
        query = PageQuery.of(request)
        found, following = page(
            Schedule.objects.visible_to(request.user).select_related("owner").prefetch_related("receivers"),
            request=request, sorts=NAMED, sort="name", cursor=query["cursor"], limit=query["limit"],
        )  # fmt: skip
        return self.answer(listing([schedule(row) for row in found], following))

    @describe(
        "Have a dashboard, a measure or a saved table sent by mail", takes=ReportScheduleBody,
        gives=ReportScheduleShape, status=201, problems=[409],
        examples=[(
            "Every Monday",
            {"name": "Incidents", "kpi": "inc-volume", "receivers": ["tom"], "every": "week", "weekday": 0,
             "time": "07:00", "zone": "Europe/Oslo"},
        ), (
            "A saved table on the first of each month",
            {"name": "By team", "page": "table", "query": "table=12", "receivers": ["tom"], "every": "month",
             "month_day": 1, "time": "07:00", "zone": "Europe/Oslo"},
        )],
    )  # fmt: skip
    def post(self, request: Any) -> Any:
        made = operations.create(by=request.user, at=now(), **ReportScheduleBody.values(request))
        location = f"/api/v1/dashboard-schedules/{made.pk}/"
        return self.answer(schedule(made), status=201, version=made.version, location=location)


class OneSchedule(ScheduleDoor):
    """One scheduled report."""

    operations = {"GET": "dashboard.schedule", "PUT": "dashboard.schedule", "DELETE": "dashboard.schedule"}

    @describe("Get a scheduled report with its latest runs", gives=ReportScheduleWithRuns, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        found = self.found(request, number)
        return self.answer(with_runs(found), version=found.version)

    @describe(
        "Change a scheduled report", takes=ReportScheduleBody, gives=ReportScheduleShape, problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )  # fmt: skip
    def put(self, request: Any, number: int) -> Any:
        found, version = self.found(request, number), seen_version(request, is_required=False)
        saved = operations.change(
            schedule=found, by=request.user, at=now(), version=version, **ReportScheduleBody.values(request)
        )
        return self.answer(schedule(saved), version=saved.version)

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


class ScheduleOwner(ScheduleDoor):
    """Whose it is."""

    operations = {"POST": "dashboard.oversee"}

    @describe("Take over a report whose owner has left", takes=Nothing, gives=ReportScheduleShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        Nothing.read(request.data, by=request.user)
        found = self.found(request, number)
        return self.answer(schedule(operations.take_over(schedule=found, by=request.user, at=now())))


class ReceivedReportShape(Answer):
    """A report that comes to the caller, or came until they left it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    owner = Named()
    has_left = serializers.BooleanField()


class ScheduleLeaving(ApiView):
    """Getting a report no more, and getting it again, as one of those who receive it."""

    operations = {"GET": "inbox.use", "POST": "inbox.use", "DELETE": "inbox.use"}

    def told(self, request: Any, number: int, act: Any = None) -> Any:
        """Do what is asked for, and say how it stands."""
        rows = Schedule.objects.received_by(request.user).select_related("owner")
        found = one_of(rows, number)
        if act is not None:
            act(schedule=found, by=request.user, at=now())
        return self.answer(
            {
                "id": found.pk,
                "name": found.name,
                "owner": named(found.owner_id, str(found.owner)),
                "has_left": found.leavings.filter(user=request.user).exists(),
            }
        )

    @describe("Get whether a report comes to you", gives=ReceivedReportShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.told(request, number)

    @describe("Leave a report that comes to you", takes=Nothing, gives=ReceivedReportShape, problems=[404])
    def post(self, request: Any, number: int) -> Any:
        Nothing.read(request.data, by=request.user)
        return self.told(request, number, operations.leave)

    @describe("Get a report again that you left", gives=ReceivedReportShape, problems=[404, 409])
    def delete(self, request: Any, number: int) -> Any:
        return self.told(request, number, operations.come_back)
