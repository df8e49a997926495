"""Forms of differences: where they come from, why that does not hold, and what somebody saw."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.forms import Telling
from common.texts import LONGEST
from records.field_forms import area
from records.forms import ReferenceField


class ExplanationForm(Telling):
    """Where the chosen ones come from."""

    reason = forms.CharField(
        label=_("Why they are in order"), required=False, max_length=LONGEST, widget=area(2),
        help_text=_("For example: the record was wrong, the item did not change."),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["change"] = ReferenceField(
            viewer=viewer, label=_("Change"), required=False, max_length=40,
            help_text=_("The change that they come from: CHG-1042."),
        )  # fmt: skip

    def clean_change(self) -> Any:
        found = self.cleaned_data["change"]
        if found is not None and found.kind != "change":
            raise ValidationError(_("This is no change. Name the change."))
        return found


class ReopeningForm(Telling):
    """Why an explanation does not hold."""

    reason = forms.CharField(label=_("Why it does not hold"), required=False, max_length=LONGEST, widget=area(2))


class NoteForm(Telling):
    """What somebody has to say who looked at items."""

    note = forms.CharField(label=_("Note"), required=False, max_length=LONGEST, widget=area(2))


class VerificationForm(NoteForm):
    """What somebody saw who looked at an item."""

    difference = forms.CharField(
        label=_("What is other than written down"), required=False, max_length=LONGEST, widget=area(2),
        help_text=_("Leave it empty when everything is as it stands here."),
    )  # fmt: skip
    field_order = ("difference", "note")
