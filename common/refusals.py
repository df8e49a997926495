"""What a refused act says: a code for machines, a sentence for people, the field it is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """One reason why an act was refused. `message` says what, why and what to do, in the reader's language."""

    code: str
    message: Any
    field: str | None = None

    def __str__(self) -> str:
        return str(self.message)


class Refused(Exception):
    """An act was not done and nothing was changed. Doors answer 409 (or 422 where a field is named)."""

    status = 409

    def __init__(self, *refusals: Refusal) -> None:
        self.refusals = refusals
        super().__init__(" ".join(str(refusal) for refusal in refusals))

    @classmethod
    def because(cls, code: str, message: Any, field: str | None = None) -> "Refused":
        """Make a refusal with one reason."""
        return cls(Refusal(code=code, message=message, field=field))

    @classmethod
    def all_of(cls, refusals: Iterable[Refusal]) -> "Refused":
        """Make a refusal with every reason found."""
        return cls(*refusals)


class NotAllowed(Refused):
    """The person may not do this. Doors answer 403, or 404 where the object itself must stay unknown."""

    status = 403


class Stale(Refused):
    """The row has changed since the person read it. Doors answer 412 with the newer values."""

    status = 412
