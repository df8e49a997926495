"""Forms of dashboards and tiles."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from common.forms import Telling
from common.refusals import Refused
from people.enums import Role

from .. import known, sharing
from ..figures import Figure
from ..filters import LABELS, RANGE_LABELS, Choices
from ..scope import organizations_of
from .enums import By, Kind
from .models import WIDEST, Dashboard, Tile
from .operations import LONGEST_NAME


class NameForm(Telling):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)


class SharingForm(Telling):
    """Who may read it. What the person may not choose is not offered."""

    people = forms.CharField(
        label=_("People"),
        required=False,
        help_text=_("E-mail addresses or sign-in names, with commas between them."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    teams: Any = forms.ModelMultipleChoiceField(
        label=_("Teams"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    organizations: Any = forms.ModelMultipleChoiceField(
        label=_("Everybody of"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, viewer: Any, row: Any = None, **options: Any) -> None:
        if row is not None:
            options["initial"] = sharing_of(row) | (options.get("initial") or {})
        super().__init__(*args, **options)
        self.viewer = viewer
        wide = sharing.can(viewer, "dashboard.share")
        self.fields["teams"].queryset = sharing.teams_for(viewer)  # type: ignore[attr-defined]
        self.fields["organizations"].queryset = sharing.organizations_for(viewer)  # type: ignore[attr-defined]
        for name in [] if wide else ["roles", "organizations"]:
            del self.fields[name]
        if not self.fields["teams"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["teams"]

    def clean_people(self) -> list[Any]:
        """The people named; each that can't be found is said."""
        try:
            return sharing.named(self.cleaned_data["people"], by=self.viewer)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None

    def with_whom(self, row: Any) -> Mapping[str, Any]:
        """What is said; what this person is not offered stays as it is."""
        present = {
            "people": list(row.people.all()), "teams": list(row.teams.all()), "roles": row.roles,
            "organizations": list(row.organizations.all()),
        }  # fmt: skip
        said = {name: self.cleaned_data[name] for name in present if name in self.cleaned_data}
        return present | said if sharing.can(self.viewer, "dashboard.share") else said


def sharing_of(row: Any) -> dict[str, Any]:
    """How the form begins."""
    return {
        "people": ", ".join(row.people.order_by("name").values_list("email", flat=True)),
        "teams": list(row.teams.all()),
        "roles": row.roles,
        "organizations": list(row.organizations.all()),
    }


class SettingsForm(SharingForm):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    range = forms.ChoiceField(label=_("Days shown at first"), choices=list(RANGE_LABELS.items()))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ["name", "range", "people", "teams", "roles", "organizations"]

    @classmethod
    def of(cls, dashboard: Dashboard, viewer: Any) -> "SettingsForm":
        initial = {"name": dashboard.name, "range": dashboard.range, "version": dashboard.version}
        return cls(viewer=viewer, row=dashboard, initial=initial)


class TileForm(Telling):
    """What a tile shows. Fields that its kind has no use for are left aside."""

    kind = forms.ChoiceField(label=_("Shows"), choices=Kind.choices)
    kpi = forms.ChoiceField(label=_("Measure"), required=False)
    figure = forms.ChoiceField(
        label=_("Figure"), choices=Figure.choices, required=False, help_text=_("Durations have all of these.")
    )
    by_dimension = forms.ChoiceField(
        label=_("Split by"), choices=[("", "–"), *By.choices], required=False, help_text=_("For splits.")
    )
    query = forms.CharField(
        label=_("Tickets"),
        required=False,
        max_length=500,
        help_text=_("For lists of tickets: as in the queue, such as is:overdue team:networks."),
    )
    title = forms.CharField(
        label=_("Title"), required=False, max_length=LONGEST_NAME, help_text=_("The name of the measure when left out.")
    )
    width = forms.TypedChoiceField(
        label=_("Width"), coerce=int, choices=[(number, number) for number in range(1, WIDEST + 1)],
        help_text=_("Columns of three."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kpi"].choices = [("", "–"), *((each.id, each.name) for each in known.kpis())]  # type: ignore[attr-defined]
        choices = Choices(organizations_of(viewer))
        for name, label in LABELS.items():
            values = [("", text("all")), *((each.slug, each.label) for each in choices.of(name))]
            self.fields[f"only_{name}"] = forms.ChoiceField(
                label=text("%(dimension)s only") % {"dimension": label}, choices=values, required=False
            )

    @classmethod
    def of(cls, tile: Tile, viewer: Any) -> "TileForm":
        initial = {
            "kind": tile.kind, "kpi": tile.kpi, "figure": tile.figure, "by_dimension": tile.by, "query": tile.query,
            "title": tile.title, "width": tile.width, "version": tile.dashboard.version,
            **{f"only_{name}": value for name, value in tile.filters.items()},
        }  # fmt: skip
        return cls(viewer=viewer, initial=initial)

    def values(self) -> dict[str, Any]:
        said = self.cleaned_data
        filters = {name: said[f"only_{name}"] for name in LABELS if said.get(f"only_{name}")}
        same = ("kind", "kpi", "by_dimension", "query", "title", "width")
        # A list of tickets says no figure.
        return {name: said[name] for name in same} | {"filters": filters, "figure": said["figure"] or Figure.MEAN}
