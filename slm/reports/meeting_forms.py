"""What people type into the pages of a review meeting."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import User
from records.forms import MomentField

from .forms import Telling
from .models import ReviewMeeting, ServiceReport
from .operations.common import LONGEST_TEXT
from .operations.meeting import LONGEST_LINE, LONGEST_PLACE

THERE = {"": None, "yes": True, "no": False}


def people_of(report: ServiceReport) -> Any:
    """Who may be asked to a review: the customer's people, and those of the provider."""
    wanted = Q(organization=report.organization_id) | Q(organization__is_provider=True)
    return User.objects.active().filter(wanted).order_by("name", "pk")


class MeetingForm(Telling):
    """When, where, who."""

    starts_at = MomentField(label=_("Begins"))
    place = forms.CharField(label=_("Where"), required=False, max_length=LONGEST_PLACE)
    people = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Who is to come"), required=False, widget=forms.SelectMultiple(attrs={"size": 10})
    )

    def __init__(self, *args: Any, report: ServiceReport, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["people"].queryset = people_of(report)


class MinutesForm(Telling):
    """Who came, and what was said about each point."""

    remarks = forms.CharField(
        label=_("Remarks"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, meeting: ReviewMeeting, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["remarks"].initial = meeting.remarks
        self.fields["seen_version"].initial = meeting.version
        self.items = list(meeting.items.all())
        self.attendees = list(meeting.attendees.select_related("user"))
        answers = [("", _("not said yet")), ("yes", _("was there")), ("no", _("was not there"))]
        for item in self.items:
            self.fields[f"text_{item.pk}"] = forms.CharField(
                label=item.title, required=False, max_length=LONGEST_TEXT, initial=item.text,
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            )  # fmt: skip
        for each in self.attendees:
            known = {True: "yes", False: "no", None: ""}[each.was_there]
            self.fields[f"there_{each.pk}"] = forms.ChoiceField(
                label=each.user.name, choices=answers, required=False, initial=known
            )

    @property
    def points(self) -> list[tuple[Any, Any]]:
        """Each item with its field."""
        return [(item, self[f"text_{item.pk}"]) for item in self.items]

    @property
    def people(self) -> list[Any]:
        """The fields of attendance."""
        return [self[f"there_{each.pk}"] for each in self.attendees]

    def values(self) -> dict[str, Any]:
        """What the operation takes."""
        said = self.cleaned_data
        return {
            "texts": {item.pk: said[f"text_{item.pk}"] for item in self.items},
            "there": {each.pk: THERE[said[f"there_{each.pk}"]] for each in self.attendees},
            "remarks": said["remarks"],
            "version": said["seen_version"],
        }


class TopicForm(Telling):
    """A point by hand."""

    title = forms.CharField(label=_("Topic"), max_length=LONGEST_LINE)


class ActionForm(Telling):
    """Who does what until when."""

    text = forms.CharField(label=_("Action"), max_length=LONGEST_LINE)
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Who does it"), empty_label=_("Choose"))
    due_date = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    is_for_register = forms.BooleanField(
        label=_("Write it into the register of improvements"), required=False,
        help_text=_("The improvement says then whether it is done."),
    )  # fmt: skip

    def __init__(self, *args: Any, report: ServiceReport, may_register: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = people_of(report)
        if not may_register:
            del fields["is_for_register"]
