"""Forms of releases: fields edited in place, a new release, its window, criteria, waves and the checklist."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Team
from people.queries import people_visible_to, teams_visible_to
from records.enums import Priority
from records.field_forms import COMMON_FIELDS, area
from records.forms import MomentField, PersonChoice, ReferenceField, assignable_to
from services.queries import services_visible_to

from .enums import Environment, Result, Type
from .permissions import SIGNER_CHOICES


def _text(rows: int) -> Any:
    return lambda viewer: forms.CharField(required=False, widget=area(rows))


def _number(most: int, *, least: int = 0, required: bool = True) -> Any:
    return lambda viewer: forms.IntegerField(min_value=least, max_value=most, required=required)


FIELDS: dict[str, Any] = {name: maker for name, maker in COMMON_FIELDS.items() if name not in ("service", "item")} | {
    "owner": lambda viewer: PersonChoice(
        people_visible_to(viewer).active(), required=False, empty_label=_("nobody yet")
    ),
    "assignee": lambda viewer: PersonChoice(assignable_to(viewer), required=False, empty_label=_("nobody yet")),
    "team": lambda viewer: forms.ModelChoiceField(
        teams_visible_to(viewer).filter(is_active=True), required=False, empty_label=_("no team")
    ),
    "version_name": lambda viewer: forms.CharField(max_length=60, required=False),
    "build_reference": lambda viewer: forms.CharField(max_length=300, required=False),
    "release_notes": _text(8),
    "known_errors": _text(4),
    "deployment_plan": _text(8),
    "back_out_plan": _text(8),
    "communication_plan": _text(6),
    "early_life_days": _number(366),
    "quiet_days": _number(366),
    "quiet_priority": lambda viewer: forms.TypedChoiceField(choices=Priority.choices, coerce=int),
    "most_incidents": _number(10_000, required=False),
}


def _services(viewer: Any) -> Any:
    return forms.ModelMultipleChoiceField(
        services_visible_to(viewer).live(), label=_("Services"), required=False, widget=forms.CheckboxSelectMultiple
    )


class ScopeForm(forms.Form):
    """For which services it is."""

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["services"] = _services(viewer)


class NewReleaseForm(ScopeForm):
    """A line and the version suffice to begin; the rest is asked on the way."""

    type = forms.ChoiceField(
        label=_("Type"),
        choices=[
            (Type.MINOR, _("minor: improvements and fixes")),
            (Type.MAJOR, _("major: much is new, people need to be prepared")),
            (Type.EMERGENCY, _("emergency: one fix that can't wait")),
        ],
        widget=forms.RadioSelect,
        initial=Type.MINOR,
        help_text=_("It decides what the readiness checklist asks."),
    )
    title = forms.CharField(
        label=_("In a line"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Say in a line what is released.")},
    )
    version_name = forms.CharField(label=_("Version"), max_length=60, required=False)
    description = forms.CharField(label=_("What it is for"), required=False, widget=area(4))
    assignee = PersonChoice(None, label=_("Release manager"), required=False, empty_label=_("nobody yet"))
    owner = PersonChoice(
        None, label=_("Owner"), required=False, empty_label=_("nobody yet"),
        help_text=_("Answers for the product, and may waive what it does not fulfill."),
    )  # fmt: skip
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("no team"))

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, viewer=viewer, **options)
        fields: dict[str, Any] = self.fields
        fields["assignee"].queryset = assignable_to(viewer)
        fields["owner"].queryset = people_visible_to(viewer).active()
        fields["team"].queryset = teams_visible_to(viewer).filter(is_active=True)


class WindowForm(forms.Form):
    planned_from = MomentField(label=_("From"), required=False)
    planned_to = MomentField(label=_("To"), required=False)
    reason = forms.CharField(label=_("Why it moves"), max_length=500, required=False)

    def __init__(self, *args: Any, is_promised: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if not is_promised:
            del self.fields["reason"]


class ChangeForm(forms.Form):
    """A change by its reference, among those that the person may see."""

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["change"] = ReferenceField(
            viewer=viewer, label=_("Change"), max_length=20, widget=forms.TextInput(attrs={"placeholder": "CHG-1042"})
        )


class WaveForm(forms.Form):
    name = forms.CharField(label=_("What is deployed where"), max_length=120, required=False)
    environment = forms.ChoiceField(label=_("Environment"), choices=Environment.choices, initial=Environment.PRODUCTION)
    planned_at = MomentField(label=_("Planned"), required=False)


class WaveEndForm(forms.Form):
    result = forms.ChoiceField(
        label=_("Result"),
        choices=[(each, each.label) for each in (Result.SUCCESSFUL, Result.FAILED, Result.BACKED_OUT)],
    )
    verification = forms.CharField(label=_("How it was verified"), max_length=500, required=False)


class LineForm(forms.Form):
    """A line of the readiness checklist."""

    text = forms.CharField(label=_("What has to be true"), max_length=200)
    role = forms.ChoiceField(label=_("Signed by"), choices=SIGNER_CHOICES)
    types = forms.MultipleChoiceField(
        label=_("For types"), choices=Type.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("All when none is ticked."),
    )  # fmt: skip
    is_required = forms.BooleanField(label=_("Must be signed before it is deployed"), required=False, initial=True)
    is_active = forms.BooleanField(label=_("Asked of new releases"), required=False, initial=True)

    def __init__(self, *args: Any, is_new: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_new:
            del self.fields["is_active"]
