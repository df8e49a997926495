"""What the API knows of problems, and what doors below one share."""

from typing import Any

from django.http import Http404

from common.api.fields import LARGEST_KEY
from records.api.records import RecordDoor
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


class ProblemDoor(RecordDoor):
    """A door to the provider's side of one problem."""

    kind = "problem"

    def inner(self, reference: str) -> Any:
        """The problem. :raises Http404: the caller does not see its inner side."""
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
