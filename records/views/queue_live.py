"""The live list: an open queue asks every 15 seconds what has happened to it; 204 while nothing has."""

import re
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from common.numbers import number_in
from people.access import access_of

from ..operations.presence import GONE_AFTER
from ..queue.live import news_of
from ..queue.ordering import PAGE_ROWS
from ..queue.presence import presence_marks
from ..queue.rows import Page, lay_out
from ..queue.state import MOST_COUNTED, QueueState

_ROW = re.compile(r"(\d{1,18})\.([0-9a-f]{1,8})")


def news(request: HttpRequest, state: QueueState, at: datetime) -> HttpResponse:
    """
    What changed among `rows` (number.stamp, with _ between them), how many tickets wait, who is where.

    The browser says what it has, so that nothing is remembered here: `n` waiting, `m` the digest of the marks, and
    `stale` the numbers of rows whose clock needs a new shape.
    """
    said = request.GET
    stale = set(said.get("stale", "").split("_"))
    rows = _ROW.findall(said.get("rows", ""))[:PAGE_ROWS]
    known = {int(number): "" if number in stale else stamp for number, stamp in rows}
    since = _moment(said.get("since", ""), at)
    found = news_of(state, known=known, since=since, first=said.get("first", ""), last=said.get("last", ""), at=at)
    marks = presence_marks(sorted(found.visible), viewer=request.user, since=at - GONE_AFTER)
    digest = marks_digest(marks)
    is_moved = bool(found.changed or found.gone or said.get("n", "0") != str(found.waiting))
    if not is_moved and said.get("m", "") == digest:
        return HttpResponse(status=204)
    for row in found.changed:
        row.values["presence"] = marks.get(row.number, "")
    lay_out(found.changed, columns=state.columns, can_act=access_of(request.user).allows("record.edit"))
    waiting = {"waiting": found.waiting, "url": state.url()}
    return JsonResponse(
        {
            "rows": {row.number: row.html for row in found.changed},
            "gone": found.gone,
            "marks": {number: marks.get(number, "") for number in known},
            "m": digest,
            "n": found.waiting,
            "news": render_to_string("records/queue/_waiting.html", waiting),
            "figures": render_to_string("records/queue/_figures.html", figures_context(state)) if is_moved else "",
        }
    )


def figures_context(state: QueueState) -> dict[str, Any]:
    """What the line of figures above the list names and leads to."""
    figures = state.figures
    return {
        "figures": figures,
        "total": f"{MOST_COUNTED:,}+" if figures["total"] > MOST_COUNTED else str(figures["total"]),
        "total_url": state.url(),
        "breached_url": state.url(text=f"{state.text} is:breached".strip()),
        "soon_url": state.url(text=f"{state.text} -is:breached due:<30m".strip()),
    }


def live_context(state: QueueState, page: Page, marks: Mapping[int, str], at: datetime) -> dict[str, Any]:
    """What the page needs to ask: when it was loaded, where it begins and ends, which marks it shows."""
    ends = {"since": str(int(at.timestamp()))}
    if page.newer:
        ends["first"] = page.newer
    if page.older:
        ends["last"] = page.older
    return {"news_url": state.url(part="news", **ends), "digest": marks_digest(marks)}


def marks_digest(marks: Mapping[int, str]) -> str:
    """Changes with the marks that a page shows."""
    text = "".join(f"{number}{mark}" for number, mark in sorted(marks.items()))
    return format(zlib.crc32(text.encode()), "x")


def _moment(text: str, at: datetime) -> datetime:
    """When the page was loaded; the present when that can't be read."""
    seconds = number_in(text, digits=10)
    return at if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
