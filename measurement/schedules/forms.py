"""The form of a scheduled report."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Telling
from common.refusals import Refused

from .. import sharing
from ..dashboards.models import Dashboard
from .enums import Every, Weekday
from .models import Schedule


class ScheduleForm(Telling):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("The subject of the mail begins with it."))
    dashboard: Any = forms.ModelChoiceField(label=_("Dashboard"), queryset=None, required=False)
    receivers = forms.CharField(
        label=_("Receivers"),
        help_text=_(
            "E-mail addresses or sign-in names, with commas between them. Each gets the numbers of their rights."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    every = forms.ChoiceField(label=_("How often"), choices=Every.choices)
    weekday = forms.ChoiceField(label=_("Weekday"), choices=Weekday.choices, required=False, help_text=_("Every week."))
    month_day = forms.IntegerField(
        label=_("Day of the month"), min_value=1, max_value=31, required=False,
        help_text=_("Every month; in shorter ones the last day."),
    )  # fmt: skip
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    zone = forms.CharField(label=_("Time zone"), max_length=64)
    has_pdf = forms.BooleanField(label=_("Attach a PDF"), required=False)
    has_csv = forms.BooleanField(label=_("Attach a CSV file"), required=False)
    kpi = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)
    page = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, viewer: Any, is_page: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.viewer = viewer
        self.fields["dashboard"].queryset = Dashboard.objects.visible_to(viewer)  # type: ignore[attr-defined]
        self.fields["dashboard"].label_from_instance = lambda row: row.label  # type: ignore[attr-defined]
        if is_page:
            del self.fields["dashboard"]

    @classmethod
    def of(cls, schedule: Schedule, viewer: Any) -> "ScheduleForm":
        same = (
            "name",
            "dashboard",
            "every",
            "weekday",
            "month_day",
            "zone",
            "has_pdf",
            "has_csv",
            "kpi",
            "page",
            "query",
            "version",
        )
        initial = {name: getattr(schedule, name) for name in same}
        initial["time"] = time(schedule.minute // 60, schedule.minute % 60)
        initial["receivers"] = ", ".join(schedule.receivers.order_by("name").values_list("email", flat=True))
        return cls(viewer=viewer, is_page=schedule.dashboard_id is None, initial=initial)

    def clean_receivers(self) -> list[Any]:
        """The people named; each that can't be found is said."""
        try:
            return sharing.named(self.cleaned_data["receivers"], by=self.viewer, is_self_known=True)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None

    def values(self) -> dict[str, Any]:
        said = self.cleaned_data
        clock = said["time"]
        return {
            "name": said["name"], "dashboard": said.get("dashboard"), "kpi": said["kpi"],
            "page": said["page"], "query": said["query"],
            "has_pdf": said["has_pdf"], "has_csv": said["has_csv"], "every": said["every"],
            "weekday": int(said["weekday"] or 0), "month_day": said["month_day"] or 1,
            "minute": clock.hour * 60 + clock.minute, "zone": said["zone"].strip(), "receivers": said["receivers"],
        }  # fmt: skip
