"""Lists of known errors, and who waits for their workarounds."""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import F, Q
from django.db.models.functions import Greatest

from common.refs import parse_reference
from records import practices
from records.enums import LinkKind, Phase

from ..models import KnownError

ALIKE = 0.4


def listed(viewer: Any, *, text: str = "", everything: bool = False) -> Any:
    """
    Known errors that the viewer may see, the latest first; with a text those that hold its words or look like it, the
    best first.

    :param everything: withdrawn ones, too.
    """
    rows = KnownError.objects.visible_to(viewer).select_related("problem__service").prefetch_related("services")
    if not everything:
        rows = rows.published()
    text = text.strip()
    if not text:
        return rows.with_counts().order_by("-published_at", "-pk")
    return _holding(rows, text).with_counts().order_by("-rank", "-alike", "-pk")


def found(viewer: Any, *, text: str = "", everything: bool = False) -> Any:
    """Known errors that the viewer may see and that fit the text as in `listed`, in no order: for lists by key."""
    rows = KnownError.objects.visible_to(viewer)
    if not everything:
        rows = rows.published()
    text = text.replace("\x00", "").strip()
    return _holding(rows, text) if text else rows


def _holding(rows: Any, text: str) -> Any:
    """Those that hold the words or look like them, or have this number, with how well."""
    words = SearchQuery(text, config="simple", search_type="websearch")
    rows = rows.annotate(
        rank=SearchRank(F("vector"), words),
        alike=Greatest(TrigramWordSimilarity(text, "title"), TrigramWordSimilarity(text, "symptom") * 0.8),
    )
    return rows.filter(Q(vector=words) | Q(alike__gte=ALIKE) | Q(pk=parse_reference(text) or 0))


def waiting_for(known: KnownError, viewer: Any) -> Any:
    """Open incidents that the problem causes, as far as the viewer may see them."""
    rows = practices.of("incident").model.objects.visible_to(viewer).exclude(phase=Phase.DONE)
    return rows.filter(links_out__to_record=known.pk, links_out__kind=LinkKind.CAUSED_BY).order_by("pk")
