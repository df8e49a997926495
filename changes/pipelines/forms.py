"""Forms of deployments: how one went, and what holds for an environment."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from records.field_forms import area
from records.forms import MomentField, ReferenceField

from .enums import Result
from .models import LONGEST_NAME


class ResultForm(forms.Form):
    """What a pipeline would report, from a person."""

    result = forms.ChoiceField(label=_("How it went"), choices=Result.choices)
    finished_at = MomentField(label=_("Finished"), required=False, help_text=_("Now, when left empty."))
    note = forms.CharField(label=_("Note"), required=False, max_length=10_000, widget=area(3))
    is_unplanned_repair = forms.BooleanField(
        label=_("Unplanned repair of what an earlier deployment broke"), required=False
    )

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["incident"] = ReferenceField(
            viewer=viewer,
            label=_("Incident"),
            required=False,
            max_length=40,
            help_text=_("That the failure caused, or that the repair ends: INC-1042."),
        )

    def clean_incident(self) -> Any:
        found = self.cleaned_data["incident"]
        if found is not None and found.kind != "incident":
            raise ValidationError(_("This is no incident. Name the incident."))
        return found


class EnvironmentForm(forms.Form):
    """A place that pipelines deploy to."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    slug = forms.SlugField(
        label=_("Short name"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("What pipelines call it. Made from the name when left empty; it can't be changed."),
    )
    is_production = forms.BooleanField(label=_("Production: counts in the measures"), required=False)
    needs_change = forms.BooleanField(label=_("Deployed only under a change"), required=False)
    is_active = forms.BooleanField(label=_("Pipelines may ask for it"), required=False, initial=True)

    def __init__(self, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["is_active" if is_new else "slug"]
