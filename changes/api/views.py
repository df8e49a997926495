"""What the API knows of changes, and what doors below one share."""

from records.api.records import InnerDoor
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


class ChangeDoor(InnerDoor):
    """A door to the provider's side of one change."""

    kind = "change"
