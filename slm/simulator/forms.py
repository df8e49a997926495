"""On which clocks a draft is tried: fields beside the form of an agreement or a calendar."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

NONE = ""
DAYS = [
    ("30", _("of the past 30 days")),
    ("90", _("of the past 90 days")),
    ("365", _("of the past 12 months")),
    (NONE, _("none")),
]


class ScopeForm(forms.Form):
    """Finished clocks of some days back, open ones, or both."""

    try_days = forms.ChoiceField(label=_("Finished tickets"), choices=DAYS, required=False, initial="90")
    try_open = forms.BooleanField(label=_("Open tickets too"), required=False, initial=True)

    def scope(self) -> dict[str, Any]:
        """What the operations take; nonsense in the address stands for the first choice."""
        if not self.is_valid():
            return {"days": 90, "has_open": True}
        days = self.cleaned_data["try_days"]
        return {"days": int(days) if days else None, "has_open": self.cleaned_data["try_open"]}
