"""What people type as the text of an agreement."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calendars.models import Calendar
from common.forms import Telling
from measurement import declarations as measures
from people.models import Organization, Team, User
from records.enums import Priority
from services.models import Service

from . import declarations
from .enums import MaintenancePolicy, VolumePeriod
from .fields import PickedPerson, PromiseField
from .keeping import QUALITY
from .models import Agreement
from .points import Point

USUAL_NOTICE_DAYS = 90


def key_of(clock: str, priority: int) -> str:
    """Name of the field of one target."""
    return f"{clock}_{priority}"


class AgreementForm(Telling, forms.ModelForm):
    """Scope, hours, rules and the matrix of targets. Which act each part becomes is decided by the door."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    pause_reasons = forms.MultipleChoiceField(
        label=gettext_lazy("The resolution clock pauses while waiting for"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    effective_date = forms.DateField(
        label=gettext_lazy("In force from the day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: as soon as both sides have signed."),
    )
    requester = PickedPerson(User.objects.active(), label=gettext_lazy("Only for the requester"), required=False)
    volume_most = forms.IntegerField(
        label=gettext_lazy("Tickets it covers"),
        required=False,
        min_value=1,
        max_value=10_000_000,
        help_text=gettext_lazy("More are worked on all the same; they are counted and shown."),
    )
    volume_per = forms.ChoiceField(label=gettext_lazy("Counted"), required=False, choices=VolumePeriod.choices)

    class Meta:
        model = Agreement
        fields = [
            "name", "organization", "service", "requester", "calendar", "pause_reasons", "reopen_policy",
            "retarget_policy", "valid_from", "valid_to", "attainment_target",
            "availability_target", "service_hours", "maintenance", "maintenance_windows", "type", "team", "supplier",
            "supplier_name", "exclusions", "notice_days",
        ]  # fmt: skip
        labels = {
            "organization": gettext_lazy("Only for the organization"),
            "service": gettext_lazy("Only for the service"),
            "calendar": gettext_lazy("Hours"),
            "reopen_policy": gettext_lazy("When reopened"),
            "retarget_policy": gettext_lazy("When priority or agreement change"),
            "attainment_target": gettext_lazy("Share of targets to be met, %"),
            "availability_target": gettext_lazy("Availability, %"),
            "service_hours": gettext_lazy("Service hours"),
            "maintenance": gettext_lazy("Planned maintenance"),
            "maintenance_windows": gettext_lazy("Maintenance windows"),
            "type": gettext_lazy("Agreement"),
            "team": gettext_lazy("Team"),
            "supplier": gettext_lazy("Supplier"),
            "supplier_name": gettext_lazy("Or a supplier that is no organization here"),
            "exclusions": gettext_lazy("Exclusions"),
            "notice_days": gettext_lazy("Notice, days"),
        }
        widgets = {
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_to": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "exclusions": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        }
        help_texts = {"supplier_name": "", "exclusions": gettext_lazy("What does not count. Write none if all counts.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        agreement = self.instance
        kind = agreement.kind or "incident"
        fields: dict[str, Any] = self.fields
        fields["pause_reasons"].choices = declarations.reason_choices(kind)
        fields["organization"].queryset = Organization.objects.filter(is_active=True)
        fields["service"].queryset = Service.objects.live()
        fields["calendar"].queryset = Calendar.objects.filter(is_active=True)
        fields["maintenance"].required = False  # without a word planned downtime counts
        for name in ("service_hours", "maintenance_windows"):
            fields[name].queryset = fields["calendar"].queryset
        rows = {(t.clock, t.priority): t for t in agreement.targets.all()} if agreement.pk else {}
        calendars = fields["calendar"].queryset
        self.clocks = declarations.promised(kind)
        if agreement.pk:  # with whom it is stays: what no clock goes by there is asked for only where it was given
            wanted = declarations.goes_by(kind, agreement.type) | {clock for clock, _priority in rows}
            self.clocks = [each for each in self.clocks if each.clock in wanted]
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
        self.fields["seen_version"].initial = agreement.latest_version
        fields["notice_days"].required = False
        fields["type"].required = False
        fields["type"].disabled = agreement.pk is not None  # with whom it is stays; another one is another agreement
        fields["team"].queryset = Team.objects.filter(is_active=True)
        fields["supplier"].queryset = Organization.objects.filter(is_active=True, is_provider=False)
        self._add_limits(agreement)

    def _add_limits(self, agreement: Agreement) -> None:
        volume = agreement.limits.get("volume") or {}
        self.fields["effective_date"].initial = None
        self.fields["volume_most"].initial = volume.get("most")
        self.fields["volume_per"].initial = volume.get("per", VolumePeriod.MONTH)
        known = {each.id: each for each in measures.kpis()}
        self.qualities = [known[name] for name in QUALITY if name in known]
        for kpi in self.qualities:
            is_floor = kpi.direction == measures.Direction.HIGHER
            label = _("%(measure)s: at least, %%") if is_floor else _("%(measure)s: at most, %%")
            self.fields[f"quality_{kpi.id}"] = forms.DecimalField(
                label=label % {"measure": kpi.name},
                required=False,
                min_value=0,
                max_value=100,
                decimal_places=2,
                initial=agreement.limits.get("quality", {}).get(kpi.id),
            )

    def quality_fields(self) -> list[Any]:
        return [self[f"quality_{kpi.id}"] for kpi in self.qualities]

    def limits(self) -> dict[str, Any]:
        """How many tickets it covers, and what is promised of measures, as the text keeps it."""
        said = self.cleaned_data
        found: dict[str, Any] = {}
        if said["volume_most"]:
            found["volume"] = {"most": said["volume_most"], "per": said["volume_per"] or VolumePeriod.MONTH}
        bounds = {each.id: said[f"quality_{each.id}"] for each in self.qualities}
        if kept := {name: f"{bound.normalize():f}" for name, bound in bounds.items() if bound is not None}:
            found["quality"] = kept
        return found

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
        values = {name: self.cleaned_data[name] for name in self.Meta.fields if name != "type"}
        notice_days = values["notice_days"]
        return values | {
            "maintenance": values["maintenance"] or MaintenancePolicy.COUNTS,
            "notice_days": USUAL_NOTICE_DAYS if notice_days is None else notice_days,
            "limits": self.limits(),
        }

    def targets(self) -> dict[tuple[str, int], int | Point]:
        """What `set_targets` takes: the cells that were filled in."""
        found = {cell: self.cleaned_data[key_of(*cell)] for cell in self.cells()}
        return {cell: minutes for cell, minutes in found.items() if minutes is not None}

    def target_calendars(self) -> dict[tuple[str, int], Calendar | None]:
        return {cell: self.cleaned_data[f"{key_of(*cell)}_hours"] for cell in self.targets()}

    def _post_clean(self) -> None:
        """The acts check what fits; the row of the form is never saved."""
