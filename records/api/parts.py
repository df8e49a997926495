"""Doors to the parts of one record that have acts of their own: steps of a change, deployments of a release."""

from typing import Any, ClassVar

from common.api.fields import Nothing, Strict
from common.time import now

from .records import InnerDoor


class PartsDoor(InnerDoor):
    """
    A door to the parts of one record.

    :cvar part: what acts call one of them.
    """

    part: ClassVar[str]

    def parts(self, reference: str) -> Any:
        """Those of the record, in order, with what their shape needs. :raises Http404: it is not this person's."""
        raise NotImplementedError

    def shape(self, row: Any) -> dict[str, Any]:
        """One of them as it is answered."""
        raise NotImplementedError

    def listed(self, reference: str) -> Any:
        return self.answer({"items": [self.shape(row) for row in self.parts(reference)]})

    def acted(self, reference: str, number: int, act: Any, body: type[Strict] = Nothing, *, status: int = 200) -> Any:
        """Do an act on one of them; the answer is what the act returns, as it is by then."""
        rows = self.parts(reference)
        said = body.read(self.request.data, by=self.request.user)
        made = act(**{self.part: self.row(rows, number)}, by=self.request.user, at=now(), **said)
        return self.answer(self.shape(rows.get(pk=made.pk)), status=status)

    def removed(self, reference: str, number: int, act: Any) -> Any:
        act(**{self.part: self.row(self.parts(reference), number)}, by=self.request.user, at=now())
        return self.answer(status=204)
