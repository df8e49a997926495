"""What people type into the pages of breaches."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar
from common.forms import Telling
from records.models import Attachment

from ..models import Agreement
from . import excuses
from .models import DAYS_AT_MOST, LONGEST_TEXT, Breach, Cause, Clause


class ExplanationForm(Telling):
    """Why a target was missed."""

    cause = forms.ModelChoiceField(Cause.objects.none(), label=_("Cause"), empty_label=_("Choose"))
    text = forms.CharField(
        label=_("What happened"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For colleagues. Reports name the cause, not these words."),
    )  # fmt: skip
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, breach: Breach | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = Cause.objects.filter(is_active=True)
        if breach is not None and breach.cause_id:
            rows = rows | Cause.objects.filter(pk=breach.cause_id)
        fields: dict[str, Any] = self.fields
        fields["cause"].queryset = rows

    @classmethod
    def initial_of(cls, breach: Breach) -> dict[str, Any]:
        return {"cause": breach.cause_id, "text": breach.explanation, "seen_version": breach.version}


class ManyForm(ExplanationForm):
    """One cause for many misses."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["seen_version"]


class ExcuseForm(Telling):
    """Which clause excuses the miss, and what shows it."""

    clause = forms.ModelChoiceField(Clause.objects.none(), label=_("Clause"), empty_label=_("Choose"))
    evidence = forms.CharField(
        label=_("What shows it"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who did or did not do what, when, and where that stands."),
    )  # fmt: skip
    attachment = forms.ModelChoiceField(
        Attachment.objects.none(), label=_("File of the ticket"), required=False, empty_label=_("none")
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, breach: Breach, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["clause"].queryset = excuses.clauses_for(breach)
        files = excuses.files_for(breach, viewer)
        fields["attachment"].queryset = files
        if not files:
            del self.fields["attachment"]


class ReasonForm(Telling):
    """Why, in a few words."""

    reason = forms.CharField(label=_("Why?"), max_length=excuses.LONGEST_REASON, required=False)


class DeferralForm(Telling):
    """What is missing to decide."""

    reason = forms.CharField(label=_("What evidence is missing?"), max_length=excuses.LONGEST_REASON)


class LineForm(Telling):
    """A line of a list that people choose from."""

    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(label=_("When it applies"), max_length=300, required=False)
    is_active = forms.BooleanField(label=_("Can be chosen"), required=False, initial=True)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ClauseForm(LineForm):
    """A new clause, of one agreement or of all."""

    agreement = forms.ModelChoiceField(
        Agreement.objects.none(), label=_("Agreement"), required=False, empty_label=_("every agreement")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["agreement"].queryset = Agreement.objects.in_force()


class DeadlineForm(Telling):
    """Within how many working days misses are explained."""

    agreement = forms.ModelChoiceField(
        Agreement.objects.none(), label=_("Agreement"), required=False, empty_label=_("wherever nothing else is said")
    )
    days = forms.IntegerField(
        label=_("Working days"), required=False, min_value=1, max_value=DAYS_AT_MOST,
        help_text=_("Empty: the agreement says nothing of its own."),
    )  # fmt: skip
    calendar = forms.ModelChoiceField(
        Calendar.objects.none(), label=_("Hours"), required=False, empty_label=_("those of the agreement"),
        help_text=_("For teams without hours of their own."),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["agreement"].queryset = Agreement.objects.in_force()
        fields["calendar"].queryset = Calendar.objects.active()
