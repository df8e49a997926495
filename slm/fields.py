"""Boxes of the forms of agreements: what is promised, and rows out of very many that are looked up while typing."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.numbers import number_in
from common.time import hours_and_minutes, parse_duration

from .points import Point

LONGEST_TEXT = 50


class PromiseField(forms.Field):
    """Working time such as 4 h, 1:30 or 90 min, as whole minutes, or a point in time; empty is not promised."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.widget.attrs |= {"autocomplete": "off", "class": "hours-input", "size": "8", "maxlength": LONGEST_TEXT}

    def to_python(self, value: Any) -> int | Point | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            point = Point.parse(text[:LONGEST_TEXT])
            if point is not None:
                return point
            amount = parse_duration(text[:LONGEST_TEXT])
        except ValueError as error:
            raise forms.ValidationError(
                _("“%(text)s” is no target. Write working time as 4 h, 1:30 or 90 min, or a point as next day 17:00.")
                % {"text": text},
                code="unfit",
            ) from error
        return amount // timedelta(minutes=1)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Point):
            return str(value)
        return hours_and_minutes(timedelta(minutes=value)) if isinstance(value, int) else value


class PickedInput(forms.HiddenInput):
    """What the picker of a person sends: the key of who was chosen, or without a script what was typed."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name) or data.get(f"{name}_text", "")


class PickedRow(forms.ModelChoiceField):
    """A row out of very many, looked up while typing; or typed as it is called."""

    widget = PickedInput

    def typed(self, text: str) -> Any:
        """The row that is called so, if there is one."""
        return self.queryset.filter(name__iexact=text).order_by("pk").first()  # type: ignore[union-attr]

    def to_python(self, value: Any) -> Any:
        text = str(value or "").replace("\x00", "").strip()
        if text and number_in(text) is None:
            found = self.typed(text)
            if found is None:
                raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
            return found
        return super().to_python(value)

    def get_bound_field(self, form: Any, field_name: str) -> "PickedBound":
        return PickedBound(form, self, field_name)


class PickedPerson(PickedRow):
    """A person; typed as user name or e-mail."""

    default_error_messages = {
        "invalid_choice": gettext_lazy("Choose a person from the list, or type the whole e-mail address."),
    }

    def typed(self, text: str) -> Any:
        return self.queryset.filter(Q(username=text) | Q(email__iexact=text)).first()  # type: ignore[union-attr]


class PickedItem(PickedRow):
    """A configuration item; typed by its whole name."""

    default_error_messages = {
        "invalid_choice": gettext_lazy("Choose an item from the list, or type its whole name."),
    }


class PickedBound(forms.BoundField):
    """With what stands in the box where the name is typed."""

    @property
    def text(self) -> str:
        """What was typed; else the name of who is chosen."""
        typed: str = self.form.data.get(f"{self.html_name}_text", "")
        if typed:
            return typed
        picked: Any = self.field
        key = self.value()
        row = picked.queryset.filter(pk=number_in(str(key))).first() if key else None
        return row.name if row else ""
