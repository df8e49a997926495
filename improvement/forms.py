"""Forms of improvements: fields edited in place, a new one, its steps, scores, ways, observations, goals and scales."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from measurement.samples import comparable
from people.models import Organization, Team
from people.queries import organizations_visible_to, people_visible_to, teams_visible_to
from records.enums import Priority
from records.field_forms import COMMON_FIELDS, CategoryChoice, area, categories
from records.forms import PersonChoice, assignable_to
from services.models import Service
from services.queries import services_visible_to

from .enums import Aspect, Origin, Size, Step, Word
from .models import Goal
from .queries.scoring import Scales
from .questions import LONGEST_ANSWER, QUESTIONS


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


FIELDS: dict[str, Any] = {name: maker for name, maker in COMMON_FIELDS.items() if name != "item"} | {
    "owner": lambda viewer: PersonChoice(
        people_visible_to(viewer).active(), required=False, empty_label=_("nobody yet")
    ),
    "assignee": lambda viewer: PersonChoice(assignable_to(viewer), required=False, empty_label=_("nobody yet")),
    "team": lambda viewer: forms.ModelChoiceField(
        teams_visible_to(viewer).filter(is_active=True), required=False, empty_label=_("no team")
    ),
    "goal": lambda viewer: forms.ModelChoiceField(
        Goal.objects.visible_to(viewer).active(), required=False, empty_label=_("no goal yet")
    ),
    "size": lambda viewer: forms.ChoiceField(choices=Size.choices),
}


class SuggestionForm(forms.Form):
    """What somebody in the portal says: one line is enough."""

    title = forms.CharField(
        label=_("Your suggestion in a line"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Say in a line what could be better.")},
    )  # fmt: skip
    description = forms.CharField(
        label=_("What is difficult today, and what would help"), required=False, max_length=10_000, widget=area(5)
    )
    service = forms.ModelChoiceField(
        Service.objects.none(), label=_("Service"), required=False, empty_label=_("none in particular")
    )

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["service"].queryset = services_visible_to(viewer).live()


class NewImprovementForm(forms.Form):
    """A line suffices to begin; the rest is asked on the way."""

    title = forms.CharField(
        label=_("In a line"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Say in a line what could be better.")},
    )  # fmt: skip
    description = forms.CharField(label=_("The problem or the chance, not the solution alone"), required=False,
                                  widget=area(5))  # fmt: skip
    origin = forms.ChoiceField(label=_("Where it comes from"), choices=Origin.choices, initial=Origin.PERSON)
    service = forms.ModelChoiceField(
        Service.objects.none(), label=_("Service"), required=False, empty_label=_("none in particular")
    )
    category = CategoryChoice(None, label=_("Category"), required=False)
    goal = forms.ModelChoiceField(Goal.objects.none(), label=_("Goal"), required=False, empty_label=_("no goal yet"))
    owner = PersonChoice(None, label=_("Owner"), required=False, empty_label=_("nobody yet"),
                         help_text=_("Answers for the result."))  # fmt: skip
    size = forms.ChoiceField(
        label=_("Size"), choices=Size.choices, initial=Size.REGULAR,
        help_text=_("Small improvements may skip the vision and the weighing of ways."),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["service"].queryset = services_visible_to(viewer).live()
        fields["category"].queryset = categories()
        fields["goal"].queryset = Goal.objects.visible_to(viewer).active()
        fields["owner"].queryset = people_visible_to(viewer).active()


class AnswersForm(forms.Form):
    """The questions of one step."""

    def __init__(self, data: Any = None, *, step: Step, **options: Any) -> None:
        super().__init__(data, prefix=f"s{int(step)}", **options)
        for question in QUESTIONS[step]:
            self.fields[question.name] = forms.CharField(
                label=question.label, required=False, max_length=LONGEST_ANSWER, widget=area(question.rows)
            )
            # Nothing keeps one from saving half an answer; what is missing shows as such.
            self.fields[question.name].is_optional = not question.is_required  # type: ignore[attr-defined]


class ScoreForm(forms.Form):
    """Value, effort and risk, with the words of the scales."""

    def __init__(self, *args: Any, scales: Scales, **options: Any) -> None:
        super().__init__(*args, **options)
        for aspect in Aspect:
            self.fields[aspect] = forms.TypedChoiceField(
                label=str(aspect.label).capitalize(),
                choices=[("", _("Choose")), *scales.choices(aspect)],
                coerce=int,
                empty_value=None,
            )


class OptionForm(ScoreForm):
    """One way to get there."""

    text = forms.CharField(
        label=_("One way to get there"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    field_order = ("text", "value", "effort", "risk")


class ObservationForm(forms.Form):
    text = forms.CharField(
        label=_("What we see now"), max_length=500, widget=area(2), help_text=_("Where nothing counts it.")
    )


class ExpectationForm(forms.Form):
    text = forms.CharField(label=_("What we want to see"), max_length=500, widget=area(2))
    target_date = forms.DateField(label=_("By"), widget=_date())


class PinForm(forms.Form):
    """A KPI, the days of its baseline, and whose records are counted."""

    kpi = forms.ChoiceField(label=_("Measure"))
    baseline_from = forms.DateField(label=_("Baseline from"), widget=_date())
    baseline_to = forms.DateField(label=_("To, not included"), widget=_date())
    service = forms.ModelChoiceField(Service.objects.none(), label=_("Service"), required=False, empty_label=_("all"))
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("all"))
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=[("", _("all")), *Priority.choices], coerce=int, empty_value=None, required=False
    )
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Organization"), required=False, empty_label=_("all that you may see")
    )

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["kpi"].choices = [("", _("Choose")), *((each.id, each.name) for each in comparable())]
        fields["service"].queryset = services_visible_to(viewer)
        fields["team"].queryset = teams_visible_to(viewer)
        fields["organization"].queryset = organizations_visible_to(viewer)


class TargetForm(forms.Form):
    target = forms.FloatField(label=_("Target"), min_value=0)
    target_date = forms.DateField(label=_("By"), widget=_date())


class JudgmentForm(forms.Form):
    word = forms.ChoiceField(label=_("Verdict"), choices=[("", _("Choose")), *Word.choices])
    note = forms.CharField(label=_("What we see now"), max_length=1000, widget=area(2))


class ActionForm(forms.Form):
    acted_on = forms.DateField(label=_("In effect from"), widget=_date())
    settling_days = forms.IntegerField(
        label=_("Days to settle"), min_value=0, max_value=366, initial=0, help_text=_("Left out of the comparison.")
    )


class GoalForm(forms.Form):
    title = forms.CharField(label=_("Goal"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    description = forms.CharField(label=_("What it means"), required=False, max_length=5000, widget=area(4))
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Organization"), required=False, empty_label=_("for all"),
        help_text=_("Whose people see it."),
    )  # fmt: skip
    owner = PersonChoice(None, label=_("Owner"), required=False, empty_label=_("nobody yet"))
    is_active = forms.BooleanField(label=_("Pursued"), required=False, initial=True)

    def __init__(self, *args: Any, viewer: Any, is_new: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["organization"].queryset = organizations_visible_to(viewer)
        fields["owner"].queryset = people_visible_to(viewer).active()
        if is_new:
            del self.fields["is_active"]


class ScaleForm(forms.Form):
    weight = forms.IntegerField(label=_("Weight"), min_value=0, max_value=100)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for level in range(1, 6):
            self.fields[f"level_{level}"] = forms.CharField(
                label=_("Level %(level)s") % {"level": level}, max_length=120
            )

    @property
    def texts(self) -> list[str]:
        return [self.cleaned_data[f"level_{level}"] for level in range(1, 6)]
