"""Imports of items in the REST API: the dry run first, then all or nothing."""

import json
from typing import Any

from common.api.describing import IDEMPOTENCY_KEY, describe
from common.api.views import ApiView, one_of
from common.problems import UNFIT, Problem
from common.time import now
from records.api.idempotency import once
from services import importing
from services.importing.showing import Shown
from services.models import ImportRow, ItemImport

from ..views.importing import work
from . import shapes

LINES_SHOWN = 500
OF_INTEREST = ("problem", "conflict", "update")


def _document(run: ItemImport) -> dict[str, Any]:
    is_done = run.stage not in (ItemImport.Stage.CHECKING, ItemImport.Stage.APPLYING)
    rows = list(run.lines.filter(outcome__in=OF_INTEREST).order_by("line")[:LINES_SHOWN]) if is_done else []
    return {
        "id": run.pk,
        "name": run.file_name,
        "stage": run.stage,
        "rows": run.rows,
        "rows_done": run.rows_done,
        "counts": run.counts,
        "notes": run.notes,
        "lines": [_line(row, shown) for row, shown in zip(rows, Shown.of(rows), strict=True)],
    }


def _line(row: ImportRow, shown: Shown) -> dict[str, Any]:
    return {
        "line": row.line,
        "outcome": row.outcome,
        "key": row.key,
        "name": row.name,
        "differences": [
            dict(zip(("field", "ours", "theirs", "is_conflict"), each, strict=True)) for each in shown.differences
        ],
        "problems": row.problems,
    }


class Imports(ApiView):
    """Imports."""

    operations = {"POST": "item.import"}

    @describe(
        "Check items of another tool against what stands here",
        takes=shapes.NewImport,
        gives=shapes.ImportShape,
        status=201,
        parameters=[IDEMPOTENCY_KEY],
        description="Writes nothing to items. Large imports are checked in the background: ask again until `stage` is"
        " checked, then post to `application`.",
        examples=[
            (
                "Two items and how they hang together",
                {
                    "items": [
                        {"key": "s-1", "name": "esx-3", "type": "server", "attributes": {"memory_gb": 512}},
                        {"key": "s-2", "name": "vpn-gw-2", "relations": [{"type": "runs_on", "to": "s-1"}]},
                    ]
                },
            )
        ],
    )
    def post(self, request: Any) -> Any:
        at = now()
        said = shapes.NewImport.read(request.data, by=request.user)
        content = json.dumps(said["items"]).encode()

        def act() -> Any:
            name = said.get("name") or "API"
            try:
                run = importing.begin(content=content, file_name=f"{name}.json", by=request.user, at=at)
            except importing.Unreadable as error:
                raise Problem(UNFIT, str(error)) from error
            work(run)
            run.refresh_from_db()
            return self.answer(_document(run), status=201, location=f"{request.path}{run.pk}/")

        return once(request, at=at, act=act)


class OneImport(ApiView):
    """One import."""

    operations = {"GET": "item.import"}

    @describe("Get an import with the rows that need a look", gives=shapes.ImportShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.answer(_document(one_of(ItemImport.objects.all(), number)))


class ImportApplication(ApiView):
    """Writing a checked import."""

    operations = {"POST": "item.import"}

    @describe("Write a checked import", takes=shapes.Order, gives=shapes.ImportShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = one_of(ItemImport.objects.all(), number)
        said = shapes.Order.read(request.data, by=request.user)
        ordered = importing.order(
            run=found,
            by=request.user,
            at=now(),
            takes_theirs=said.get("conflicts") == "theirs",
            skips_problems=said.get("skips_problems", False),
        )
        work(ordered)
        ordered.refresh_from_db()
        return self.answer(_document(ordered))
