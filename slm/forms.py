"""What people type into the pages of agreements."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calendars.models import Calendar
from common.refusals import Refusal
from common.time import hours_and_minutes, parse_duration
from people.models import Organization, User
from records.enums import Priority
from records.models import Record
from services.models import Service

from . import declarations
from .enums import MaintenancePolicy
from .models import Agreement
from .points import Point

LONGEST_TEXT = 50


class PromiseField(forms.Field):
    """Working time such as 4 h, 1:30 or 90 min, as whole minutes, or a point in time; empty is not promised."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.widget.attrs |= {"autocomplete": "off", "class": "hours-input", "size": "8", "maxlength": LONGEST_TEXT}

    def to_python(self, value: Any) -> int | Point | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            point = Point.parse(text[:LONGEST_TEXT])
            if point is not None:
                return point
            amount = parse_duration(text[:LONGEST_TEXT])
        except ValueError as error:
            raise forms.ValidationError(
                _("“%(text)s” is no target. Write working time as 4 h, 1:30 or 90 min, or a point as next day 17:00.")
                % {"text": text},
                code="unfit",
            ) from error
        return amount // timedelta(minutes=1)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Point):
            return str(value)
        return hours_and_minutes(timedelta(minutes=value)) if isinstance(value, int) else value


def key_of(clock: str, priority: int) -> str:
    """Name of the field of one target."""
    return f"{clock}_{priority}"


class AgreementForm(forms.ModelForm):
    """Scope, hours, rules and the matrix of targets. Which act each part becomes is decided by the door."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    pause_reasons = forms.MultipleChoiceField(
        label=gettext_lazy("The resolution clock pauses while waiting for"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Agreement
        fields = [
            "name", "organization", "service", "requester", "calendar", "pause_reasons", "reopen_policy",
            "retarget_policy", "valid_from", "valid_to", "attainment_target",
            "availability_target", "service_hours", "maintenance", "maintenance_windows",
        ]  # fmt: skip
        labels = {
            "organization": gettext_lazy("Only for the organization"),
            "service": gettext_lazy("Only for the service"),
            "requester": gettext_lazy("Only for the requester"),
            "calendar": gettext_lazy("Hours"),
            "reopen_policy": gettext_lazy("When reopened"),
            "retarget_policy": gettext_lazy("When priority or agreement change"),
            "attainment_target": gettext_lazy("Share of targets to be met, %"),
            "availability_target": gettext_lazy("Availability, %"),
            "service_hours": gettext_lazy("Service hours"),
            "maintenance": gettext_lazy("Planned maintenance"),
            "maintenance_windows": gettext_lazy("Maintenance windows"),
        }
        widgets = {
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_to": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        agreement = self.instance
        kind = agreement.kind or "incident"
        fields: dict[str, Any] = self.fields
        fields["pause_reasons"].choices = declarations.reason_choices(kind)
        fields["organization"].queryset = Organization.objects.filter(is_active=True)
        fields["service"].queryset = Service.objects.live()
        fields["requester"].queryset = User.objects.active()
        fields["calendar"].queryset = Calendar.objects.filter(is_active=True)
        fields["maintenance"].required = False  # without a word planned downtime counts
        for name in ("service_hours", "maintenance_windows"):
            fields[name].queryset = fields["calendar"].queryset
        rows = {(t.clock, t.priority): t for t in agreement.targets.all()} if agreement.pk else {}
        calendars = fields["calendar"].queryset
        self.clocks = declarations.promised(kind)
        labels = {each.clock: each.label for each in self.clocks}
        for clock, priority in self.cells():
            row = rows.get((clock, priority))
            name = key_of(clock, priority)
            label = f"{labels[clock]}, {Priority(priority).label}"
            self.fields[name] = PromiseField(
                label=label, initial=(Point.from_code(row.point) or row.target_minutes) if row else None
            )
            self.fields[f"{name}_hours"] = forms.ModelChoiceField(
                calendars,
                label=_("Hours of %(target)s") % {"target": label},
                required=False,
                initial=row.calendar_id if row else None,
                empty_label=_("as above"),
            )
        self.fields["seen_version"].initial = agreement.version

    def cells(self) -> list[tuple[str, int]]:
        """Every (clock, priority) of the matrix."""
        return [(each.clock, int(priority)) for each in self.clocks for priority in Priority]

    def matrix(self) -> list[dict[str, Any]]:
        """The rows of the matrix for the template: a priority with its fields."""
        return [
            {
                "label": priority.label,
                "cells": [
                    (self[key_of(each.clock, priority)], self[f"{key_of(each.clock, priority)}_hours"])
                    for each in self.clocks
                ],
            }
            for priority in Priority
        ]

    def values(self) -> dict[str, Any]:
        """What `edit_agreement` takes."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return values | {"maintenance": values["maintenance"] or MaintenancePolicy.COUNTS}

    def targets(self) -> dict[tuple[str, int], int | Point]:
        """What `set_targets` takes: the cells that were filled in."""
        found = {cell: self.cleaned_data[key_of(*cell)] for cell in self.cells()}
        return {cell: minutes for cell, minutes in found.items() if minutes is not None}

    def target_calendars(self) -> dict[tuple[str, int], Calendar | None]:
        return {cell: self.cleaned_data[f"{key_of(*cell)}_hours"] for cell in self.targets()}

    def tell(self, refusals: Iterable[Refusal]) -> None:
        """Show refusals at the fields they are about."""
        for each in refusals:
            self.add_error(each.field if each.field in self.fields else None, str(each))

    def _post_clean(self) -> None:
        """The acts check what fits; the row of the form is never saved."""


class TesterForm(forms.Form):
    """A record to try: by its reference, or as somebody would log it."""

    reference = forms.CharField(label=gettext_lazy("Ticket"), required=False, max_length=30)

    def record(self, user: Any) -> Any:
        """The record named, if the person may see it."""
        digits = "".join(each for each in self.cleaned_data["reference"] if each.isdigit())
        if not digits or len(digits) > 15:
            return None
        return Record.objects.visible_to(user).filter(pk=int(digits)).first()
