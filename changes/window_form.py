"""The form of a freeze or maintenance window. Its times are those of the wall clock of its own zone."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from calendars import zones
from people.models import Organization
from services.models import Service
from services.queries import services_visible_to

from .enums import Repeats, WindowKind
from .models import CalendarWindow
from .queries.freezing import organizations_planned_by

FIRST_YEAR, LAST_YEAR = 1990, 2150


class WallClockField(forms.DateTimeField):
    """A date and time of day without a zone: the form says which zone's wall clock it is."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {"invalid": _("Give a date and a time, such as 2026-05-22 16:30.")}

    def prepare_value(self, value: Any) -> Any:
        return value

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        try:
            found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError:
            found = None
        if found is None or found.tzinfo is not None or not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class CalendarWindowForm(forms.Form):
    """Everything that a freeze or maintenance window says."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[
            (WindowKind.FREEZE, _("freeze: changes are blocked in it, but for those exempted by name")),
            (WindowKind.MAINTENANCE, _("maintenance window: changes belong into it")),
        ],
        widget=forms.RadioSelect,
        initial=WindowKind.FREEZE,
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Give it a name.")},
    )
    zone = forms.ChoiceField(label=_("Time zone"))
    starts_at = WallClockField(label=_("Begins"), error_messages={"required": _("Say when it begins.")})
    ends_at = WallClockField(label=_("Ends"), error_messages={"required": _("Say when it ends.")})
    repeats = forms.ChoiceField(label=_("Repeats"), choices=Repeats.choices, initial=Repeats.NEVER)
    until_date = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The first day on which it no longer begins."),
    )
    organization = forms.ModelChoiceField(
        Organization.objects.none(),
        label=_("Whose changes"),
        required=False,
        empty_label=_("everybody's"),
        help_text=_("It is about the changes of this organization alone."),
        error_messages={"required": _("Choose an organization."), "invalid_choice": _("Choose one from the list.")},
    )
    services = forms.ModelMultipleChoiceField(
        Service.objects.none(),
        label=_("Services"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All services when none is ticked."),
    )
    allows_emergencies = forms.BooleanField(
        label=_("Emergencies may happen in it"),
        required=False,
        initial=True,
        help_text=_("Asked in freezes only; a maintenance window blocks nothing."),
    )

    def __init__(self, *args: Any, viewer: Any, zone: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        known = zones.names() if not zone or zone in zones.names() else (zone, *zones.names())
        fields["zone"].choices = [(name, name) for name in known]
        fields["organization"].queryset, for_everybody = organizations_planned_by(viewer)
        if not for_everybody:
            fields["organization"].required, fields["organization"].empty_label = True, None
        fields["services"].queryset = services_visible_to(viewer).live().order_by("name")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        zone = said.get("zone")
        for name in ("starts_at", "ends_at"):
            if zone and said.get(name) is not None:
                moment = said[name].replace(tzinfo=ZoneInfo(zone))
                if moment.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != said[name]:
                    self.add_error(name, _("The clocks skip this time on that day. Pick an earlier or a later one."))
                said[name] = moment
        return said

    @property
    def values(self) -> dict[str, Any]:
        """What the act takes; of a sound form."""
        return {**self.cleaned_data, "services": list(self.cleaned_data["services"])}

    def as_window(self, window: CalendarWindow | None) -> CalendarWindow:
        """The window as typed, not saved. :param window: the one that is edited, for its exemptions."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "services"}
        return CalendarWindow(pk=window.pk if window else None, **said)

    @staticmethod
    def said_by(window: CalendarWindow) -> dict[str, Any]:
        """What the fields of a saved window show."""
        zone = ZoneInfo(window.zone)
        return {
            "kind": window.kind,
            "name": window.name,
            "zone": window.zone,
            "starts_at": window.starts_at.astimezone(zone).replace(tzinfo=None),
            "ends_at": window.ends_at.astimezone(zone).replace(tzinfo=None),
            "repeats": window.repeats,
            "until_date": window.until_date,
            "organization": window.organization_id or "",
            "services": [service.pk for service in window.services.all()],
            "allows_emergencies": window.allows_emergencies,
        }
