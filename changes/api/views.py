"""What the API knows of changes, and what doors below one share."""

from typing import Any

from django.http import Http404

from common.api.fields import LARGEST_KEY
from records.api.records import RecordDoor
from records.api.resource import Resource

from .bodies import EXAMPLES, ChangeChange, NewChange
from .representation import RELATED, ChangeDetail, change

CHANGES = Resource(
    kind="change",
    one="a change",
    shape=ChangeDetail,
    represent=change,
    new=NewChange,
    making="Write a change down",
    new_examples=EXAMPLES,
    new_description="A draft. With `model` it is a standard change with the plans and steps of the model.",
    change=ChangeChange,
    change_examples=(("Write the plan", {"implementation_plan": "Install it on the standby, then fail over."}),),
    related=RELATED,
)


class ChangeDoor(RecordDoor):
    """A door to the provider's side of one change."""

    kind = "change"

    def inner(self, reference: str) -> Any:
        """The change. :raises Http404: the caller does not see its inner side."""
        record = self.record(reference)
        if not self.reads_notes(record):
            raise Http404
        return record.specific

    def row(self, rows: Any, number: int) -> Any:
        """:raises Http404: there is no such row among these."""
        found = rows.filter(pk=number).first() if number <= LARGEST_KEY else None
        if found is None:
            raise Http404
        return found
