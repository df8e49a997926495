"""What people type when they plan and conduct meetings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms import PersonField
from approvals.models import Board
from common.forms import Telling
from people.queries import people_visible_to
from records.forms import MomentField

from .operations.agenda import LONGEST_ITEM_MINUTES, LONGEST_TOPIC
from .operations.planning import LONGEST_PLACE


def day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class PlanForm(Telling):
    board = forms.ModelChoiceField(Board.objects.none(), label=_("Board"), empty_label=None)
    starts_at = MomentField(label=_("Begins"))
    chair = PersonField(
        label=_("Chair"), max_length=200, required=False, help_text=_("The chair of the board when left empty.")
    )
    secretary = PersonField(
        label=_("Minutes by"), max_length=200, required=False, help_text=_("Who writes beside the chair.")
    )
    place = forms.CharField(label=_("Where"), max_length=LONGEST_PLACE, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, viewer: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["chair"].among = fields["secretary"].among = people_visible_to(viewer)
        if is_new:
            fields["board"].queryset = Board.objects.filter(is_active=True)
            del fields["version"]
        else:
            del fields["board"]
            fields["chair"].help_text = ""
            fields["chair"].required = True


class GuestForm(Telling):
    person = PersonField(label=_("Person"), max_length=200)

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].among = people_visible_to(viewer)  # type: ignore[attr-defined]


class TopicForm(Telling):
    title = forms.CharField(label=_("Topic"), max_length=LONGEST_TOPIC)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=LONGEST_ITEM_MINUTES, initial=5)


class ActionForm(Telling):
    text = forms.CharField(label=_("What is to be done"), max_length=300)
    owner = PersonField(label=_("Who does it"), max_length=200)
    due_date = day(label=_("Until"), required=False)

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].among = people_visible_to(viewer)  # type: ignore[attr-defined]


class DeferralForm(Telling):
    to = day(label=_("Until"))
    reason = forms.CharField(label=_("What it waits for"), max_length=300)
