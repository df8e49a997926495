"""What is in force, as one person may read it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q

from people.access import access_of

from ..models import Service
from ..queries import services_visible_to
from . import bounds
from .enums import Cell
from .models import Specification, Statement


@dataclass
class Shown:
    """One cell with its statements, each with its number in words."""

    cell: Cell
    statements: list[Statement] = field(default_factory=list)

    @property
    def title(self) -> str:
        return str(self.cell.label.partition(":")[2]).strip().capitalize() or str(self.cell.label)

    @property
    def side(self) -> str:
        return str(self.cell.label.partition(":")[0]).capitalize()


def is_inside(user: Any) -> bool:
    """Whether the person reads every statement, whomever it is for."""
    return not access_of(user).rows("service.view", own=Q(pk=None))


def statements_for(user: Any) -> Any:
    """Statements that the person may read: those for everybody, and those of offerings made to their organization."""
    if is_inside(user):
        return Statement.objects.all()
    return statements_for_organization(user.organization_id)


def statements_for_organization(organization_id: int | None) -> Any:
    """Statements for everybody, and those of active offerings made to this organization or to nobody in particular."""
    offered = Q(offering__is_active=True) & (
        Q(offering__organizations=None) | Q(offering__organizations=organization_id)
    )
    # Asked by key: the join to organizations would repeat a statement.
    theirs = Statement.objects.filter(Q(offering=None) | offered)
    return Statement.objects.filter(pk__in=theirs.values("pk"))


def in_force(services: Iterable[Service], *, on: date, statements: Any) -> dict[int, Specification]:
    """
    What holds on a day, by key of the service; two statements for any number of services.

    :param statements: those that the reader may see, as `statements_for` gives them.
    """
    rows = Specification.objects.in_force(on).filter(service__in=[each.pk for each in services])
    readable = statements.select_related("offering").order_by("cell", "position", "id")
    rows = rows.prefetch_related(Prefetch("statements", readable))
    return {each.service_id: each for each in rows}


def cells(statements: Iterable[Statement]) -> list[Shown]:
    """All four cells in their order, empty ones too; `said` of a statement is its number in words."""
    known = bounds.every()
    found = {cell: Shown(cell) for cell in Cell}
    for each in statements:
        each.said = bounds.in_words(known, each.bound, each.value)  # type: ignore[attr-defined] # for templates
        found[Cell(each.cell)].statements.append(each)
    return list(found.values())


def specified_services(user: Any) -> Any:
    """Services that the person sees, in use or in preparation."""
    return services_visible_to(user).exclude(stage="retired")
