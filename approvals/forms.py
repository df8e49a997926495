"""What people type when they hand a vote over or name a deputy."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.forms import Telling
from common.texts import one_line
from people.models import User

SAME_NAME_AT_MOST = 2
CHOSEN = re.compile(r"#(\d{1,18}) ?(.*)", re.DOTALL)


class PersonPicker(forms.TextInput):
    """
    A picker that suggests while one types. Without script the typed name is looked up; with it, the person chosen.

    What it hands over is the typed text, after `#` and the key of the person where one was chosen.
    """

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        chosen, typed = str(data.get(name) or ""), data.get(f"{name}_text")
        if typed is None:
            return chosen
        return f"#{chosen} {typed}" if chosen.isdecimal() else str(typed)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_text" not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        given = self.build_attrs(self.attrs, attrs)
        chosen = CHOSEN.match(str(value or ""))
        context = {
            "id": given.get("id", f"id_{name}"),
            "name": name,
            "url": reverse_lazy("approvals:people"),
            "value": chosen[1] if chosen else "",
            "text": chosen[2] if chosen else value,
            "label": _("People"),
            "free": True,
            "described_by": given.get("aria-describedby"),
            "error": given.get("aria-invalid") == "true",
            "disabled": given.get("disabled"),
            "maxlength": given.get("maxlength"),
        }
        return mark_safe(render_to_string("components/parts/combobox.html", context))  # noqa: S308 - a template of ours


class PersonField(forms.CharField):
    """
    A person by what is chosen or typed: user name, e-mail address or whole name.

    :param among: the people who can be chosen; set by the form.
    """

    widget = PersonPicker
    among: Any = User.objects.none()

    def clean(self, value: Any) -> Any:
        typed = one_line(super().clean(value))
        if not typed:
            return None
        people = self.among.filter(is_active=True)
        chosen = CHOSEN.match(typed)
        found = list(people.filter(pk=int(chosen[1]))) if chosen else _called(people, typed)
        if not found:
            raise ValidationError(
                _("Nobody you can choose is called “%(typed)s”. Write the whole name, the user name or the e-mail."),
                params={"typed": (chosen[2] if chosen else typed)[:80]},
            )
        if len(found) > 1:
            raise ValidationError(
                _("Several people are called “%(typed)s”. Write the user name or the e-mail address."),
                params={"typed": typed[:80]},
            )
        return found[0]

    def prepare_value(self, value: Any) -> Any:
        return f"#{value.pk} {value.name}" if isinstance(value, User) else value


def _called(people: Any, typed: str) -> list[User]:
    by_account = people.filter(username__iexact=typed) | people.filter(email__iexact=typed)
    return list(by_account.distinct()[:SAME_NAME_AT_MOST]) or list(
        people.filter(name__iexact=typed)[:SAME_NAME_AT_MOST]
    )


class HandOverForm(Telling):
    to = PersonField(
        label=gettext_lazy("To whom"),
        max_length=200,
        help_text=gettext_lazy("Whole name, user name or e-mail; somebody of your own organization."),
    )
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300, required=False)

    def __init__(self, *args: Any, viewer: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].among = User.objects.filter(organization_id=viewer.organization_id)  # type: ignore[attr-defined]


class FillForm(Telling):
    to = PersonField(label=gettext_lazy("Who decides instead"), max_length=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].among = User.objects.all()  # type: ignore[attr-defined]


class DeputyForm(Telling):
    person = PersonField(
        label=gettext_lazy("Who is away"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Leave it empty for yourself."),
    )
    deputy = PersonField(
        label=gettext_lazy("Deputy"),
        max_length=200,
        help_text=gettext_lazy("Whole name, user name or e-mail; somebody of the same organization."),
    )
    valid_from = forms.DateField(
        label=gettext_lazy("First day away"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=gettext_lazy("Back on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("From this day on the deputy no longer decides."),
    )
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200, required=False)

    def __init__(self, *args: Any, viewer: User, people: Any = None, **options: Any) -> None:
        """:param people: for whom the viewer may name deputies; None for themselves only."""
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        if people is None:
            del fields["person"]
        else:
            fields["person"].among = people
        same = User.objects.filter(organization_id=viewer.organization_id)
        fields["deputy"].among = same if people is None else (people | same)
