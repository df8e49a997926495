"""Freezes and maintenance windows in the API."""

from typing import Any

from rest_framework import serializers

from common.api.describing import IF_MATCH, describe
from common.api.fields import Answer, Choice, Day, Flag, Moment, Named, Nothing, Strict, Text
from common.api.preconditions import seen_version
from common.api.rows import RowDoor
from common.time import now
from records.api.references import organization, service
from records.api.representation import row_of

from .. import operations
from ..enums import Repeats, WindowKind
from ..models import CalendarWindow
from ..queries.freezing import windows_visible_to
from .bodies import rows

FIELDS = ("kind", "name", "starts_at", "ends_at", "zone", "repeats", "until_date", "allows_emergencies")
EXAMPLE = {
    "kind": "freeze", "name": "Month end", "starts_at": "2026-03-31T04:00:00Z", "ends_at": "2026-04-01T16:00:00Z",
    "zone": "Europe/Oslo", "repeats": "month_end",
}  # fmt: skip


class ChangeWindowShape(Answer):
    """A freeze, in which changes are blocked, or a maintenance window, in which they belong."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=WindowKind.values)
    name = serializers.CharField()
    starts_at = serializers.DateTimeField(help_text="Of the first time.")
    ends_at = serializers.DateTimeField(help_text="Of the first time; not included.")
    zone = serializers.CharField(help_text="By whose wall clock it repeats.")
    repeats = serializers.ChoiceField(choices=Repeats.values)
    until_date = serializers.DateField(allow_null=True, help_text="The first day on which it no longer begins.")
    services = Named(many=True, help_text="All services when empty.")
    organization = Named(allow_null=True, help_text="About whose changes it is; everybody's when null.")
    allows_emergencies = serializers.BooleanField()
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()


class ChangeWindowList(Answer):
    """Every window that the caller may see, those in force first."""

    items = ChangeWindowShape(many=True)


class WindowValues(Strict):
    """Only the fields sent are written."""

    kind = Choice(choices=[(each.value, str(each.label)) for each in WindowKind], required=False)
    name = Text(max_length=120, required=False)
    starts_at = Moment(required=False, help_text="Of the first time.")
    ends_at = Moment(required=False, help_text="Of the first time; not included.")
    zone = Text(max_length=60, required=False, help_text="IANA name such as Europe/Oslo.")
    repeats = Choice(choices=[(each.value, str(each.label)) for each in Repeats], required=False)
    until_date = Day(required=False, allow_null=True, help_text="The first day on which it no longer begins.")
    services = rows(service(), required=False, help_text="Ids or short names; all services when empty.")
    organization = organization(
        required=False,
        allow_null=True,
        help_text="About whose changes it is; everybody's when left out, which takes the right for all of them.",
    )
    allows_emergencies = Flag(required=False)


class NewWindow(WindowValues):
    """A freeze or a maintenance window."""

    kind = Choice(choices=[(each.value, str(each.label)) for each in WindowKind])
    name = Text(max_length=120)
    starts_at = Moment(help_text="Of the first time.")
    ends_at = Moment(help_text="Of the first time; not included.")
    zone = Text(max_length=60, help_text="IANA name such as Europe/Oslo.")


def shown(row: CalendarWindow) -> dict[str, Any]:
    """The dictionary of a `ChangeWindowShape`."""
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in FIELDS},
        "services": [row_of(each) for each in row.services.all()],
        "organization": row_of(row.organization),
        "is_active": row.is_active,
        "version": row.version,
    }


class WindowDoor(RowDoor):
    """A door to freezes and maintenance windows."""

    also = ("record.queue",)
    part = "window"
    address = "change-windows"

    def rows(self) -> Any:
        return windows_visible_to(self.request.user).prefetch_related("services")

    def shape(self, row: CalendarWindow) -> dict[str, Any]:
        return shown(row)


class Windows(WindowDoor):
    """Every freeze and maintenance window."""

    operations = {"GET": "record.queue", "POST": "change.plan_calendar"}

    @describe("List freezes and maintenance windows", gives=ChangeWindowList)
    def get(self, request: Any) -> Any:
        return self.answer({"items": [shown(row) for row in self.rows().order_by("-is_active", "starts_at", "pk")]})

    @describe(
        "Add a freeze or maintenance window", takes=NewWindow, gives=ChangeWindowShape, status=201, problems=[409],
        examples=[("The end of every month", EXAMPLE)],
    )  # fmt: skip
    def post(self, request: Any) -> Any:
        values = NewWindow.read(request.data, by=request.user)
        return self.made(operations.save_window(by=request.user, at=now(), **values))


class OneWindow(WindowDoor):
    """One of them."""

    operations = {"GET": "record.queue", "PATCH": "change.plan_calendar"}

    @describe("Get a freeze or maintenance window", gives=ChangeWindowShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(number)

    @describe(
        "Change a freeze or maintenance window", takes=WindowValues, gives=ChangeWindowShape,
        problems=[404, 409, 412, 428], parameters=[IF_MATCH],
    )  # fmt: skip
    def patch(self, request: Any, number: int) -> Any:
        found, version = self.found(number), seen_version(request, is_required=True)
        said = WindowValues.read(request.data, by=request.user)
        kept = {name: getattr(found, name) for name in FIELDS} | {
            "services": list(found.services.all()),
            "organization": found.organization,
        }
        operations.save_window(
            window=found, by=request.user, at=now(), is_active=found.is_active, version=version, **kept | said
        )
        return self.shown(number)


class WindowRetirement(WindowDoor):
    """Taking it off the calendar."""

    operations = {"POST": "change.plan_calendar"}

    @describe(
        "Retire a freeze or maintenance window", takes=Nothing, gives=ChangeWindowShape, problems=[404, 409, 412],
        parameters=[IF_MATCH],
    )  # fmt: skip
    def post(self, request: Any, number: int) -> Any:
        return self.acted(number, operations.retire_window)


class WindowReinstatement(WindowDoor):
    """Putting it on the calendar again."""

    operations = {"POST": "change.plan_calendar"}

    @describe(
        "Put a retired window on the calendar again", takes=Nothing, gives=ChangeWindowShape,
        problems=[404, 409, 412], parameters=[IF_MATCH],
    )  # fmt: skip
    def post(self, request: Any, number: int) -> Any:
        return self.acted(number, operations.reinstate_window)
