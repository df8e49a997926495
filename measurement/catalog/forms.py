"""What people type about measures and success factors."""

from typing import Any

from django import forms
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from common.forms import Telling
from people.models import User

from .. import known
from ..declarations import KPI
from .models import Factor, Rollup

LINES = 8


def people() -> Any:
    """Who may answer for something: people who sign in and are not from outside."""
    return User.objects.filter(is_active=True).order_by("name", "pk")


class HandlingForm(Telling):
    """Who answers for a measure, and what is wanted of it."""

    owner = forms.ModelChoiceField(User.objects.none(), label=_("Owner"), required=False, empty_label=_("nobody"))
    target = forms.FloatField(label=_("Target"), required=False)
    near = forms.FloatField(
        label=_("Threshold"),
        required=False,
        help_text=_("From here on a miss is no longer near. Empty: every miss counts."),
    )
    reason = forms.CharField(label=_("Why?"), max_length=300, required=False)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, kpi: KPI, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = people()
        fields["target"].help_text = text("In the unit of the measure: %(unit)s.") % {"unit": kpi.unit.label}


class FactorForm(Telling):
    """A success factor with the measures that show it."""

    name = forms.CharField(label=_("What must go well"), max_length=120)
    statement = forms.CharField(label=_("How we will know"), max_length=300, required=False)
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Owner"), required=False, empty_label=_("nobody"))
    rollup = forms.ChoiceField(label=_("Its state"), choices=Rollup.choices, initial=Rollup.WORST)
    position = forms.IntegerField(label=_("Position"), min_value=0, max_value=10_000, initial=100)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = people()
        choices = [("", text("none")), *((each.id, str(each.name)) for each in known.kpis())]
        for line in range(LINES):
            said = {"number": line + 1}
            fields[f"kpi_{line}"] = forms.ChoiceField(
                label=text("Measure %(number)d") % said, choices=choices, required=False
            )
            fields[f"weight_{line}"] = forms.IntegerField(
                label=text("Weight of measure %(number)d") % said, min_value=1, max_value=100, initial=1, required=False
            )

    @property
    def lines(self) -> list[tuple[Any, Any]]:
        """The fields of the measures, in pairs."""
        return [(self[f"kpi_{line}"], self[f"weight_{line}"]) for line in range(LINES)]

    @property
    def values(self) -> dict[str, Any]:
        """What `operations.create_factor` takes."""
        said = self.cleaned_data
        measures = [
            (said[f"kpi_{line}"], said[f"weight_{line}"] or 1) for line in range(LINES) if said.get(f"kpi_{line}")
        ]
        return {name: said[name] for name in ("name", "statement", "owner", "rollup", "position")} | {
            "measures": measures
        }

    @classmethod
    def initial_of(cls, factor: Factor) -> dict[str, Any]:
        found: dict[str, Any] = {
            "name": factor.name, "statement": factor.statement, "owner": factor.owner_id, "rollup": factor.rollup,
            "position": factor.position, "seen_version": factor.version,
        }  # fmt: skip
        for line, each in enumerate(factor.measures.all()[:LINES]):
            found |= {f"kpi_{line}": each.kpi, f"weight_{line}": each.weight}
        return found
