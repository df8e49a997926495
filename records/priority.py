"""Priority from impact and urgency, by the editable matrix (domain reference A2)."""

from django.db import connection

from .enums import Level, Priority
from .models import PriorityCell

STANDARD: dict[tuple[int, int], int] = {
    (Level.HIGH, Level.HIGH): Priority.P1,
    (Level.HIGH, Level.MEDIUM): Priority.P2,
    (Level.HIGH, Level.LOW): Priority.P3,
    (Level.MEDIUM, Level.HIGH): Priority.P2,
    (Level.MEDIUM, Level.MEDIUM): Priority.P3,
    (Level.MEDIUM, Level.LOW): Priority.P4,
    (Level.LOW, Level.HIGH): Priority.P3,
    (Level.LOW, Level.MEDIUM): Priority.P4,
    (Level.LOW, Level.LOW): Priority.P5,
}
CELL = "SELECT priority FROM records_prioritycell WHERE impact = %s AND urgency = %s"


def ensure_cells() -> None:
    """Make the cells that are missing, so that the set-up pages show all nine; edited ones stay as they are."""
    known = set(PriorityCell.objects.values_list("impact", "urgency"))
    missing = [
        PriorityCell(impact=impact, urgency=urgency, priority=priority)
        for (impact, urgency), priority in STANDARD.items()
        if (impact, urgency) not in known
    ]
    PriorityCell.objects.bulk_create(missing, ignore_conflicts=True)


def matrix() -> dict[tuple[int, int], int]:
    """(impact, urgency) -> priority as it stands in the database; the standard fills cells that are missing."""
    edited = {(c[0], c[1]): c[2] for c in PriorityCell.objects.values_list("impact", "urgency", "priority")}
    return {**STANDARD, **edited}


def priority_of(impact: int, urgency: int) -> int:
    """:raises KeyError: a level outside 1 to 3."""
    with connection.cursor() as cursor:  # every creation asks: one cell, and no query to put together
        cursor.execute(CELL, [impact, urgency])
        edited = cursor.fetchone()
    return edited[0] if edited else STANDARD[impact, urgency]
