"""What the API knows of improvements, and what doors below one share."""

from typing import Any

from common.time import now
from records.api.records import InnerDoor
from records.api.resource import Resource

from ..models import Improvement
from .bodies import EXAMPLES, ImprovementChange, NewImprovement
from .representation import RELATED, ImprovementDetail, improvement

IMPROVEMENTS = Resource(
    kind="improvement",
    one="an improvement",
    shape=ImprovementDetail,
    represent=improvement,
    new=NewImprovement,
    making="Write an improvement into the register",
    new_examples=EXAMPLES,
    new_description="Suggested; somebody accepts or declines it.",
    change=ImprovementChange,
    change_examples=(("Name its owner", {"owner": "tom"}),),
    related=RELATED,
)


class ImprovementDoor(InnerDoor):
    """A door to the provider's side of one improvement."""

    kind = "improvement"

    def about(self) -> dict[str, Any]:
        return {"by": self.request.user, "at": now()}

    def shown(self, reference: str) -> Any:
        """The improvement as it is now."""
        found = Improvement.objects.select_related(*RELATED).get(pk=self.inner(reference).pk)
        return self.answer(improvement(found, by=self.request.user, at=now()), version=found.version)

    def acted(self, reference: str, act: Any, **said: Any) -> Any:
        """Do an act that compares versions, and answer with the improvement as it is then."""
        found = self.inner(reference)
        self.or_current(found, lambda: act(improvement=found, **self.about(), **said))
        return self.shown(reference)
