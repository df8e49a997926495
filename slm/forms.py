"""What people type into the pages of agreements."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calendars.models import Calendar
from common.forms import Telling
from common.numbers import number_in
from common.time import hours_and_minutes, parse_duration
from measurement import declarations as measures
from people.models import Organization, Team, User
from people.queries import organizations_visible_to, people_visible_to, teams_visible_to
from records.enums import Priority
from records.forms import MomentField
from records.models import Record
from services.models import ConfigurationItem, Service
from services.queries import items_open_to, services_visible_to

from . import declarations
from .enums import AgreementType, MaintenancePolicy, VolumePeriod
from .keeping import QUALITY
from .models import Agreement
from .points import Point

LONGEST_TEXT = 50
USUAL_NOTICE_DAYS = 90


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


class PickedInput(forms.HiddenInput):
    """What the picker of a person sends: the key of who was chosen, or without a script what was typed."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name) or data.get(f"{name}_text", "")


class PickedRow(forms.ModelChoiceField):
    """A row out of very many, looked up while typing; or typed as it is called."""

    widget = PickedInput

    def typed(self, text: str) -> Any:
        """The row that is called so, if there is one."""
        return self.queryset.filter(name__iexact=text).order_by("pk").first()  # type: ignore[union-attr]

    def to_python(self, value: Any) -> Any:
        text = str(value or "").replace("\x00", "").strip()
        if text and number_in(text) is None:
            found = self.typed(text)
            if found is None:
                raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
            return found
        return super().to_python(value)

    def get_bound_field(self, form: Any, field_name: str) -> "PickedBound":
        return PickedBound(form, self, field_name)


class PickedPerson(PickedRow):
    """A person; typed as user name or e-mail."""

    default_error_messages = {
        "invalid_choice": gettext_lazy("Choose a person from the list, or type the whole e-mail address."),
    }

    def typed(self, text: str) -> Any:
        return self.queryset.filter(Q(username=text) | Q(email__iexact=text)).first()  # type: ignore[union-attr]


class PickedItem(PickedRow):
    """A configuration item; typed by its whole name."""

    default_error_messages = {
        "invalid_choice": gettext_lazy("Choose an item from the list, or type its whole name."),
    }


class PickedBound(forms.BoundField):
    """With what stands in the box where the name is typed."""

    @property
    def text(self) -> str:
        """What was typed; else the name of who is chosen."""
        typed: str = self.form.data.get(f"{self.html_name}_text", "")
        if typed:
            return typed
        picked: Any = self.field
        key = self.value()
        row = picked.queryset.filter(pk=number_in(str(key))).first() if key else None
        return row.name if row else ""


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


class HandlingForm(forms.Form):
    """Who signs, and when it is reviewed: no part of the text."""

    provider_signatory = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Signs for the provider"), required=False
    )
    partner_signatory = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Signs for the other side"),
        required=False,
        empty_label=gettext_lazy("on paper"),
    )
    review_date = forms.DateField(
        label=gettext_lazy("Next review"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, agreement: Agreement, **options: Any) -> None:
        known = {name: getattr(agreement, name) for name in ("provider_signatory", "partner_signatory", "review_date")}
        options["initial"] = known
        super().__init__(*args, **options)
        people = User.objects.active().select_related("organization").order_by("name")
        fields: dict[str, Any] = self.fields
        fields["provider_signatory"].queryset = people.filter(organization__is_provider=True)
        partners = people
        if agreement.organization_id is not None and agreement.type == AgreementType.CUSTOMER:
            partners = people.filter(organization=agreement.organization_id)
        fields["partner_signatory"].queryset = partners


class PaperForm(forms.Form):
    """A signature that stands on paper."""

    signed_name = forms.CharField(label=gettext_lazy("Who signed"), max_length=200)
    reference = forms.CharField(label=gettext_lazy("Where the paper is kept"), max_length=200)


class ConclusionForm(forms.Form):
    """The end of a review that changes nothing."""

    note = forms.CharField(label=gettext_lazy("What the review found"), max_length=300)
    review_date = forms.DateField(label=gettext_lazy("Next review"), widget=forms.DateInput(attrs={"type": "date"}))


class NoticeForm(forms.Form):
    """Ending an agreement by notice."""

    ends_date = forms.DateField(
        label=gettext_lazy("First day without it"), widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300)
    waives_notice = forms.BooleanField(
        label=gettext_lazy("Both sides agree on this day, however early"), required=False
    )


class HypotheticalForm(forms.Form):
    """A ticket that nobody has logged: which agreement would it fall under?"""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of ticket"))
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=gettext_lazy("Organization"), required=False
    )
    service = forms.ModelChoiceField(Service.objects.none(), label=gettext_lazy("Service"), required=False)
    requester = PickedPerson(User.objects.none(), label=gettext_lazy("Requester"), required=False)
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"), choices=Priority.choices, coerce=int, initial=Priority.P3
    )
    opened_at = MomentField(label=gettext_lazy("Opened"), required=False, help_text=gettext_lazy("Empty: now."))
    team = forms.ModelChoiceField(
        Team.objects.none(), label=gettext_lazy("Team that has it"), required=False,
        help_text=gettext_lazy("For the agreement with the team."),
    )  # fmt: skip
    item = PickedItem(
        ConfigurationItem.objects.none(), label=gettext_lazy("Configuration item"), required=False,
        help_text=gettext_lazy("Its supplier comes before that of the service."),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = declarations.kind_choices()
        fields["organization"].queryset = organizations_visible_to(viewer).filter(is_active=True)
        fields["service"].queryset = services_visible_to(viewer).live()
        fields["requester"].queryset = people_visible_to(viewer).active()
        fields["team"].queryset = teams_visible_to(viewer).filter(is_active=True).order_by("name")
        fields["item"].queryset = items_open_to(viewer)


class TesterForm(forms.Form):
    """A record to try: by its reference, or as somebody would log it."""

    reference = forms.CharField(label=gettext_lazy("Ticket"), required=False, max_length=30)

    def record(self, user: Any) -> Any:
        """The record named, if the person may see it."""
        digits = "".join(each for each in self.cleaned_data["reference"] if each.isdigit())
        if not digits or len(digits) > 15:
            return None
        return Record.objects.visible_to(user).filter(pk=int(digits)).first()
