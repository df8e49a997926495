"""Editing one field of a record in place: a form for each, made from what the practice allows; and the priority."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from people.queries import people_visible_to
from services.queries import items_visible_to, services_visible_to

from .enums import Level, Priority, Source
from .models import Category

Makers = Mapping[str, Callable[[Any], forms.Field]]


class TagsField(forms.CharField):
    """Tags with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [tag for part in str(super().clean(value) or "").split(",") if (tag := part.strip())]


class CategoryChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Category) -> str:
        return f"{obj.parent.name} > {obj.name}" if obj.parent else obj.name


def categories() -> Any:
    return Category.objects.filter(is_active=True).select_related("parent").order_by("parent__name", "name")


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


# Of every kind of record: name -> field, made for who looks.
COMMON_FIELDS: dict[str, Callable[[Any], forms.Field]] = {
    "title": lambda viewer: forms.CharField(max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})),
    "description": lambda viewer: forms.CharField(required=False, widget=area(8)),
    "service": lambda viewer: forms.ModelChoiceField(services_visible_to(viewer), required=False),
    "item": lambda viewer: forms.ModelChoiceField(items_visible_to(viewer).filter(is_active=True), required=False),
    "category": lambda viewer: CategoryChoice(categories(), required=False),
    "requester": lambda viewer: forms.ModelChoiceField(
        people_visible_to(viewer).active(), widget=forms.HiddenInput, error_messages={"required": _("Choose a person.")}
    ),
    "location": lambda viewer: forms.CharField(max_length=120, required=False),
    "source": lambda viewer: forms.ChoiceField(choices=Source.choices),
    "tags": lambda viewer: TagsField(required=False, help_text=_("With commas between them.")),
}


def field_form(
    model: type[Any], makers: Makers, name: str, *, viewer: Any, record: Any = None, data: Any = None
) -> forms.Form:
    """
    A form of one field.

    :param makers: the fields that can be edited by themselves.
    :raises KeyError: this one can't.
    """
    field = makers[name](viewer)
    field.label = capfirst(str(model._meta.get_field(name).verbose_name))
    made = type("FieldForm", (forms.Form,), {name: field})
    initial = {name: getattr(record, f"{name}_id", getattr(record, name))} if record is not None else None
    return made(data, initial=initial)


def as_text(form: forms.Form, name: str) -> str:
    """The initial value of the field as the form would send it, for comparing it with a later one."""
    value = form[name].value()
    if value in (None, ""):
        return ""
    shown = form.fields[name].prepare_value(value)
    formatted = form.fields[name].widget.format_value(shown)
    return ",".join(formatted) if isinstance(formatted, list) else str(formatted)


IMPACTS = [(Level.LOW, _("one person")), (Level.MEDIUM, _("a team or a site")), (Level.HIGH, _("everybody"))]
URGENCIES = [
    (Level.LOW, _("work goes on")),
    (Level.MEDIUM, _("work is hindered")),
    (Level.HIGH, _("work has stopped")),
]


class LevelsForm(forms.Form):
    """Impact and urgency as two plain questions."""

    impact = forms.TypedChoiceField(
        label=_("Whom does it hit?"), choices=IMPACTS, coerce=int, initial=Level.LOW, widget=forms.RadioSelect
    )
    urgency = forms.TypedChoiceField(
        label=_("How badly?"), choices=URGENCIES, coerce=int, initial=Level.MEDIUM, widget=forms.RadioSelect
    )


class PriorityForm(LevelsForm):
    """The matrix, or another priority with its reason."""

    priority = forms.TypedChoiceField(
        label=_("Another priority than the matrix gives"),
        choices=[("", _("as the matrix says")), *Priority.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    reason = forms.CharField(label=_("Why it differs"), max_length=300, required=False)
