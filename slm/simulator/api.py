"""Simulations in the REST API: ask for one, follow it, read what would change."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from calendars.models import Calendar
from calendars.spec import CalendarSpec, DayException, WeeklyWindow
from common.api.describing import describe
from common.api.fields import Answer, Day, Flag, Integer, Nothing, Strict, Text, Texts
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.views import ApiView, one_of
from common.refusals import Refused
from common.time import now

from ..api.agreement_bodies import TargetBody, calendar, targets_of
from ..declarations import clock_choices
from ..models import Agreement
from . import operations, tasks
from .enums import Effect, State
from .models import Outcome, Simulation
from .presenting import Part

MOST_DAYS = 2_000
NEWEST = {"-id": Sort("pk", is_descending=True)}
NOT_A_WINDOW = _("A window has two numbers, the minutes of the day at which it begins and ends.")


class SimulationShape(Answer):
    """A draft tried on clocks. `counts` groups `finished` and `open` clocks, also by priority (`finished.2`)."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    at = serializers.DateTimeField(help_text="Moment against which open clocks are judged.")
    finished_since = serializers.DateTimeField(allow_null=True, help_text="Null: no finished clocks.")
    has_open = serializers.BooleanField()
    total = serializers.IntegerField(help_text="Clocks to look at.")
    done = serializers.IntegerField(help_text="Clocks looked at so far.")
    ended_at = serializers.DateTimeField(allow_null=True)
    counts = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))


class OutcomeShape(Answer):
    """A clock that the draft would change. Working minutes."""

    id = serializers.IntegerField()
    record = serializers.CharField(help_text="Reference.")
    title = serializers.CharField()
    clock = serializers.ChoiceField(choices=clock_choices())
    priority = serializers.IntegerField(min_value=1, max_value=5)
    is_open = serializers.BooleanField()
    effect = serializers.ChoiceField(choices=Effect.choices)
    is_missed_before = serializers.BooleanField(help_text="Of open clocks: past due at the moment of the simulation.")
    is_missed_after = serializers.BooleanField()
    due_before = serializers.DateTimeField(allow_null=True, help_text="Null while paused.")
    due_after = serializers.DateTimeField(allow_null=True)
    used_before_minutes = serializers.FloatField()
    used_after_minutes = serializers.FloatField()


class ScopeBody(Strict):
    """On which clocks."""

    days = Integer(
        min_value=1,
        max_value=operations.LONGEST_DAYS,
        required=False,
        allow_null=True,
        help_text="Clocks that finished in so many days; 90 when left out, null for none.",
    )
    has_open = Flag(required=False, help_text="Open clocks too; yes when left out.")


class TermsDraftBody(ScopeBody):
    """The agreement as it would be. What is left out stays as it is."""

    targets = TargetBody(many=True, max_length=20, required=False)  # type: ignore[call-arg] # of the list
    calendar = calendar(required=False, help_text="Id or short name.")
    pause_reasons = Texts(required=False, max_length=20)


class WeeklyWindowBody(Strict):
    """Open every week from one minute of the day up to another."""

    weekday = Integer(min_value=0, max_value=6, help_text="0 is Monday.")
    start_minute = Integer(min_value=0, max_value=1440)
    end_minute = Integer(min_value=0, max_value=1440)


class ExceptionBody(Strict):
    """A date that does not follow its weekday."""

    date = Day()
    name = Text(max_length=100, required=False)
    windows = serializers.ListField(
        child=serializers.ListField(child=Integer(min_value=0, max_value=1440), min_length=2, max_length=2),
        max_length=20,
        required=False,
        help_text="Pairs of minutes of the day; none: closed all day.",
    )


class HoursDraftBody(ScopeBody):
    """The calendar as it would be open. What is left out stays as it is."""

    zone = Text(max_length=60, required=False, help_text="IANA name.")
    is_always_open = Flag(required=False)
    windows = WeeklyWindowBody(many=True, max_length=200, required=False)  # type: ignore[call-arg] # of the list
    exceptions = ExceptionBody(many=True, max_length=MOST_DAYS, required=False)  # type: ignore[call-arg] # of the list


class OutcomeQuery(PageQuery):
    """Which of the changed clocks."""

    effect = serializers.ChoiceField(choices=Effect.choices, required=False)
    is_open = serializers.BooleanField(required=False, allow_null=True, default=None)


def simulation(row: Simulation) -> dict[str, Any]:
    """The dictionary of a `SimulationShape`."""
    same = ("title", "state", "at", "has_open", "total", "done", "ended_at", "counts")
    return {"id": row.pk, "finished_since": row.clocks_from, **{name: getattr(row, name) for name in same}}


def outcome(row: Outcome) -> dict[str, Any]:
    """The dictionary of an `OutcomeShape`. :param row: read with its record."""
    same = ("priority", "is_open", "effect", "is_missed_before", "is_missed_after", "due_before", "due_after")
    return {
        "id": row.pk,
        "record": row.record.reference,
        "title": row.record.title,
        "clock": row.kind,
        **{name: getattr(row, name) for name in same},
        "used_before_minutes": round(row.used_before.total_seconds() / 60, 3),
        "used_after_minutes": round(row.used_after.total_seconds() / 60, 3),
    }


