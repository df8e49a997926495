"""The agent queue: one page for every view, its rows, its news, and suggestions for its query."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from common.numbers import number_in
from common.time import start_of_day
from people.access import access_of
from people.doors import requires
from people.models import Team

from ..models import Record
from ..operations import views as view_operations
from ..operations.presence import GONE_AFTER
from ..query.chips import chips_of
from ..query.suggest import suggest
from ..queue.columns import COLUMNS, GROUPINGS
from ..queue.ordering import PAGE_ROWS
from ..queue.presence import presence_marks
from ..queue.rows import Page, lay_out, page_of
from ..queue.state import MOST_COUNTED, QueueState
from .queue_lists import scene_of, state_for
from .queue_live import figures_context, live_context, news
from .queue_play import clear, place

TEMPLATE = "records/queue/page.html"


PARTS = {"news": news, "place": place, "clear": clear}


@require_GET
@requires("record.queue")
def queue(request: HttpRequest, view: str = "") -> HttpResponse:
    """
    The page; `?part=rows` gives its list alone, `?part=news` what has happened since (204 when nothing has).

    `?part=place&at=1042` tells where a ticket stands in it, `?part=clear` that there is nothing left to serve.
    """
    at = now()
    state, views = state_for(request, view, at)
    part = request.GET.get("part", "")
    if part in PARTS:
        return PARTS[part](request, state, at)
    page = page_of(
        state.records,
        order=state.order,
        columns=state.columns,
        viewer=request.user,
        at=at,
        after=state.after,
        before=state.before,
    )
    numbers = [row.number for row in page.rows]
    marks = presence_marks(numbers, viewer=request.user, since=at - GONE_AFTER)
    for row in page.rows:
        row.values["presence"] = marks.get(row.number, "")
    lay_out(page.rows, columns=state.columns, can_act=access_of(request.user).allows("record.edit"))
    context = _list_context(request, state, page) | live_context(state, page, marks, at)
    if part == "rows":
        return render(request, f"{TEMPLATE}#list", context | {"part": True})
    context |= {
        "views": views,
        "chips": [{"field": c.field, "label": c.label, "url": state.url(text=c.rest)} for c in chips_of(state.query)],
        "column_names": ",".join(column.name for column in state.columns),
        "all_columns": [(column, column in state.columns) for column in COLUMNS.values()],
        "groupings": [(name, label, name == state.grouping) for name, (_column, label) in GROUPINGS.items()],
        "teams": list(_own_teams(request.user)) if access_of(request.user).allows("view.share") else [],
        "may_save": access_of(request.user).allows("view.save"),
        "may_share": access_of(request.user).allows("view.share"),
        "may_change_view": state.view is not None and view_operations.may_change(state.view, request.user),
        "title": state.view.label if state.view else _("Tickets"),  # type: ignore[attr-defined]
    }
    return render(request, TEMPLATE, context | _problem(state))


def _problem(state: QueueState) -> dict[str, Any]:
    """The query with the term that was not understood marked, and the address with it mended."""
    problem = state.problem
    if problem is None:
        return {}
    text = state.text
    return {
        "problem_before": text[: problem.start],
        "problem_term": text[problem.start : problem.end],
        "problem_after": text[problem.end :],
        "repaired_url": state.url(text=problem.repaired(text)),
    }


def _list_context(request: HttpRequest, state: QueueState, page: Page) -> dict[str, Any]:
    counted = figures_context(state)
    total = state.figures["total"]
    return counted | {
        "state": state,
        "page": page,
        "heads": _heads(state),
        "span": len(state.columns) + 1,
        "newer_url": state.url(before=page.newer) if page.newer else "",
        "older_url": state.url(after=page.older) if page.older else "",
        "rows_url": state.url(after=state.after, before=state.before, part="rows"),
        "acts": access_of(request.user).allows("record.edit"),
        "empty": _empty(request, state) if not page.rows else None,
        "position": _("%(shown)s of %(total)s") % {"shown": len(page.rows), "total": counted["total"]},
        "open_url": state.url(text=f"{state.text} is:open".strip()) if state.is_sort_refused else "",
        "bulk_total": total if PAGE_ROWS < total <= MOST_COUNTED else 0,
    }


def _own_teams(user: Any) -> Any:
    return Team.objects.filter(pk__in=access_of(user).team_ids, is_active=True)


def _heads(state: QueueState) -> list[dict[str, Any]]:
    """The heads of the columns: what a click sorts by, and how the list is sorted now."""
    heads = []
    for column in state.columns:
        head: dict[str, Any] = {"label": column.label, "name": column.name, "is_narrow": column.is_narrow}
        if column.sort:
            is_current = column.sort == state.sorted_by
            is_turned = is_current and not state.is_descending
            sort = f"-{column.sort}" if is_turned else column.sort
            head["url"] = state.url(sort=sort, text=state.without_sort())
            head["direction"] = ("descending" if state.is_descending else "ascending") if is_current else ""
        heads.append(head)
    return heads


def _empty(request: HttpRequest, state: QueueState) -> dict[str, Any]:
    """Why there is nothing to show: no tickets yet, none that match, or all done."""
    records = Record.objects.visible_to(request.user)
    if not records.exists():
        return {"kind": "first-use"}
    if state.view is not None and not state.is_changed:
        clock = state.scene.clock
        midnight = start_of_day(clock.at.astimezone(clock.zone).date(), clock.zone)
        handled = records.filter(resolved_at__gte=midnight).order_by()[: MOST_COUNTED + 1].count()
        return {"kind": "done", "handled": handled}
    filters = [
        {"label": f"{chip.field}: {chip.label}" if chip.field else chip.label, "remove_url": state.url(text=chip.rest)}
        for chip in chips_of(state.query)
    ]
    return {"kind": "no-match", "filters": filters}


@require_GET
@requires("record.queue")
def suggestions(request: HttpRequest) -> JsonResponse:
    """What may be typed at the caret `at` of the query `q`."""
    caret = number_in(request.GET.get("at"), digits=5)
    found = suggest(request.GET.get("q", "")[:1000], -1 if caret is None else caret, scene_of(request, now()))
    fields = ("text", "label", "detail", "start", "end", "count")
    return JsonResponse({"suggestions": [{name: getattr(each, name) for name in fields} for each in found]})
