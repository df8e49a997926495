"""
Who is being let down now, and who is about to be: counted from the records that are open at this moment.

Each figure is the length of the list that a query of the queue gives, counted by that query.
"""

from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from measurement.filters import Asked
from records.models import Record
from records.query import Clock, QueryProblem, Scene, compile_query, parse
from records.query.ast import render_text

AT_RISK, BREACHED, DUE_TODAY = "at_risk", "breached", "due_today"
# The next clock of each open record to expire, as the queue shows it; today is that of the person who asks.
QUERIES = {AT_RISK: "is:at-risk", BREACHED: "is:overdue", DUE_TODAY: "due:today -is:overdue"}
FIELDS = {"service": "service", "team": "team", "priority": "prio", "organization": "org"}


def counts(asked: Asked, *, at: datetime) -> dict[str, int] | None:
    """
    How many there are of each kind: one statement, and one for each filter.

    None where a filter names what does not exist, or not for this person: the queue does not know it either.
    """
    viewer = asked.scope.viewer
    scene = Scene(viewer, Clock(at=at, zone=viewer.zone))
    try:
        where = compile_query(parse(_filters(asked)), scene).where
    except QueryProblem:
        return None
    # Open ones by the statement, not by each count: then the index of open records answers all three by itself.
    found = (
        Record.objects.visible_to(viewer)
        .open()
        .filter(where)
        .aggregate(
            **{kind: Count("pk", filter=compile_query(parse(query), scene).where) for kind, query in QUERIES.items()}
        )
    )
    return {kind: found[kind] for kind in QUERIES}


def url(kind: str, asked: Asked) -> str:
    """The queue with the same records."""
    return f"{reverse('records:queue')}?{urlencode({'q': f'is:open {QUERIES[kind]} {_filters(asked)}'.strip()})}"


def _filters(asked: Asked) -> str:
    """The filters of the page in the words of the queue."""
    terms = [
        f"{field}:{render_text(asked.parameters[name])}" for name, field in FIELDS.items() if name in asked.parameters
    ]
    if asked.scope.has_sample:
        terms.append("is:sample" if asked.scope.is_sample else "-is:sample")
    return " ".join(terms)
