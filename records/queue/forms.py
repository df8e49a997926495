"""The small forms of acts in the queue, for one ticket or for many."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from people.models import Membership
from people.queries import people_visible_to, teams_visible_to
from services.queries import services_visible_to

from ..enums import Priority
from ..forms import MoveForm
from ..workflow import Move, moves_of

TAKE = "take"


class ActForm(forms.Form):
    """A form whose values an act can keep: keys and texts."""

    def inputs(self) -> dict[str, Any]:
        """What was chosen, plainly: rows by their key, moments in ISO 8601."""
        return {name: _plain(value) for name, value in self.cleaned_data.items() if value not in (None, "")}


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    return value.isoformat() if isinstance(value, datetime) else value


class AssignForm(ActForm):
    """One list: people under their teams, each team also without a person."""

    whom = forms.ChoiceField(label=_("Assign to"))
    confirm_absent = forms.BooleanField(label=_("Also when absent"), required=False)

    def __init__(self, *args: Any, records: Sequence[Any], viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices: list[Any] = [("", _("Choose")), (TAKE, _("Me"))]
        teams = {team.pk: team for team in teams_visible_to(viewer).filter(is_active=True).order_by("name")}
        members: dict[int, list[tuple[str, str]]] = {}
        people = people_visible_to(viewer).filter(is_active=True)
        found = Membership.objects.filter(team__in=teams, user__in=people).order_by("user__name")
        for team, person, name in found.values_list("team_id", "user_id", "user__name"):
            members.setdefault(team, []).append((f"{team}:{person}", name))
        for key, group in teams.items():
            nobody = (f"{key}:", _("%(team)s, nobody yet") % {"team": group.name})
            choices.append((group.name, [*members.get(key, []), nobody]))
        self.fields["whom"].choices = choices  # type: ignore[attr-defined]
        if len(records) == 1 and records[0].team_id:
            self.initial["whom"] = f"{records[0].team_id}:{records[0].assignee_id or ''}"
        self.viewer = viewer

    def inputs(self) -> dict[str, Any]:
        whom = self.cleaned_data["whom"]
        if whom == TAKE:
            return taken_by(self.viewer)
        team, _colon, person = whom.partition(":")
        said = {"team": int(team), "assignee": int(person) if person else None}
        return said | {"confirm_absent": self.cleaned_data["confirm_absent"]}


class TakeForm(ActForm):
    """Asks nothing: whoever acts takes it."""

    def __init__(self, *args: Any, records: Sequence[Any], viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.viewer = viewer

    def inputs(self) -> dict[str, Any]:
        return taken_by(self.viewer)


def taken_by(viewer: Any) -> dict[str, Any]:
    return {TAKE: True, "assignee": viewer.pk, "confirm_absent": True}


class PriorityForm(ActForm):
    priority = forms.TypedChoiceField(label=_("Priority"), choices=Priority.choices, coerce=int)
    reason = forms.CharField(label=_("Why"), max_length=300, initial=_("Judged in the queue"))

    def __init__(self, *args: Any, records: Sequence[Any], viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if len(records) == 1:
            self.initial["priority"] = records[0].priority


class ServiceForm(ActForm):
    def __init__(self, *args: Any, records: Sequence[Any], viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["service"] = forms.ModelChoiceField(
            services_visible_to(viewer).order_by("name"), label=_("Service"), empty_label=_("Choose")
        )
        if len(records) == 1:
            self.initial["service"] = records[0].service_id


class TagForm(ActForm):
    tags = forms.CharField(label=_("Tags to add"), max_length=300, help_text=_("separated by commas"))

    def __init__(self, *args: Any, records: Sequence[Any], viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)

    def inputs(self) -> dict[str, Any]:
        return {"tags": [tag for tag in self.cleaned_data["tags"].split(",") if tag.strip()]}


class StateForm(ActForm):
    """First which move, then what the move asks for. Moves that need another record are made on the ticket's page."""

    move = forms.ChoiceField(label=_("What happens"))

    def __init__(self, *args: Any, records: Sequence[Any], viewer: Any, chosen: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        moves = possible_moves(records)
        self.fields["move"].choices = [("", _("Choose")), *((m.name, m.label) for m in moves.values())]  # type: ignore[attr-defined]
        chosen = self.data.get("move", "") or chosen
        self.initial["move"] = chosen
        move = moves.get(chosen)
        if move is not None and records:
            asked = MoveForm(move=move, record=records[0], viewer=viewer).fields
            self.fields |= {name: field for name, field in asked.items() if name not in _ELSEWHERE}


_ELSEWHERE = {"team", "assignee", "original", "waits_for", "confirm_absent"}


def possible_moves(records: Sequence[Any]) -> dict[str, Move]:
    """The moves that the state of at least one of the records allows; assigning has its own form."""
    found: dict[str, Move] = {}
    for model in dict.fromkeys(type(record) for record in records):
        states = {record.state for record in records if type(record) is model}
        for name, move in moves_of(model).items():
            if name != "assign" and states & set(move.sources):
                found.setdefault(name, move)
    return found


FORMS: dict[str, Any] = {
    "assign": AssignForm,
    "take": TakeForm,
    "priority": PriorityForm,
    "state": StateForm,
    "service": ServiceForm,
    "tag": TagForm,
}


def act_form(act: str, *, records: Sequence[Any], viewer: Any, data: Mapping[str, Any] | None, chosen: str = "") -> Any:
    """The form of an act, filled in with what one ticket has; `chosen` names the move whose inputs to ask for."""
    more = {"chosen": chosen} if act == "state" else {}
    form = FORMS[act](data, records=records, viewer=viewer, auto_id=f"act_{act}_%s", **more)
    for first in list(form.fields.values())[:1]:
        first.widget.attrs["autofocus"] = True
    for field in form.fields.values():
        field.label = capfirst(str(field.label))
    return form
