"""What a version says, as plain values: what acts take, the log keeps, and pages compare."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from .models import Specification, Statement


@dataclass(frozen=True)
class Said:
    """One statement. :param key: of the same one in the version before; 0 for a new one. :param offering: its key."""

    cell: str
    text: str
    also: str = ""
    call: str = ""
    offering: int | None = None
    bound: str = ""
    value: Decimal | None = None
    key: int = 0

    def as_document(self) -> dict[str, Any]:
        return asdict(self) | {"value": None if self.value is None else f"{self.value.normalize():f}"}


Terms = tuple[Said, ...]


def terms_of(specification: Specification | None) -> Terms:
    """In the order of the cells. :param specification: with statements read, or None for nothing said yet."""
    if specification is None:
        return ()
    return tuple(
        Said(
            cell=row.cell,
            text=row.text,
            also=row.also,
            call=row.call,
            offering=row.offering_id,
            bound=row.bound,
            value=row.value,
            key=row.key,
        )
        for row in specification.statements.all()
    )


def rows_of(specification: Specification, terms: Iterable[Said]) -> list[Statement]:
    """The statements as rows, in their order; each has its key."""
    return [
        Statement(
            specification=specification,
            key=each.key,
            cell=each.cell,
            position=position,
            text=each.text,
            also=each.also,
            call=each.call,
            offering_id=each.offering,
            bound=each.bound,
            value=each.value,
        )
        for position, each in enumerate(terms, start=1)
    ]
