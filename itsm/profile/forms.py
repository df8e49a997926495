"""Forms of the profile."""

from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from people import matrix
from people.models import User


def _zones() -> list[tuple[str, str]]:
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone or zone == "UTC"]


def _languages() -> list[tuple[str, str]]:
    """Those that this installation has texts in; English needs no catalog."""
    found = {folder.name for path in settings.LOCALE_PATHS if Path(path).is_dir() for folder in Path(path).iterdir()}
    return [(code, name) for code, name in settings.LANGUAGES if code == "en" or code in found]


class ProfileForm(forms.ModelForm):
    """How pages look and speak to this person."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zones)
    language = forms.ChoiceField(label=_("Language"), choices=_languages)

    class Meta:
        model = User
        fields = ["time_zone", "language", "theme", "density", "has_single_keys"]
        help_texts = {"has_single_keys": _("Keys such as R and N act at once. Ctrl+K works either way.")}


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(label=_("What it is for"), max_length=120)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: sorted(matrix.SCOPES.items()),
        error_messages={"required": _("Choose at least one thing it may do.")},
    )
    days = forms.IntegerField(label=_("Days until it expires"), min_value=1, max_value=366, initial=90)

    def clean(self) -> dict[str, Any]:
        return super().clean() or {}
