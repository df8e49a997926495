"""The form of the service credits of an agreement."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .crediting import Step
from .enums import PartMonth, Promise
from .forms import Telling

STEP_ROWS = 4


def plain(percent: Decimal) -> str:
    """Without needless zeros: `99.5` for `99.500`."""
    return f"{percent.normalize():f}"


class CreditForm(Telling):
    """Fee, cap and steps; a step without numbers is none."""

    monthly_fee = forms.DecimalField(label=_("Monthly fee"), min_value=0, max_digits=13, decimal_places=3)
    currency = forms.CharField(label=_("Currency"), max_length=3, help_text=_("Three capital letters, such as EUR."))
    cap_percent = forms.DecimalField(
        label=_("At most, % of the fee"), min_value=0, max_value=100, max_digits=5, decimal_places=2, initial=100
    )

    part_month = forms.ChoiceField(
        label=_("When it is in force for a part of a month, count"), choices=PartMonth.choices, initial=PartMonth.DAYS,
    )  # fmt: skip
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, steps: Sequence[Step] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.numbers = range(max(STEP_ROWS, len(steps) + 2))
        for number in self.numbers:
            known = steps[number] if number < len(steps) else None
            self.fields[f"promise_{number}"] = forms.ChoiceField(
                label=_("Promise"), choices=Promise.choices, required=False,
                initial=known.promise if known else Promise.AVAILABILITY,
            )  # fmt: skip
            self.fields[f"below_{number}"] = forms.DecimalField(
                label=_("Below, %"), required=False, min_value=0, max_value=100, max_digits=6, decimal_places=3,
                initial=plain(known.below_percent) if known else None,
            )  # fmt: skip
            self.fields[f"credit_{number}"] = forms.DecimalField(
                label=_("Credit, %"), required=False, min_value=0, max_value=100, max_digits=5,
                decimal_places=2, initial=plain(known.credit_percent) if known else None,
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each step."""
        return [(self[f"promise_{each}"], self[f"below_{each}"], self[f"credit_{each}"]) for each in self.numbers]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for number in self.numbers:
            below, credit = cleaned.get(f"below_{number}"), cleaned.get(f"credit_{number}")
            if (below is None) != (credit is None) and not self._has_error(number):
                missing = f"below_{number}" if below is None else f"credit_{number}"
                self.add_error(missing, _("A step needs both numbers. Fill this in, or empty the other one."))
        return cleaned

    def _has_error(self, number: int) -> bool:
        return f"below_{number}" in self.errors or f"credit_{number}" in self.errors

    def steps(self) -> list[Step]:
        """What was filled in."""
        said = self.cleaned_data
        return [
            Step(said[f"promise_{each}"] or Promise.AVAILABILITY, said[f"below_{each}"], said[f"credit_{each}"])
            for each in self.numbers
            if said.get(f"below_{each}") is not None
        ]
