"""Plans at size: no statement of a page may read a large table from end to end."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, transaction

LARGE = frozenset({"records_record", "incidents_incident", "slm_clock", "slm_segment", "records_comment", "audit_entry",
                   "search_document"})  # fmt: skip


def sequential_scans(name: str, said: Iterable[tuple[str, Any]]) -> list[dict[str, str]]:
    """Explain the statements of a scenario, and return those that scan a large table."""
    found = []
    for sql, parameters in said:
        if not sql.lstrip().upper().startswith(("SELECT", "WITH", "UPDATE", "INSERT", "DELETE")):
            continue
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
            (plan,) = cursor.fetchone()
        plan = json.loads(plan) if isinstance(plan, str) else plan
        for node in _nodes(plan[0]["Plan"]):
            if node["Node Type"] == "Seq Scan" and node.get("Relation Name") in LARGE:
                found.append({"scenario": name, "table": node["Relation Name"], "rows": str(node["Plan Rows"]),
                              "statement": " ".join(sql.split())[:600]})  # fmt: skip
    return found


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)
