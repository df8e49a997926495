"""Doors of the audit log: read it, take it out as CSV, check its chain."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from audit import log
from audit.models import Channel, Entry
from audit.verify import broken_entries
from common import csvs
from common.time import now
from people.doors import requires

from .asking import FIELDS, Question

ROWS_A_PAGE = 100
EXPORTED_AT_MOST = 10_000
COLUMNS = ("at", "action", "about", "who", "on_behalf_of", "channel", "address", "reason", "changes", "request")


def _after(entries: QuerySet[Entry], mark: str) -> QuerySet[Entry]:
    """Entries older than the mark `moment~id` of the last row read; an unreadable mark starts at the newest."""
    moment, _tilde, key = mark.partition("~")
    try:
        at, pk = datetime.fromisoformat(moment), int(key)
    except ValueError:
        return entries
    if at.tzinfo is None or not 0 <= pk < 2**63:
        return entries
    return entries.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))


def _ordered(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    return entries.select_related("actor", "on_behalf_of").order_by("-at", "-id")


@requires("audit.view")
@require_GET
def audit_log(request: HttpRequest) -> HttpResponse:
    """Newest first, a page at a time by key. Reading the log is not logged; taking it out is."""
    question = Question.read(request.GET)
    entries = question.entries(request.user)
    mark = request.GET.get("before", "")
    rows = list(_ordered(_after(entries, mark) if mark else entries)[: ROWS_A_PAGE + 1])
    has_older, rows = len(rows) > ROWS_A_PAGE, rows[:ROWS_A_PAGE]
    query = urlencode(question.typed)
    older = urlencode(question.typed | {"before": f"{rows[-1].at.isoformat()}~{rows[-1].pk}"}) if has_older else ""
    context = {
        "question": question,
        "typed": {name.replace("from", "start").replace("to", "end"): question.typed.get(name, "") for name in FIELDS},
        "chips": [
            {
                "label": f"{name}: {value}",
                "remove_url": "?" + urlencode({n: v for n, v in question.typed.items() if n != name}),
            }
            for name, value in question.typed.items()
        ],
        "rows": rows,
        "channels": Channel.choices,
        "newer_url": f"?{query}" if mark else "",
        "older_url": f"?{older}" if older else "",
        "query": query,
    }
    return render(request, "audit/log.html", context)


@requires("audit.view")
@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse | HttpResponse:
    """The entries asked for as CSV, 10,000 at most; taking them out is itself an act in the log."""
    question = Question.read(request.GET)
    entries = _ordered(question.entries(request.user))[:EXPORTED_AT_MOST]
    log.record(
        "audit.exported", subject_kind="audit", subject_id=0, by=request.user, at=now(), data={"asked": question.typed}
    )
    return csvs.answer("audit-log", COLUMNS, _lines(entries))


def _lines(entries: QuerySet[Entry]) -> Iterator[tuple[Any, ...]]:
    for entry in entries.iterator(chunk_size=500):
        yield (
            entry.at.isoformat(),
            entry.action,
            entry.subject_label or f"{entry.subject_kind} {entry.subject_id}",
            str(entry.actor or "Steward"),
            str(entry.on_behalf_of or ""),
            entry.channel,
            entry.address or "",
            entry.reason,
            str(entry.changes or ""),
            entry.request_id,
        )


@requires("audit.view")
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Check the hash chain of the whole log and say what was found."""
    broken = broken_entries()
    if broken:
        messages.error(
            request,
            _("%(count)s log entries don't match their hash, the first is number %(first)s. Compare with a backup.")
            % {"count": len(broken), "first": broken[0]},
        )
    else:
        messages.success(request, _("Every log entry is as it was written."))
    return redirect("audit:log")
