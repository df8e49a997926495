"""The form of an alert."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from common.forms import Telling

from ..declarations import KPI
from ..filters import LABELS, RANGE_LABELS
from .enums import When


class AlertForm(Telling):
    """When to be told of the measure that the address names."""

    when = forms.ChoiceField(label=_("Tell me when"), choices=When.choices, widget=forms.RadioSelect)
    bound = forms.FloatField(label=_("Number"), required=False)
    range = forms.ChoiceField(
        label=_("Counted over"), choices=list(RANGE_LABELS.items()), help_text=_("The latest days, today included.")
    )

    def __init__(self, *args: Any, kpi: KPI, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["bound"].help_text = text("For “above” and “below”, in the unit of the measure: %(unit)s.") % {
            "unit": kpi.unit.label
        }
        if kpi.target is None:
            fields["when"].choices = [each for each in When.choices if each[0] not in (When.TARGET, When.THRESHOLD)]
        elif kpi.near is None:
            fields["when"].choices = [each for each in When.choices if each[0] != When.THRESHOLD]


def filters_in(said: Mapping[str, str]) -> dict[str, str]:
    """What an address or a form says of dimensions; everything else is left aside."""
    return {name: said[name] for name in LABELS if said.get(name)}
