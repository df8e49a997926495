"""What people type into the pages of reports."""

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.forms import Telling
from common.months import read
from people.access import access_of
from people.models import Organization, User

from .chapters import every
from .models import ReportPlan
from .operations.common import LONGEST_REASON, LONGEST_TEXT
from .operations.planning import LONGEST_PURPOSE


class MonthField(forms.CharField):
    """A month, picked with the browser's own control; gives its first day."""

    widget = forms.DateInput(attrs={"type": "month"}, format="%Y-%m")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        first = read(text)
        if first is None:
            raise ValidationError(_("This is no month. Write it like 2026-10."))
        return first

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, date) else value


def customers_of(user: Any, operation: str) -> Any:
    """The customers for which the person may do this, by name."""
    reach = access_of(user).rows(operation, own=Q(pk__in=[]), organization="pk")
    return Organization.objects.filter(reach, is_active=True, is_provider=False).order_by("name")


class PlanForm(Telling):
    """For whom, from when, by whom, and who gets it."""

    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("Customer"))
    purpose = forms.CharField(
        label=_("Purpose"), max_length=LONGEST_PURPOSE, required=False,
        help_text=_("Why this report is made and what is decided with it; it stands at its head."),
    )  # fmt: skip
    zone = forms.CharField(
        label=_("Time zone of the month"), max_length=64, initial=settings.TIME_ZONE,
        help_text=_("A month begins and ends at midnight there."),
        widget=forms.TextInput(attrs={"list": "zones"}),
    )  # fmt: skip
    first_month = MonthField(label=_("First month"), help_text=_("Months from here on are made once they are over."))
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Who prepares it"), required=False, empty_label=_("nobody in particular")
    )
    receivers = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Who gets it by mail, and may answer it"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    told = forms.MultipleChoiceField(
        label=_("Chapters"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Targets, tickets and availability are always told."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=_("Make it each month"), required=False, initial=True)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, viewer: Any, plan: ReportPlan | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        self.plan = plan
        chapters = [(each.name, each.title) for each in every()]
        fields["told"].choices = chapters
        fields["told"].initial = [name for name, _title in chapters]
        fields["owner"].queryset = User.objects.active().filter(organization__is_provider=True).order_by("name")
        if plan is None:
            fields["organization"].queryset = customers_of(viewer, "report.prepare").filter(report_plan=None)
            del self.fields["receivers"]
        else:
            del self.fields["organization"]
            people = User.objects.active().filter(organization=plan.organization_id).exclude(email="")
            kept = User.objects.filter(report_plans=plan)
            fields["receivers"].queryset = (people | kept).distinct().order_by("name", "pk")

    @classmethod
    def initial_of(cls, plan: ReportPlan) -> dict[str, Any]:
        """The fields as the plan says."""
        same = ("purpose", "zone", "first_month", "owner", "is_active")
        return {name: getattr(plan, name) for name in same} | {
            "receivers": list(plan.receivers.values_list("pk", flat=True)),
            "told": [each.name for each in every() if each.name not in plan.left_out],
            "seen_version": plan.version,
        }

    @property
    def zones(self) -> list[str]:
        """For the list of the field."""
        return sorted(available_timezones())

    def values(self) -> dict[str, Any]:
        """What the operations take."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("told", "seen_version")}
        return values | {"left_out": [each.name for each in every() if each.name not in self.cleaned_data["told"]]}


class MonthForm(Telling):
    """Which month to compile."""

    month = MonthField(label=_("Month"))


class ReviewForm(Telling):
    """The figures in words, for the customer."""

    summary = forms.CharField(
        label=_("Summary for the customer"), required=False, max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("What the figures mean, what went wrong and what is done about it."),
    )  # fmt: skip
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class VersionForm(Telling):
    """An act that asks nothing but to have been looked at."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CommentForm(Telling):
    """What the customer says."""

    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("A dispute needs one: which figure is wrong, and why."),
    )  # fmt: skip


class AnswerForm(Telling):
    """What the customer is answered."""

    text = forms.CharField(
        label=_("Answer"), max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip


class CorrectionForm(Telling):
    """Why a corrected edition is made."""

    reason = forms.CharField(label=_("What is corrected, and why?"), max_length=LONGEST_REASON)
    has_new_terms = forms.BooleanField(
        label=_("Take the service credit terms of today"), required=False,
        help_text=_("Otherwise credits go by the terms of the edition that is corrected."),
    )  # fmt: skip
