"""What the API knows of problems, and what doors below one share."""

from records.api.records import InnerDoor
from records.api.resource import Resource

from .bodies import EXAMPLES, NewProblem, ProblemChange
from .representation import RELATED, ProblemShape, problem

PROBLEMS = Resource(
    kind="problem",
    one="a problem",
    shape=ProblemShape,
    represent=problem,
    new=NewProblem,
    making="Log a problem",
    new_examples=EXAMPLES,
    new_description="Named incidents get the link “caused by”. Send an Idempotency-Key to be able to try again.",
    change=ProblemChange,
    change_examples=(("Say what it does to people", {"impact_statement": "Forty people sign in again each hour."}),),
    related=RELATED,
)


class ProblemDoor(InnerDoor):
    """A door to the provider's side of one problem."""

    kind = "problem"
