"""
Which known errors fit what is being typed or worked on.

Candidates come from indexes, a hundred or two at most: those that share a word or the item, and those whose title looks
alike where hardly any shares a word, which is what typing errors do. Only they are compared in full, so that the cost
follows neither the number of records nor, much, that of known errors.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from records.enums import LinkKind
from records.models import Link
from records.rendering import render

from ..models import KnownError, KnownErrorUse

SHOWN = 3
FITS = 0.32
SHORTEST_TITLE = 4
MOST_WORDS = 10
ENOUGH_WORDS = 12
_WORD = re.compile(r"[^\W_]{3,}")

# Text counts most; the same item nearly as much as words that agree half; the service alone is not enough.
_CANDIDATES = """
    WITH words AS (
        SELECT problem_id FROM problems_knownerror
        WHERE withdrawn_at IS NULL AND vector @@ %(query)s::tsquery
        ORDER BY ts_rank(vector, %(query)s::tsquery) DESC LIMIT 60
    ), typed AS (
        SELECT problem_id FROM problems_knownerror
        WHERE (SELECT count(*) FROM words) < %(enough)s AND withdrawn_at IS NULL AND title %% %(title)s
        ORDER BY similarity(title, %(title)s) DESC LIMIT 60
    ), found AS (
        SELECT problem_id FROM words UNION SELECT problem_id FROM typed
        UNION SELECT i.knownerror_id FROM problems_knownerror_items i WHERE i.configurationitem_id = %(item)s
    )
    SELECT k.problem_id,
        greatest(similarity(k.title, %(title)s),
            0.9 * word_similarity(%(title)s, left(k.title || ' ' || k.symptom, 600))) AS text,
        EXISTS (SELECT 1 FROM problems_knownerror_services s
            WHERE s.knownerror_id = k.problem_id AND s.service_id = %(service)s) AS same_service,
        EXISTS (SELECT 1 FROM problems_knownerror_items i
            WHERE i.knownerror_id = k.problem_id AND i.configurationitem_id = %(item)s) AS same_item
    FROM found JOIN problems_knownerror k ON k.problem_id = found.problem_id AND k.withdrawn_at IS NULL
"""


@dataclass(frozen=True)
class Suggestion:
    """A known error that may fit, how well (0 to 1), and why."""

    known_error: KnownError
    score: float
    why: str
    use: KnownErrorUse | None = None
    is_linked: bool = False

    @property
    def workaround(self) -> SafeString:
        """The workaround as people read it."""
        return render(self.known_error.workaround)


def for_typed(
    viewer: Any, *, title: str, service_id: int | None = None, item_id: int | None = None, limit: int = SHOWN
) -> list[Suggestion]:
    """Published known errors that the viewer may see and that fit a subject, the best first."""
    title = title.replace("\x00", "").strip()[:200]
    if len(title) < SHORTEST_TITLE:
        return []
    scored = _scored(title, service_id, item_id)
    best = dict(sorted(scored.items(), key=lambda each: -each[1][0])[: limit * 4])
    rows = KnownError.objects.published().visible_to(viewer).filter(pk__in=best).with_counts()
    found = [Suggestion(row, *best[row.pk]) for row in rows]
    return sorted(found, key=lambda each: (-each.score, each.known_error.pk))[:limit]


def beside(viewer: Any, record: Any, *, limit: int = SHOWN) -> list[Suggestion]:
    """
    Known errors for a record: those of problems that it is linked to first, then those that fit and that nobody has
    turned down here.
    """
    uses = {use.known_error_id: use for use in KnownErrorUse.objects.filter(record_id=record.pk)}
    linked = Link.objects.filter(from_record=record.pk, kind=LinkKind.CAUSED_BY).values_list("to_record_id", flat=True)
    wanted = {*linked, *(key for key, use in uses.items() if use.use != "dismissed")}
    rows = KnownError.objects.published().visible_to(viewer).filter(pk__in=wanted).with_counts()
    first = [
        Suggestion(row, 1.0, _("linked") if row.pk in linked else _("used here"), uses.get(row.pk), is_linked=True)
        for row in rows
    ]
    if record.is_done:
        return first
    known = {each.known_error.pk for each in first}
    fitting = for_typed(
        viewer, title=record.title, service_id=record.service_id, item_id=record.item_id, limit=limit + len(uses)
    )
    rest = [each for each in fitting if each.known_error.pk not in known and each.known_error.pk not in uses]
    return [*first, *rest][: max(limit, len(first))]


def _scored(title: str, service_id: int | None, item_id: int | None) -> dict[int, tuple[float, str]]:
    said = {"title": title, "service": service_id, "item": item_id, "query": _any_word(title), "enough": ENOUGH_WORDS}
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, said)
        rows = cursor.fetchall()
    found = {}
    for key, text, same_service, same_item in rows:
        score = min(1.0, 0.7 * text + 0.15 * same_service + 0.3 * same_item)
        if score >= FITS:
            found[key] = (round(score, 2), _why(text, same_service, same_item))
    return found


def _any_word(title: str) -> str:
    """A query for any of the words: quoted lexemes, so that none of it is read as an operator."""
    words = sorted(dict.fromkeys(_WORD.findall(title.lower())), key=lambda word: -len(word))[:MOST_WORDS]
    return " | ".join(f"'{word}'" for word in words)


def _why(text: float, same_service: bool, same_item: bool) -> str:
    parts = []
    if text >= 0.3:
        parts.append(_("the words agree"))
    if same_item:
        parts.append(_("same item"))
    if same_service:
        parts.append(_("same service"))
    return ", ".join(parts) or _("some words agree")