class SimulationDoor(ApiView):
    """A door to one's own simulations."""

    def rows(self, request: Any) -> Any:
        return Simulation.objects.visible_to(request.user).select_related("by")

    def found(self, request: Any, number: int) -> Simulation:
        found: Simulation = one_of(self.rows(request), number)
        return found

    def asked(self, made: Simulation) -> Any:
        tasks.ring(made.pk)
        return self.answer(simulation(made), status=201, location=f"/api/v1/simulations/{made.pk}/")


class AgreementSimulations(SimulationDoor):
    """Trying other terms of an agreement."""

    operations = {"POST": "simulation.run"}

    @describe(
        "Try other terms of an agreement on past and open clocks",
        takes=TermsDraftBody,
        gives=SimulationShape,
        status=201,
        problems=[404, 409],
        description="Nothing is saved. A worker looks at the clocks; read the simulation to see how far it is.",
        examples=[
            ("Four hours for P2", {"targets": [{"clock": "resolution", "priority": 2, "minutes": 240}], "days": 365})
        ],
    )
    def post(self, request: Any, number: int) -> Any:
        found = one_of(Agreement.objects.select_related("calendar").prefetch_related("targets__calendar"), number)
        values = TermsDraftBody.read(request.data, by=request.user)
        if "targets" in values:
            targets = targets_of(values.pop("targets"))
        else:
            rows = {(each.clock, each.priority): each for each in found.targets.all()}
            targets = {
                "targets": {cell: each.target_minutes for cell, each in rows.items()},
                "target_calendars": {cell: each.calendar for cell, each in rows.items()},
            }
        present = {"calendar": found.calendar, "pause_reasons": found.pause_reasons}
        said = present | targets | values
        return self.asked(operations.try_terms(agreement=found, by=request.user, at=now(), **said))


class CalendarSimulations(SimulationDoor):
    """Trying other hours of a calendar."""

    operations = {"POST": "simulation.run"}

    @describe(
        "Try other hours of a calendar on past and open clocks",
        takes=HoursDraftBody,
        gives=SimulationShape,
        status=201,
        problems=[404, 409],
        description="Nothing is saved. Open clocks keep the time that has passed, as they would when the hours change.",
        examples=[
            (
                "Closed on one day",
                {"exceptions": [{"date": "2026-12-31", "name": "New Year's Eve", "windows": []}], "has_open": True},
            )
        ],
    )
    def post(self, request: Any, number: int) -> Any:
        found = one_of(Calendar.objects.with_hours(), number)
        values = HoursDraftBody.read(request.data, by=request.user)
        spec = _spec(found.as_spec(), values)
        scope = {name: values[name] for name in ("days", "has_open") if name in values}
        return self.asked(operations.try_hours(calendar=found, spec=spec, by=request.user, at=now(), **scope))


def _spec(present: CalendarSpec, values: dict[str, Any]) -> CalendarSpec:
    """The hours of the draft: those in force, with what was sent in their place."""
    weekly, exceptions = present.weekly, present.exceptions
    if "windows" in values:
        weekly = tuple(WeeklyWindow(**window) for window in values["windows"])
    if "exceptions" in values:
        exceptions = tuple(
            DayException(
                each["date"], tuple((span[0], span[1]) for span in each.get("windows", ())), each.get("name", "")
            )
            for each in values["exceptions"]
        )
        if len({each.date for each in exceptions}) < len(exceptions):
            raise Refused.because("twice", _("A date stands twice. Give each exception once."), "exceptions")
    is_always_open = values.get("is_always_open", present.always_open)
    if is_always_open:
        weekly, exceptions = (), ()
    return CalendarSpec(
        zone=values.get("zone", present.zone), weekly=weekly, exceptions=exceptions, always_open=is_always_open
    )


class Simulations(SimulationDoor):
    """One's own simulations."""

    operations = {"GET": "simulation.run"}

    @describe("List your simulations", gives=listing_of(SimulationShape), parameters=[PageQuery])
    def get(self, request: Any) -> Any:
        query = PageQuery.of(request)
        found, following = page(
            self.rows(request), request=request, sorts=NEWEST, sort="-id", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([simulation(row) for row in found], following))


class OneSimulation(SimulationDoor):
    """One simulation."""

    operations = {"GET": "simulation.run", "DELETE": "simulation.run"}

    @describe("Get a simulation with its figures", gives=SimulationShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.answer(simulation(self.found(request, number)))

    @describe("Remove a simulation", status=204, problems=[404])
    def delete(self, request: Any, number: int) -> Any:
        operations.remove(simulation=self.found(request, number), by=request.user)
        return self.answer(status=204)


class SimulationOutcomes(SimulationDoor):
    """The clocks that would change."""

    operations = {"GET": "simulation.run"}

    @describe(
        "List the clocks that a simulation would change",
        gives=listing_of(OutcomeShape),
        problems=[404],
        parameters=[OutcomeQuery],
    )
    def get(self, request: Any, number: int) -> Any:
        query = OutcomeQuery.of(request)
        group = {None: "", True: "open", False: "finished"}[query["is_open"]]
        rows = Part(group, query.get("effect", "")).rows(self.found(request, number))
        found, following = page(
            rows, request=request, sorts=NEWEST, sort="-id", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([outcome(row) for row in found], following))


class SimulationStop(SimulationDoor):
    """Ending a simulation early."""

    operations = {"POST": "simulation.run"}

    @describe("Stop a simulation", takes=Nothing, gives=SimulationShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.found(request, number)
        Nothing.read(request.data, by=request.user)
        return self.answer(simulation(operations.stop(simulation=found, by=request.user, at=now())))
