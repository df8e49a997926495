"""Forms of complaints: fields edited in place, and a new complaint."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.queries import people_visible_to, teams_visible_to
from records.field_forms import COMMON_FIELDS, area
from records.forms import PersonChoice, assignable_to
from services.models import Service
from services.queries import services_visible_to

FIELDS: dict[str, Any] = COMMON_FIELDS | {
    "supplier": lambda viewer: forms.CharField(max_length=120),
    "promised": lambda viewer: forms.CharField(required=False, widget=area(4)),
    "owner": lambda viewer: PersonChoice(
        people_visible_to(viewer).active(), required=False, empty_label=_("nobody yet")
    ),
    "assignee": lambda viewer: PersonChoice(assignable_to(viewer), required=False, empty_label=_("nobody yet")),
    "team": lambda viewer: forms.ModelChoiceField(
        teams_visible_to(viewer).filter(is_active=True), required=False, empty_label=_("no team")
    ),
}


class NewComplaintForm(forms.Form):
    """Who, and what in a line; the rest can follow until it is lodged."""

    supplier = forms.CharField(
        label=_("Supplier"), max_length=120, error_messages={"required": _("Say who did not keep what was agreed.")}
    )
    title = forms.CharField(
        label=_("In a line"), max_length=200, error_messages={"required": _("Say in a line what went wrong.")}
    )
    promised = forms.CharField(
        label=_("What was agreed"), required=False, widget=area(3), help_text=_("Needed before it is lodged.")
    )
    description = forms.CharField(label=_("What came instead"), required=False, widget=area(5))
    service = forms.ModelChoiceField(
        Service.objects.none(), label=_("Service"), required=False, empty_label=_("none of ours")
    )

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["service"].queryset = services_visible_to(viewer).live()
