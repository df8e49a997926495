"""Which agreement a clock goes by: the customer's, or the one beneath it with the team or the supplier."""

from dataclasses import replace
from typing import Any

from django.db import connection

from services.queries import supplier_named_by

from .. import selection
from ..declarations import Begin, Declaration
from ..enums import AgreementType
from ..selection import Choice

DEEPEST = 5
# The services that a service needs, and its parts, with the least number of steps to each.
BENEATH = """
    WITH RECURSIVE down(id, depth) AS (
        SELECT %(service)s::bigint, 0
        UNION
        SELECT n.id, down.depth + 1
        FROM down CROSS JOIN LATERAL (
            SELECT d.needs_id AS id FROM services_servicedependency d WHERE d.service_id = down.id
            UNION ALL
            SELECT s.id FROM services_service s WHERE s.parent_id = down.id
        ) n
        WHERE down.depth < %(deepest)s
    )
    SELECT id, min(depth) FROM down WHERE depth > 0 AND id <> %(service)s GROUP BY id
"""


def choice(declaration: Declaration, record: Any) -> Choice:
    """
    The agreement that applies to a clock of the record now, and why.

    A contract with a supplier need not be named by the ticket. It is that with the supplier of its item, else of its
    service; where nobody wrote down who supplies them, any that is about the service, or about one that this service
    needs, the nearest first.
    """
    if not declaration.is_beneath:
        return selection.choose(record)
    if not selection.has_any(record.kind, declaration.party):
        return Choice(None)
    return with_team(record) if declaration.begins == Begin.TEAM else with_supplier(record)


def with_team(record: Any) -> Choice:
    """The agreement with the team that has the record; asks not anew whether agreements changed in this act."""
    return selection.choose(record, type=AgreementType.TEAM, team_id=record.team_id, is_known=True)


def with_supplier(record: Any) -> Choice:
    """The contract that applies when the record is handed to a supplier; the same."""
    needed = services_beneath(record.service_id) if record.service_id is not None else {}
    supplier_id, through = supplier_named_by(item_id=record.item_id, service_id=record.service_id)
    found = selection.choose(record, type=AgreementType.SUPPLIER, supplier_id=supplier_id, needed=needed, is_known=True)
    return replace(found, through=through)


def services_beneath(service_id: int) -> dict[int, int]:
    """The services that one needs, directly or through others, five steps deep: key -> steps. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(BENEATH, {"service": service_id, "deepest": DEEPEST})
        return dict(cursor.fetchall())
