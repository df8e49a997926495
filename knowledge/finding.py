"""
Searching articles: words and beginnings of words first, then what is spelled alike; what helped most comes first.

The audience is part of every statement. Both ways to find go through an index, and only what they find is ranked.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchRank, TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Case, ExpressionWrapper, F, FloatField, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString

from search.queries import marked
from search.words import wanted

from .models import Article, ArticleVersion
from .models.version import SHOWN_VERSION
from .reading import articles_readable_by

SHOWN = 20
MOST_WORDS = 6
ALIKE = 0.5
SPELLED_ALIKE = 0.45
SHORTEST_WORD = 3
PIECE_BEFORE, PIECE_LETTERS = 60, 220
READ_LETTERS = 20_000
LONGEST_QUERY = 200
_START, _STOP = "\ue000", "\ue001"
_WORDS = re.compile(r"\w+")
_SIGNS = re.compile(r"[*`#]+|(?<=\s)>\s|\]\([^)\s]*\)|\[(?=\w)")  # of Markdown, which a piece of text is better without


@dataclass(frozen=True)
class Hit:
    """An article that was found: its title and a piece of its text, with what was searched for marked."""

    article: Any
    version: ArticleVersion
    title: SafeString
    piece: SafeString
    has_all_words: bool


@dataclass
class Found:
    """:param words: what was searched for, as it was understood."""

    words: list[str] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)

    @property
    def is_alike(self) -> bool:
        """No article holds the words; these have words that look like them."""
        return bool(self.hits) and not any(hit.has_all_words for hit in self.hits)


def words_of(text: str) -> list[str]:
    """The words that count, each once; short ones only when there is nothing else."""
    every = list(dict.fromkeys(word.lower() for word in _WORDS.findall(text.replace("\x00", " ")[:LONGEST_QUERY])))
    return ([word for word in every if len(word) >= SHORTEST_WORD] or every)[:MOST_WORDS]


def find(
    user: Any,
    text: str,
    *,
    limit: int = SHOWN,
    service_id: int | None = None,
    without: Any = (),
    only_shown: bool = True,
) -> Found:
    """
    The articles that answer the text, of those that the person may read; one statement.

    :param service_id: articles of this service rank higher.
    :param without: keys of articles to leave out.
    :param only_shown: published ones only; False for those who work with articles and look for drafts too.
    """
    words = words_of(text)
    if not words:
        return Found()
    versions = ranked(user, words, service_id=service_id, without=without, only_shown=only_shown)
    with transaction.atomic(), connection.cursor() as cursor:
        # Two letters changed places in “pritner”: half of it is alike, which the default of 0.6 takes for a stranger.
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = %s", [SPELLED_ALIKE])
        return Found(words, [_hit(version, words) for version in versions[:limit]])


def ranked(user: Any, words: list[str], *, service_id: int | None = None, without: Any = (), only_shown: bool) -> Any:
    """Versions in the order in which they answer, annotated with `score` and `has_all`."""
    readable = articles_readable_by(user)
    if only_shown:
        readable = readable.shown()
    if without:
        readable = readable.exclude(pk__in=without)
    query = wanted(words).query()
    spelled = Q()
    for word in words:
        spelled |= Q(heading__trigram_word_similar=word)
    is_shown = SHOWN_VERSION if only_shown else SHOWN_VERSION | Q(article__published=None)
    covered = sum((TrigramWordSimilarity(word, "heading") for word in words), start=Value(0.0)) / Value(
        float(len(words))
    )
    helped = (F("article__helpful_count") + 1.0) / (F("article__vote_count") + 2.0)
    has_all = Case(When(vector=query, then=1.0), default=0.0, output_field=FloatField())
    of_service: Any = Value(0.0)
    if service_id:
        of_service = Case(When(article__service=service_id, then=0.3), default=0.0, output_field=FloatField())
    return (
        ArticleVersion.objects.filter(is_shown, article__in=readable.order_by())
        .filter(Q(vector=query) | spelled)
        .annotate(
            has_all=has_all,
            covered=ExpressionWrapper(covered, output_field=FloatField()),
            rank=Coalesce(SearchRank(F("vector"), query), 0.0, output_field=FloatField()),
        )
        .filter(Q(has_all=1.0) | Q(covered__gte=ALIKE))
        .annotate(
            score=ExpressionWrapper(
                F("has_all") + F("covered") + F("rank") + helped * 0.3 + of_service, output_field=FloatField()
            )
        )
        .select_related("article__service", "article__organization")
        .order_by("-score", "-article_id")
    )


def _hit(version: Any, words: list[str]) -> Hit:
    article: Article = version.article
    text = version.body[:READ_LETTERS]
    return Hit(
        article=article,
        version=version,
        title=marked(_with_marks(version.title, words)),
        piece=marked(_with_marks(_piece(text, words), words)),
        has_all_words=version.has_all == 1.0,
    )


def _piece(text: str, words: list[str]) -> str:
    """A stretch of the text around the first word that was searched for."""
    flat = _SIGNS.sub("", " ".join(text.split()))
    first = next((m.start() for m in _WORDS.finditer(flat) if _begins(m[0].lower(), words)), 0)
    begin = max(0, first - PIECE_BEFORE)
    if begin:
        begin = flat.find(" ", begin) + 1
    piece = flat[begin : begin + PIECE_LETTERS]
    if begin + PIECE_LETTERS < len(flat):
        piece = piece.rpartition(" ")[0] + " …"
    return f"… {piece}" if begin else piece


def _with_marks(text: str, words: list[str]) -> str:
    """The text with marks around words that were searched for, or are spelled like one."""
    text = text.replace(_START, "").replace(_STOP, "")

    def mark(match: re.Match[str]) -> str:
        word = match[0].lower()
        is_meant = _begins(word, words) or any(_looks_like(word, each) for each in words)
        return f"{_START}{match[0]}{_STOP}" if is_meant else match[0]

    return _WORDS.sub(mark, text)


def _begins(word: str, words: list[str]) -> bool:
    return any(word.startswith(each) if len(each) >= SHORTEST_WORD else word == each for each in words)


def _trigrams(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def _looks_like(word: str, other: str) -> bool:
    if len(word) <= SHORTEST_WORD or len(other) <= SHORTEST_WORD:
        return False
    ours, theirs = _trigrams(word), _trigrams(other)
    return 2 * len(ours & theirs) >= len(ours | theirs)
