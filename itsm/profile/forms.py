"""Forms of the profile."""

from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from changes.queries import feeds
from itsm.shell import keys
from people import matrix
from people.models import Team, User, Vocabulary
from services.models import Service


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

    vocabulary = forms.ModelChoiceField(
        label=_("Words"),
        queryset=Vocabulary.objects.all(),
        required=False,
        empty_label=_("as my organization"),
    )

    class Meta:
        model = User
        fields = ["time_zone", "language", "vocabulary", "theme", "density", "nav_grouping"]


class KeysForm(forms.Form):
    """Single keys on or off, and a field for each act that has one."""

    are_on = forms.BooleanField(
        label=_("Single-key shortcuts"),
        required=False,
        help_text=_("Keys such as R and N act at once, except while you type. Ctrl+K works either way."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["are_on"].initial = user.has_single_keys
        for key in keys.known():
            self.fields[key.name] = forms.CharField(
                label=key.label,
                required=False,
                max_length=20,
                initial=keys.own_key(key, user.own_keys).upper(),
                widget=forms.TextInput(
                    attrs={"class": "input", "size": 2, "autocomplete": "off", "autocapitalize": "off"}
                ),
            )

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields by heading, as the overlay of keys shows them."""
        by_heading = [(group.heading, group.keys) for group in keys.GROUPS]
        by_heading.append((_("Go to, after the key for that"), keys.to_places()))
        return [(heading, [self[key.name] for key in each]) for heading, each in by_heading]

    def wanted(self) -> dict[str, str]:
        """The key typed for each act, by its name."""
        return {name: value for name, value in self.cleaned_data.items() if name != "are_on"}


class FeedForm(forms.Form):
    """A new calendar feed: of a person, a team or a service."""

    about = forms.ChoiceField(
        label=_("Planned work of"), error_messages={"required": _("Choose a person, a team or a service.")}
    )

    def __init__(self, *args: Any, viewer: User, **options: Any) -> None:
        super().__init__(*args, **options)
        people, teams, services = feeds.subjects(viewer)
        self._known: dict[str, User | Team | Service] = {
            f"{kind}:{row.pk}": row
            for kind, rows in (("person", people), ("team", teams), ("service", services))
            for row in rows
        }
        groups = ((_("People"), "person"), (_("Teams"), "team"), (_("Services"), "service"))
        fields: dict[str, Any] = self.fields
        fields["about"].choices = [
            (label, [(key, str(row)) for key, row in self._known.items() if key.startswith(f"{kind}:")])
            for label, kind in groups
        ]
        self.initial.setdefault("about", f"person:{viewer.pk}")

    def clean_about(self) -> User | Team | Service:
        return self._known[self.cleaned_data["about"]]


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
