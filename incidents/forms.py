"""Forms of incidents: the fields of their own, a new ticket, a report from the portal."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.numbers import number_in
from people.models import Organization, User
from people.queries import organizations_visible_to, people_visible_to
from records.enums import Level, Source
from records.field_forms import COMMON_FIELDS, CategoryChoice, LevelsForm, TagsField, area, categories
from records.forms import MomentField, assignable_to
from services.models import ConfigurationItem, Service
from services.queries import items_visible_to, services_visible_to

from .enums import ResolutionCode

FIELDS: dict[str, Any] = COMMON_FIELDS | {
    "supplier_reference": lambda viewer: forms.CharField(max_length=120, required=False),
    "affected_count": lambda viewer: forms.IntegerField(min_value=0, max_value=10_000_000, required=False),
    "symptom": lambda viewer: forms.CharField(max_length=200, required=False),
    "cause_code": lambda viewer: forms.CharField(max_length=60, required=False),
    "outage_from": lambda viewer: MomentField(required=False),
    "outage_to": lambda viewer: MomentField(required=False),
    "is_security_related": lambda viewer: forms.BooleanField(required=False),
}


class NewTicketForm(LevelsForm):
    """Only the caller and one line are required."""

    caller = forms.CharField(required=False, widget=forms.HiddenInput)
    caller_text = forms.CharField(label=_("Caller"), max_length=200, required=False)
    title = forms.CharField(
        label=_("In a line"), max_length=200, error_messages={"required": _("Say in a line what is wrong.")}
    )
    service = forms.ModelChoiceField(
        Service.objects.none(), label=_("Service"), required=False, empty_label=_("not known yet")
    )
    description = forms.CharField(label=_("Details"), required=False, widget=area(5))
    source = forms.ChoiceField(label=_("How it reached us"), choices=Source.choices, initial=Source.PHONE)
    category = CategoryChoice(None, label=_("Category"), required=False)
    item = forms.ModelChoiceField(ConfigurationItem.objects.none(), label=_("Item"), required=False)
    assignee = forms.ModelChoiceField(
        User.objects.none(), label=_("Give it to"), required=False, empty_label=_("nobody yet")
    )
    tags = TagsField(label=_("Tags"), required=False, help_text=_("With commas between them."))
    code = forms.ChoiceField(
        label=_("When resolved on this call"),
        choices=ResolutionCode.choices,
        initial=ResolutionCode.ADVICE,
        required=False,
    )
    resolution = forms.CharField(label=_("What was done"), required=False, widget=area(2))
    person_organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Organization of the new person"), required=False
    )
    person_email = forms.EmailField(label=_("E-mail of the new person"), required=False)
    person_phone = forms.CharField(label=_("Phone of the new person"), max_length=60, required=False)

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.viewer = viewer
        fields: dict[str, Any] = self.fields
        for name, choices in {
            "service": services_visible_to(viewer).live(),
            "item": items_visible_to(viewer).filter(is_active=True),
            "category": categories(),
            "assignee": assignable_to(viewer),
            "person_organization": organizations_visible_to(viewer).filter(is_active=True),
        }.items():
            fields[name].queryset = choices

    def clean_caller(self) -> Any:
        """The person chosen, or None when a name was typed that nobody was chosen for."""
        key = self.cleaned_data["caller"]
        if not key:
            return None
        person = people_visible_to(self.viewer).active().filter(pk=number_in(key) or 0).first()
        if person is None:
            raise ValidationError(_("This person has left. Choose another caller."))
        return person

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("caller") is None and "caller" not in self.errors:
            typed = " ".join(cleaned.get("caller_text", "").split())
            if not typed:
                self.add_error("caller_text", _("Say who calls: part of a name, an e-mail or a phone number."))
            elif not cleaned.get("person_organization"):
                self.wants_new_person = True
                self.add_error(
                    "person_organization",
                    _(
                        "Nobody was chosen for “%(name)s”. Choose the caller from the list, or the organization of"
                        " the new person."
                    )
                    % {"name": typed},
                )
        return cleaned


class ReportForm(forms.Form):
    """What a requester is asked: five fields at most, two of them required."""

    title = forms.CharField(
        label=_("What is wrong, in a line?"),
        max_length=200,
        error_messages={"required": _("Say in a line what is wrong, for example: VPN drops every 20 minutes.")},
    )
    service = forms.ModelChoiceField(
        Service.objects.none(), label=_("With what?"), required=False, empty_label=_("I am not sure")
    )
    urgency = forms.TypedChoiceField(
        label=_("Can you work?"),
        choices=[(Level.LOW, _("yes")), (Level.MEDIUM, _("with difficulty")), (Level.HIGH, _("no"))],
        coerce=int,
        initial=Level.MEDIUM,
        widget=forms.RadioSelect,
    )
    description = forms.CharField(label=_("What happened, and since when?"), required=False, widget=area(5))

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["service"].queryset = services_visible_to(viewer).filter(stage="live")
