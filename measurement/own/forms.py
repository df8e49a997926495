"""What people type when they make a measure."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Telling

from ..declarations import Direction, Unit
from .models import LONGEST, UNITS, OwnVersion
from .operations import Meaning


class MeasureForm(Telling):
    """What a measure means."""

    name = forms.CharField(label=_("Name"), max_length=120)
    question = forms.CharField(
        label=_("Question"), max_length=200, help_text=_("What does a reader learn from it?"),
    )  # fmt: skip
    expression = forms.CharField(
        label=_("Formula"), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "dir": "ltr", "class": "input mono"}),
        help_text=_("Names of counts, numbers, + − × ÷ (or * /) and brackets. Divided by zero gives no value."),
    )  # fmt: skip
    unit = forms.ChoiceField(
        label=_("Unit"), choices=UNITS, initial=Unit.COUNT,
        help_text=_("For % the formula is multiplied by 100. All others take it as it is: seconds / 3600 are hours."),
    )  # fmt: skip
    direction = forms.ChoiceField(label=_("Which way is better"), choices=Direction.choices, initial=Direction.LOWER)
    reason = forms.CharField(label=_("Why is it changed?"), max_length=300, required=False)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_new:
            del self.fields["reason"], self.fields["seen_version"]

    @property
    def meaning(self) -> Meaning:
        said = self.cleaned_data
        return Meaning(**{name: said.get(name, "") for name in Meaning.__dataclass_fields__})

    @classmethod
    def initial_of(cls, version: OwnVersion) -> dict[str, Any]:
        names = ("name", "question", "expression", "unit", "direction")
        return {name: getattr(version, name) for name in names} | {"seen_version": version.measure.version}
