"""The form of a note."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Telling
from people.access import access_of
from people.models import Team

from . import operations
from .enums import Audience
from .models import LONGEST, Note


def teams_of(user: Any) -> Any:
    """Those that the person may write for."""
    return Team.objects.filter(is_active=True, pk__in=access_of(user).team_ids).order_by("name")


class NoteForm(Telling):
    """What happened, when, and who reads it. Audiences that are not the person's to choose are not offered."""

    text = forms.CharField(label=_("What happened?"), max_length=LONGEST, help_text=_("Such as: new shift plan."))
    day_from = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last_day = forms.DateField(
        label=_("Last day"), required=False, help_text=_("Empty: that day alone."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    audience = forms.ChoiceField(label=_("Who reads it"), choices=Audience.choices, widget=forms.RadioSelect)
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("none"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["team"].queryset = teams = teams_of(viewer)
        offered = dict(Audience.choices)
        if not operations.may_tell_everybody(viewer):
            del offered[Audience.EVERYBODY]
        if not teams.exists():
            del offered[Audience.TEAM]
            del fields["team"]
        fields["audience"].choices = list(offered.items())

    @classmethod
    def of(cls, note: Note, viewer: Any) -> "NoteForm":
        same = ("text", "day_from", "audience", "team", "version")
        last = note.day_to - timedelta(days=1)
        initial = {name: getattr(note, name) for name in same} | {"last_day": last if last > note.day_from else None}
        return cls(viewer=viewer, initial=initial)

    @property
    def values(self) -> dict[str, Any]:
        """What the acts take."""
        return {name: said for name, said in self.cleaned_data.items() if name != "version"}
