"""The whole report as one document of plain values."""

from typing import Any

from ..chapters import every, told
from ..enums import Rows
from ..models import ReportPlan, ServiceReport
from .attainment import attainment
from .cells import cells
from .corrections import corrections
from .crediting import credits_of
from .promises import promises
from .scope import Ledger, Scope
from .tickets import tickets
from .trend import trend
from .uptime import availability, book_of, outages

FORM = 1


def compiled(report: ServiceReport, scope: Scope) -> tuple[dict[str, Any], Ledger]:
    """What the report of a month says as things are now, and the rows behind its figures. A read."""
    ledger, plan = Ledger(), report.plan
    earlier = report.predecessor.document if report.predecessor is not None else None
    book = book_of(scope, scope.month.year_to())
    targets = attainment(scope, ledger)
    services = availability(scope, ledger, book)
    document = {
        "form": FORM,
        "customer": {"id": scope.organization.pk, "name": scope.organization.name, "slug": scope.organization.slug},
        "purpose": plan.purpose,
        "month": scope.month.slug,
        "zone": scope.month.zone.key,
        "at_from": scope.at_from.isoformat(),
        "at_to": scope.at_to.isoformat(),
        "counted_at": scope.at.isoformat(),
        "attainment": targets,
        "tickets": tickets(scope, ledger),
        "availability": services,
        "promises": promises(scope, ledger, [each["id"] for each in targets["agreements"]]),
        "outages": outages(scope),
        "cells": cells(scope, ledger),
        "chapters": _chapters(plan, scope, ledger),
        "credits": credits_of(scope, targets, services, earlier=earlier, is_same=not report.has_new_terms),
        "trend": trend(scope, book, [each["id"] for each in services]),
        "corrections": corrections(scope),
    }
    document["evidence"] = ledger.digests()
    return document, ledger


def _chapters(plan: ReportPlan, scope: Scope, ledger: Ledger) -> list[dict[str, Any]]:
    found = []
    for chapter in every():
        if chapter.name in plan.left_out:
            continue
        keys, shown = told(chapter, scope)
        figure = ledger.count(f"chapter.{chapter.name}", Rows.RECORD, keys)
        found.append(
            {"name": chapter.name, "title": str(chapter.title), "empty": str(chapter.empty), **figure, "rows": shown}
        )
    return found
