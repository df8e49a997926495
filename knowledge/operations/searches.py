"""
Remembering what people searched for in vain, so that somebody can write it down.

Words and counts only: nobody's name, and no words that look like an address or a number of somebody.
"""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import require

from ..models import SearchTerm

LONGEST = 100
KEPT = timedelta(days=180)
COUNTED_AGAIN_AFTER_SECONDS = 600
TERMS_AN_HOUR = 30
MOST_TERMS = 20_000
_PERSONAL = re.compile(r"@|\d{5,}|://")

_NOTE = """
    INSERT INTO knowledge_searchterm (text, place, search_count, click_count, hit_count, first_at, latest_at,
        is_sample)
    SELECT %(text)s, %(place)s, 1, 0, %(hits)s, %(at)s, %(at)s, false
    WHERE EXISTS (SELECT 1 FROM knowledge_searchterm WHERE text = %(text)s AND place = %(place)s)
        OR (SELECT count(*) FROM knowledge_searchterm) < %(most)s
    ON CONFLICT (text, place) DO UPDATE SET search_count = knowledge_searchterm.search_count + 1,
        hit_count = excluded.hit_count, latest_at = greatest(knowledge_searchterm.latest_at, excluded.latest_at)
"""


def normalized(text: str) -> str:
    """Lower case, single blanks; empty when it is too short to tell anything, or looks personal."""
    words = " ".join(text.replace("\x00", "").lower().split())[:LONGEST].strip()
    return "" if len(words) < 3 or _PERSONAL.search(words) else words


def note_search(*, text: str, place: str, hits: int, at: datetime, who: str) -> bool:
    """
    Count a search that somebody finished. Returns whether it was counted.

    The same one counts once in ten minutes for each searcher, and each searcher fills 30 lines an hour at most.

    :param who: any string that tells searchers apart for an hour; it is kept in the cache only.
    """
    words = normalized(text)
    if not words or not _is_first(who, words, place) or _is_too_much(who):
        return False
    said: dict[str, Any] = {"text": words, "place": place, "hits": hits, "at": at, "most": MOST_TERMS}
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, said)
        return cursor.rowcount > 0


def _is_first(who: str, words: str, place: str) -> bool:
    key = hashlib.sha256(f"{who}\n{place}\n{words}".encode()).hexdigest()
    return bool(cache.add(f"knowledge:searched:{key}", 1, COUNTED_AGAIN_AFTER_SECONDS))


def _is_too_much(who: str) -> bool:
    key = f"knowledge:searches:{who}"
    cache.add(key, 0, 3600)
    try:
        return bool(cache.incr(key) > TERMS_AN_HOUR)
    except ValueError:  # it ran out between the two
        return False


def note_click(*, text: str, place: str, at: datetime) -> None:
    """Count that a search led to an article. A search that nobody counted is none."""
    words = normalized(text)
    if words:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE knowledge_searchterm SET click_count = least(click_count + 1, search_count), latest_at = %s"
                " WHERE text = %s AND place = %s",
                [at, words, place],
            )


def dismiss_search(*, search: SearchTerm, by: Any, at: datetime) -> SearchTerm:
    """Say that no article should answer this. :raises NotAllowed: :raises Refused: done already."""
    require(by, "article.create")
    if not SearchTerm.objects.filter(pk=search.pk, dismissed_at=None).update(dismissed_at=at, dismissed_by=by):
        raise Refused.because("done", _("Somebody took this off the list already."))
    return SearchTerm.objects.get(pk=search.pk)


def forget_old(*, at: datetime, rows: int = 10_000) -> int:
    """
    Remove searches that nobody repeated for 180 days, a bounded number at a time. Returns how many.

    Visits stay: they hold no more than a day and an article, and the measure counts them for years back.
    """
    old = SearchTerm.objects.filter(latest_at__lt=at - KEPT).values("pk")[:rows]
    return SearchTerm.objects.filter(pk__in=old).delete()[0]
