"""Forms of changes: fields edited in place, a new change, scope, window, risk, models."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from people.models import Team
from people.queries import people_visible_to, teams_visible_to
from records.field_forms import COMMON_FIELDS, area
from records.forms import MomentField, PersonChoice, assignable_to
from services.models import Service
from services.queries import items_visible_to, services_visible_to

from .enums import Band, Type
from .models import ChangeModel, RiskFactor
from .operations.questionnaire import POINTS
from .queries.slots import LEAST_MINUTES, MOST_MINUTES

MOST_ITEMS = 200


def _text(rows: int) -> Any:
    return lambda viewer: forms.CharField(required=False, widget=area(rows))


FIELDS: dict[str, Any] = {name: maker for name, maker in COMMON_FIELDS.items() if name not in ("service", "item")} | {
    "owner": lambda viewer: PersonChoice(
        people_visible_to(viewer).active(), required=False, empty_label=_("nobody yet")
    ),
    "assignee": lambda viewer: PersonChoice(assignable_to(viewer), required=False, empty_label=_("nobody yet")),
    "team": lambda viewer: forms.ModelChoiceField(
        teams_visible_to(viewer).filter(is_active=True), required=False, empty_label=_("no team")
    ),
    "outage_minutes": lambda viewer: forms.IntegerField(min_value=0, max_value=100_000),
    "rationale": _text(4),
    "benefit": _text(3),
    "harm": _text(3),
    "implementation_plan": _text(10),
    "test_plan": _text(6),
    "test_evidence": _text(6),
    "back_out_plan": _text(8),
    "back_out_trigger": _text(3),
    "communication_plan": _text(6),
}


class ItemNames(forms.CharField):
    """Items by their names, one a line, among those that the person may see. An estate is too long for a list."""

    def __init__(self, *, viewer: Any, **options: Any) -> None:
        self.viewer = viewer
        super().__init__(widget=area(3), required=False, **options)

    def clean(self, value: Any) -> list[Any]:
        names = [line.strip() for line in str(super().clean(value) or "").splitlines() if line.strip()]
        if len(names) > MOST_ITEMS:
            raise ValidationError(_("At most 200 items. Name the service instead."))
        rows = items_visible_to(self.viewer).filter(is_active=True, name__in=names).order_by("name", "pk")
        found: dict[str, Any] = {}
        for item in rows:
            found.setdefault(item.name, item)
        missing = [name for name in names if name not in found]
        if missing:
            raise ValidationError(
                _("There is no item “%(name)s”. Correct it or leave it out."), params={"name": missing[0]}
            )
        return list(found.values())


def _services(viewer: Any) -> Any:
    return forms.ModelMultipleChoiceField(
        services_visible_to(viewer).live(), label=_("Services"), required=False, widget=forms.CheckboxSelectMultiple
    )


class ScopeForm(forms.Form):
    """What the change touches."""

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["services"] = _services(viewer)
        self.fields["items"] = ItemNames(viewer=viewer, label=_("Items"), help_text=_("Names, one a line."))


class NewChangeForm(ScopeForm):
    """A line and the reason suffice to begin; the rest is asked before it is submitted."""

    type = forms.ChoiceField(
        label=_("Type"),
        choices=[
            (Type.NORMAL, _("normal: assessed and decided first")),
            (Type.EMERGENCY, _("emergency: ends an incident or averts a harm now")),
        ],
        widget=forms.RadioSelect,
        initial=Type.NORMAL,
    )
    title = forms.CharField(
        label=_("In a line"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Say in a line what is changed.")},
    )
    description = forms.CharField(label=_("Description"), required=False, widget=area(4))
    rationale = forms.CharField(label=_("Why it is needed"), required=False, widget=area(3))
    harm = forms.CharField(
        label=_("Harm that it averts"), required=False, widget=area(2),
        help_text=_("For emergencies without an incident: what threatens, and when."),
    )  # fmt: skip
    assignee = PersonChoice(None, label=_("Implemented by"), required=False, empty_label=_("nobody yet"))

    def __init__(self, *args: Any, viewer: Any, model: ChangeModel | None = None, **options: Any) -> None:
        super().__init__(*args, viewer=viewer, **options)
        fields: dict[str, Any] = self.fields
        fields["assignee"].queryset = assignable_to(viewer)
        if model is not None:
            for name in ("type", "harm"):
                del fields[name]
            if model.services.exists():
                fields["services"].queryset = fields["services"].queryset.filter(change_models=model)


class WindowForm(forms.Form):
    planned_from = MomentField(label=_("From"), required=False)
    planned_to = MomentField(label=_("To"), required=False)


class SlotsForm(forms.Form):
    """How long a window is looked for."""

    minutes = forms.IntegerField(label=_("Minutes it takes"), min_value=LEAST_MINUTES, max_value=MOST_MINUTES)


class QuestionForm(forms.Form):
    """A question of the risk questionnaire, with an answer for each number of points."""

    question = forms.CharField(label=_("Question"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    help = forms.CharField(label=_("Help"), required=False, max_length=2000, widget=area(2))
    weight = forms.IntegerField(label=_("Weight"), min_value=1, max_value=10, help_text=_("1 to 10."))
    position = forms.IntegerField(
        label=_("Place"), min_value=0, max_value=30_000, help_text=_("Smaller numbers are asked first.")
    )
    raises_to = forms.ChoiceField(
        label=_("Worst answer raises the risk to"),
        required=False,
        choices=[("", _("nothing more than its points")), *Band.choices],
    )
    is_active = forms.BooleanField(label=_("It is asked"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for points in POINTS:
            self.fields[f"answer_{points}"] = forms.CharField(
                label=ngettext_lazy("%(points)d point", "%(points)d points", "points") % {"points": points},
                required=False,
                max_length=120,
                widget=forms.TextInput(attrs={"dir": "auto"}),
            )

    @staticmethod
    def initial_of(factor: RiskFactor) -> dict[str, Any]:
        plain = ("question", "help", "weight", "position", "raises_to", "is_active")
        said = {name: getattr(factor, name) for name in plain}
        return said | {f"answer_{choice.points}": choice.label for choice in factor.choices.all()}

    def answer_fields(self) -> list[forms.BoundField]:
        return [self[f"answer_{points}"] for points in POINTS]

    def said(self) -> dict[str, Any]:
        """What the operations take."""
        answers = {points: self.cleaned_data[f"answer_{points}"] for points in POINTS}
        plain = {name: value for name, value in self.cleaned_data.items() if not name.startswith("answer_")}
        return plain | {"answers": answers}


class StepForm(forms.Form):
    title = forms.CharField(
        label=_("What is to be done"),
        max_length=200,
        error_messages={"required": _("Say in 1 to 200 characters what is to be done.")},
    )
    owner = PersonChoice(None, label=_("Who does it"), required=False, empty_label=_("the implementer"))
    instructions = forms.CharField(label=_("How"), required=False, widget=area(2))

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = assignable_to(viewer)


class ModelForm(forms.Form):
    """A model of standard changes."""

    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(label=_("What it is for"), required=False, widget=area(3))
    owner = PersonChoice(None, label=_("Owner"))
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team that implements it"), required=False, empty_label=_("no team")
    )
    services = forms.ModelMultipleChoiceField(
        Service.objects.none(), label=_("Services"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Only changes of these services; all when none is ticked."),
    )  # fmt: skip
    implementation_plan = forms.CharField(label=_("Implementation plan"), widget=area(5))
    test_plan = forms.CharField(label=_("Test plan"), required=False, widget=area(3))
    back_out_plan = forms.CharField(label=_("Back-out plan"), widget=area(4))
    communication_plan = forms.CharField(label=_("Communication plan"), required=False, widget=area(3))
    steps = forms.CharField(label=_("Steps"), required=False, widget=area(5), help_text=_("One a line, in order."))
    longest_minutes = forms.IntegerField(label=_("Longest window, minutes"), min_value=1, initial=240)
    least_success_percent = forms.IntegerField(
        label=_("Least share of successes, %"), min_value=0, max_value=100, initial=90
    )
    judged_uses = forms.IntegerField(label=_("Judged over the latest uses"), min_value=1, initial=10)

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = people_visible_to(viewer).active()
        fields["team"].queryset = teams_visible_to(viewer).filter(is_active=True)
        fields["services"].queryset = services_visible_to(viewer).live()

    def clean_steps(self) -> list[str]:
        return [line.strip() for line in str(self.cleaned_data["steps"]).splitlines() if line.strip()]
