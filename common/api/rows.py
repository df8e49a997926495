"""Doors to rows that are set up once and changed at times, each with a version: models, windows, policies, boards."""

from typing import Any, ClassVar

from common.time import now

from .fields import Nothing, Strict
from .preconditions import seen_version
from .views import ApiView, one_of


class RowDoor(ApiView):
    """
    A door to one such row. What it answers carries the version as an ETag, after each act the new one.

    :cvar part: what acts call the row. :cvar address: below `/api/v1/`, where rows stand.
    """

    part: ClassVar[str]
    address: ClassVar[str]

    def rows(self) -> Any:
        """Those that the caller may see, with what their shape needs."""
        raise NotImplementedError

    def shape(self, row: Any) -> dict[str, Any]:
        """One of them as it is answered."""
        raise NotImplementedError

    def found(self, number: int) -> Any:
        """:raises Http404: not among the rows that the caller may see."""
        return one_of(self.rows(), number)

    def shown(self, number: int, *, status: int = 200, location: str = "") -> Any:
        row = self.found(number)
        return self.answer(self.shape(row), version=row.version, status=status, location=location)

    def made(self, row: Any) -> Any:
        return self.shown(row.pk, status=201, location=f"/api/v1/{self.address}/{row.pk}/")

    def acted(
        self, number: int, act: Any, body: type[Strict] = Nothing, *, is_required: bool = False, as_values: bool = False
    ) -> Any:
        """
        Do an act on the row, if it still has the version that the caller saw.

        :param is_required: refuse callers that name no version. :param as_values: the act takes what is said as one
            mapping, so that it can tell what was left out.
        """
        found = self.found(number)
        version = seen_version(self.request, is_required=is_required)
        said = body.read(self.request.data, by=self.request.user)
        said = {"values": said} if as_values else said
        act(**{self.part: found}, by=self.request.user, at=now(), version=version, **said)
        return self.shown(number)
