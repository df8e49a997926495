"""What people type into the page of an agreement's warnings: a row for each, and some empty ones to add more."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.forms import Telling
from common.time import hours_and_minutes, parse_duration
from people.models import User

from . import declarations
from .models import Agreement
from .thresholds import MOST, Tell, Threshold

EMPTY_ROWS = 3
LONGEST_TEXT = 20


class WarningsForm(Telling):
    """The warnings of an agreement. A row without a moment is left out."""

    def __init__(self, data: Any = None, *, agreement: Agreement) -> None:
        super().__init__(data)
        rows = [Threshold.from_document(each) for each in agreement.thresholds]
        people = {key for each in rows for key in each.people}
        names = dict(User.objects.filter(pk__in=people).values_list("pk", "username"))
        self.clocks = [each for each in declarations.of(agreement.kind) if each.party == agreement.type]
        self.fields["seen_version"] = forms.IntegerField(widget=forms.HiddenInput, initial=agreement.latest_version)
        for number in range(min(len(rows) + EMPTY_ROWS, MOST)):
            self._add_row(number, rows[number] if number < len(rows) else Threshold(tells=()), names)
        self.count = min(len(rows) + EMPTY_ROWS, MOST)

    def _add_row(self, number: int, row: Threshold, names: dict[int, str]) -> None:
        choices = [("", gettext_lazy("every clock")), *((each.clock, each.label) for each in self.clocks)]
        said: dict[str, forms.Field] = {
            "at": forms.CharField(
                label=gettext_lazy("When"), required=False, max_length=LONGEST_TEXT, initial=_when(row),
                widget=forms.TextInput(attrs={"size": 8, "autocomplete": "off", "class": "hours-input"}),
            ),
            "clock": forms.ChoiceField(
                label=gettext_lazy("Clock"), required=False, choices=choices, initial=(row.clocks or ("",))[0]
            ),
            "owner": forms.BooleanField(
                label=gettext_lazy("Assignee"), required=False, initial=Tell.OWNER in row.tells
            ),
            "lead": forms.BooleanField(label=gettext_lazy("Team lead"), required=False, initial=Tell.LEAD in row.tells),
            "people": forms.CharField(
                label=gettext_lazy("User names"), required=False, max_length=300,
                initial=", ".join(names[key] for key in row.people if key in names),
                widget=forms.TextInput(attrs={"size": 16, "autocomplete": "off"}),
            ),
            "in_hours": forms.BooleanField(
                label=gettext_lazy("Only in their hours"), required=False, initial=row.in_hours
            ),
        }  # fmt: skip
        for name, field in said.items():
            self.fields[f"{name}_{number}"] = field

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each row, for the template."""
        names = ("at", "clock", "owner", "lead", "people", "in_hours")
        return [[self[f"{name}_{number}"] for name in names] for number in range(self.count)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        found: list[dict[str, Any]] = []
        for number in range(self.count):
            text = str(cleaned.get(f"at_{number}") or "").strip()
            if not text:
                continue
            people = self._people(number, str(cleaned.get(f"people_{number}") or ""))
            try:
                moment = _moment(text)
            except ValueError:
                message = _("“%(text)s” is no moment of a clock. Write 60 %% or 30 min.") % {"text": text}
                self.add_error(f"at_{number}", message)
                continue
            clock = cleaned.get(f"clock_{number}")
            tells = [str(each) for each in Tell if cleaned.get(f"{each}_{number}")]
            found.append(
                Threshold(
                    **moment,
                    clocks=(clock,) if clock else (),
                    tells=tuple(tells),
                    people=tuple(people),
                    in_hours=bool(cleaned.get(f"in_hours_{number}")),
                ).as_document()
            )
        cleaned["thresholds"] = found
        return cleaned

    def _people(self, number: int, text: str) -> Sequence[int]:
        names = list(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))
        known = dict(User.objects.active().filter(username__in=names).values_list("username", "pk"))
        missing = [name for name in names if name not in known]
        if missing:
            message = _("Nobody here is called %(names)s. Check the user names.") % {"names": ", ".join(missing)}
            self.add_error(f"people_{number}", message)
        return [known[name] for name in names if name in known]


def _when(row: Threshold) -> str:
    if row.percent is not None:
        return f"{row.percent} %"
    return hours_and_minutes(timedelta(minutes=row.minutes)) if row.minutes is not None else ""


def _moment(text: str) -> dict[str, int]:
    """`60 %` of the target, or a duration before it is due. :raises ValueError: neither."""
    if text.endswith("%"):
        return {"percent": int(text[:-1].strip())}
    return {"minutes": parse_duration(text) // timedelta(minutes=1)}
