"""
Searching articles: words and beginnings of words first, then what is spelled alike; what helped most comes first.

The audience is part of every statement. Both ways to find go through an index, and only what they find is ranked.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchQuery, TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Case, ExpressionWrapper, F, FloatField, Q, QuerySet, Value, When
from django.utils.safestring import SafeString

from search.queries import marked
from search.words import CONFIG, wanted

from .models import Article, ArticleVersion
from .models.version import SHOWN_VERSION
from .reading import articles_readable_by

SHOWN = 20
MOST_WORDS = 6
MOST_RANKED = 300
MOST_ALIKE = 150
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
    The articles that answer the text, of those that the person may read; four statements at most.

    :param service_id: articles of this service rank higher.
    :param without: keys of articles to leave out.
    :param only_shown: published ones only; False for those who work with articles and look for drafts too.
    """
    words = words_of(text)
    if not words:
        return Found()
    with transaction.atomic(), connection.cursor() as cursor:
        # Two letters changed places in “pritner”: half of it is alike, which the default of 0.6 takes for a stranger.
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = %s", [SPELLED_ALIKE])
        readable = _readable(user, without=without, only_shown=only_shown)
        best = ranked(*_candidates(readable, words, limit), words, service_id=service_id)[:limit]
        # Asked of the best only: a condition would make PostgreSQL compare the spelling once more for each.
        versions = [each for each in best if each.has_all or each.covered >= ALIKE]
    return Found(words, [_hit(version, words) for version in versions])


def _readable(user: Any, *, without: Any, only_shown: bool) -> QuerySet[ArticleVersion]:
    """The versions that this person may read, one for each article."""
    articles = articles_readable_by(user)
    if only_shown:
        articles = articles.shown()
    if without:
        articles = articles.exclude(pk__in=without)
    is_shown = SHOWN_VERSION if only_shown else SHOWN_VERSION | Q(article__published=None)
    return ArticleVersion.objects.filter(is_shown, article__in=articles.order_by()).order_by(
        "-article__helpful_count", "-pk"
    )


def _candidates(readable: QuerySet[ArticleVersion], words: list[str], limit: int) -> tuple[list[int], list[int]]:
    """
    Keys of versions with all words; if these are too few, also of those with some words where they say what they are
    about, and of those whose title has a word that is spelled alike.

    Each by one index and some hundred at most: comparing the spelling of whole texts is the dear part.
    """
    exact = list(readable.filter(vector=wanted(words).query()).values_list("pk", flat=True)[:MOST_RANKED])
    if len(exact) >= limit:
        return exact, []
    # The weight A stands for title and symptom; words are letters and digits only.
    some = " | ".join(f"'{word}':{'*' if len(word) >= SHORTEST_WORD else ''}A" for word in words)
    spelled = Q()
    for word in words:
        spelled |= Q(title__trigram_word_similar=word)
    alike: list[int] = []
    for found in (Q(vector=SearchQuery(some, search_type="raw", config=CONFIG)), spelled):
        alike += readable.filter(found).exclude(pk__in=[*exact, *alike]).values_list("pk", flat=True)[:MOST_ALIKE]
    return exact, alike


def ranked(exact: list[int], alike: list[int], words: list[str], *, service_id: int | None = None) -> Any:
    """Versions in the order in which they answer: all words before some, then by title and symptom, then by votes."""
    covered = sum((TrigramWordSimilarity(word, "heading") for word in words), start=Value(0.0)) / Value(
        float(len(words))
    )
    helped = (F("article__helpful_count") + 1.0) / (F("article__vote_count") + 2.0)
    of_service: Any = Value(0.0)
    if service_id:
        of_service = Case(When(article__service=service_id, then=0.3), default=0.0, output_field=FloatField())
    return (
        ArticleVersion.objects.filter(pk__in=[*exact, *alike])
        .annotate(
            has_all=Case(When(pk__in=exact, then=1.0), default=0.0, output_field=FloatField()),
            covered=ExpressionWrapper(covered, output_field=FloatField()),
        )
        .annotate(
            score=ExpressionWrapper(F("has_all") + F("covered") + helped * 0.3 + of_service, output_field=FloatField())
        )
        .defer("vector", "sections", "cause", "fix")
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
