"""Forms made from what moves declare: each asks only what its move needs."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.refs import parse_reference
from people.models import Team, User
from people.queries import people_visible_to, teams_visible_to
from services.queries import services_visible_to

from .models import Record
from .workflow import Input, Move

FIRST_YEAR, LAST_YEAR = 1970, 2199


class ReferenceField(forms.CharField):
    """A record by its reference, among those that the person may see."""

    def __init__(self, *, viewer: Any, **options: Any) -> None:
        self.viewer = viewer
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        found = Record.objects.visible_to(self.viewer).filter(pk=parse_reference(typed) or 0).first()
        if found is None:
            raise ValidationError(_("There is no such record. Type a reference such as INC-1042."))
        return found.specific

    def prepare_value(self, value: Any) -> Any:
        return value.reference if isinstance(value, Record) else value


class MomentField(forms.DateTimeField):
    """
    A moment in the viewer's zone, picked with the browser's own control.

    Of an hour that comes twice it is the first. Refused are hours that the clocks skip, and years beyond 1970 to 2199,
    of which not every zone has all moments.
    """

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]

    def to_python(self, value: Any) -> datetime | None:
        try:
            found: datetime | None = super().to_python(value)
        except ValidationError:
            found = _first_of_two(value)
            if found is None:
                raise
        if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValidationError(_("This moment is outside of 1970 to 2199."), code="range")
        return found


def _first_of_two(value: Any) -> datetime | None:
    """The moment of a wall clock that comes twice where the viewer is; None for any other."""
    try:
        local = parse_datetime(str(value).strip())
    except ValueError:
        return None
    if local is None or local.tzinfo is not None or not FIRST_YEAR <= local.year <= LAST_YEAR:
        return None
    first = local.replace(tzinfo=timezone.get_current_timezone())
    moment = first.astimezone(UTC)
    is_there = moment.astimezone(first.tzinfo).replace(tzinfo=None) == local
    # In UTC: on the wall clock of such an hour Python calls no moment equal to one of another zone.
    return moment if is_there and first.utcoffset() != first.replace(fold=1).utcoffset() else None


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        if obj.absent_until is None:
            return obj.name
        return str(_("%(name)s (away until %(date)s)") % {"name": obj.name, "date": obj.absent_until})


def assignable_to(viewer: Any) -> Any:
    """People who may be given work: active members of teams that the viewer may name."""
    teams = teams_visible_to(viewer)
    return people_visible_to(viewer).active().filter(memberships__team__in=teams).distinct().order_by("name", "id")


class MoveForm(forms.Form):
    """
    The inputs of one move as fields.

    Nothing is required here: what is missing is told by the move itself, with the same words in every door. Fields
    that the move asks for only after a refusal (`confirm_…`) show when it has named them.
    """

    def __init__(
        self, *args: Any, move: Move, record: Any, viewer: Any, asked: frozenset[str] = frozenset(), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for wanted in move.inputs:
            if wanted.kind == "service" and record.service_id and not wanted.required:
                continue
            if wanted.name.startswith("confirm_") and wanted.name not in asked and wanted.name not in self.data:
                continue
            self.fields[wanted.name] = _field(wanted, record=record, viewer=viewer)
        if move.needs_reason:
            self.fields["reason"] = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 2}))
        # A service is asked for only where the record has none yet, and then the move needs one.
        needed = {each.name for each in move.inputs if each.required or each.said or each.kind == "service"}
        for name, field in self.fields.items():
            is_needed = name in needed or (name == "reason" and move.needs_reason)
            field.is_optional = not is_needed and not isinstance(field, forms.BooleanField)  # type: ignore[attr-defined]
            field.required = False


def _field(wanted: Input, *, record: Any, viewer: Any) -> forms.Field:
    said: dict[str, Any] = {"label": capfirst(str(wanted.label)), "help_text": wanted.help, "required": False}
    known = wanted.said(record) if wanted.said else None
    if wanted.kind == "long_text":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}), initial=known, **said)
    if wanted.kind == "flag":
        return forms.BooleanField(initial=known, **said)
    if wanted.kind == "choice":
        choices = [("", _("Choose")), *(wanted.choices.choices if wanted.choices else ())]  # type: ignore[attr-defined]
        return forms.ChoiceField(choices=choices, **said)
    if wanted.kind == "moment":
        return MomentField(**said)
    if wanted.kind == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **said)
    if wanted.kind == "team":
        teams = teams_visible_to(viewer).filter(is_active=True) | Team.objects.filter(pk=record.team_id)
        return forms.ModelChoiceField(teams.distinct(), initial=record.team_id, empty_label=_("No team"), **said)
    if wanted.kind == "person":
        person = known if wanted.said else record.assignee_id
        return PersonChoice(assignable_to(viewer), initial=person, empty_label=_("Nobody yet"), **said)
    if wanted.kind == "service":
        services = services_visible_to(viewer)
        return forms.ModelChoiceField(services, initial=record.service_id, empty_label=_("Choose"), **said)
    if wanted.kind == "record":
        return ReferenceField(viewer=viewer, **said)
    return forms.CharField(max_length=300, **said)
