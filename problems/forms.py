"""Forms of problems: fields edited in place, a new problem, the known error, sending its workaround."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.queries import people_visible_to
from records.field_forms import COMMON_FIELDS, CategoryChoice, area, categories
from records.forms import PersonChoice, assignable_to
from services.models import ConfigurationItem, Service
from services.queries import items_visible_to, services_visible_to

from .enums import Origin

FIELDS: dict[str, Any] = COMMON_FIELDS | {
    "owner": lambda viewer: PersonChoice(
        people_visible_to(viewer).active(), required=False, empty_label=_("nobody yet")
    ),
    "assignee": lambda viewer: PersonChoice(assignable_to(viewer), required=False, empty_label=_("nobody yet")),
    "origin": lambda viewer: forms.ChoiceField(choices=Origin.choices),
    "impact_statement": lambda viewer: forms.CharField(required=False, widget=area(4)),
    "cause_code": lambda viewer: forms.CharField(max_length=60, required=False),
}


class NewProblemForm(forms.Form):
    """Only one line is required; the incidents come along from where the form was opened."""

    title = forms.CharField(
        label=_("In a line"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Say in a line what comes back.")},
    )
    description = forms.CharField(label=_("What is known"), required=False, widget=area(6))
    origin = forms.ChoiceField(label=_("Seen through"), choices=Origin.choices)
    service = forms.ModelChoiceField(
        Service.objects.none(), label=_("Service"), required=False, empty_label=_("not known yet")
    )
    item = forms.ModelChoiceField(ConfigurationItem.objects.none(), label=_("Item"), required=False)
    category = CategoryChoice(None, label=_("Category"), required=False)
    impact_statement = forms.CharField(label=_("What it does to people"), required=False, widget=area(2))
    incidents = forms.CharField(
        label=_("Incidents that show it"), required=False, help_text=_("References with blanks between them.")
    )

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["service"].queryset = services_visible_to(viewer).live()
        fields["item"].queryset = items_visible_to(viewer).filter(is_active=True)
        fields["category"].queryset = categories()


class KnownErrorForm(forms.Form):
    """The texts of a known error and what it concerns."""

    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    symptom = forms.CharField(label=_("Symptom: what people see"), widget=area(3))
    cause = forms.CharField(label=_("Cause, or probable cause"), required=False, widget=area(3))
    is_cause_confirmed = forms.BooleanField(label=_("The cause is confirmed"), required=False)
    workaround = forms.CharField(
        label=_("Workaround"),
        widget=area(6),
        help_text=_("What people do meanwhile, as they will read it; or the word none."),
        error_messages={"required": _("Write down the workaround, or the word “none”.")},
    )
    services = forms.ModelMultipleChoiceField(Service.objects.none(), label=_("Services"), required=False)
    items = forms.ModelMultipleChoiceField(ConfigurationItem.objects.none(), label=_("Items"), required=False)

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["services"].queryset = services_visible_to(viewer)
        fields["items"].queryset = items_visible_to(viewer)


class SendingForm(forms.Form):
    """What is sent to everybody who waits, and whether their tickets end with it."""

    text = forms.CharField(label=_("What they read"), widget=area(7))
    resolve = forms.BooleanField(label=_("Resolve the tickets with it (workaround given)"), required=False)
    confirmed = forms.BooleanField(label=_("Send it to all of them"), required=False)
