"""
Searching articles: words and beginnings of words first, then what is spelled alike; what helped most comes first.

The audience is part of every statement that finds something. Every way to find goes through an index, and only what is
found is ranked.
"""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchQuery, TrigramWordSimilarity
from django.db.models import Case, ExpressionWrapper, F, FloatField, Q, QuerySet, Value, When
from django.utils.safestring import SafeString

from search.marking import SHORTEST_WORD, WORDS, Marker
from search.words import CONFIG, wanted

from . import vocabulary
from .models import Article, ArticleVersion
from .models.version import SHOWN_VERSION
from .reading import articles_readable_by

SHOWN = 20
MOST_WORDS = 6
MOST_RANKED = 120
MOST_ALIKE = 60
ALIKE = 0.5
CLOSE = 0.5
READ_LETTERS = 20_000
LONGEST_QUERY = 200

StandIns = dict[str, list[str]]


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
    """
    :param words: what was searched for, as it was understood.
    :param meant: what to search for instead, in words of the articles found; empty when all is spelled right.
    """

    words: list[str] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    meant: str = ""

    @property
    def is_alike(self) -> bool:
        """No article holds the words; these have words that look like them."""
        return bool(self.hits) and not any(hit.has_all_words for hit in self.hits)


def words_of(text: str) -> list[str]:
    """The words that count, each once; short ones only when there is nothing else."""
    every = list(dict.fromkeys(word.lower() for word in WORDS.findall(text.replace("\x00", " ")[:LONGEST_QUERY])))
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
    The articles that answer the text, of those that the person may read; five statements at most.

    :param service_id: articles of this service rank higher.
    :param without: keys of articles to leave out.
    :param only_shown: published ones only; False for those who work with articles and look for drafts too.
    """
    words = words_of(text)
    if not words:
        return Found()
    readable = _readable(user, without=without, only_shown=only_shown)
    exact = list(readable.filter(vector=wanted(words).query()).values_list("pk", flat=True)[:MOST_RANKED])
    meant: StandIns = {} if exact else vocabulary.stand_ins(words)
    close = _close(readable, words, meant) if meant else []
    some = _some(readable, words, meant, without=[*exact, *close]) if len(exact) + len(close) < limit else []
    said = [meant.get(word, [word])[0] for word in words]
    best = ranked(exact, close, some, said, service_id=service_id)[:limit]
    # Worked out from the score of the best: to ask for it would make PostgreSQL compare each spelling once more.
    versions = [each for each in best if each.likeness or each.score - each.bonus >= ALIKE]
    marker = Marker(words, (other for others in meant.values() for other in others))
    hits = [_hit(version, marker) for version in versions]
    return Found(words, hits, meant=_said_otherwise(words, meant, versions))


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


def _close(readable: QuerySet[ArticleVersion], words: list[str], meant: StandIns) -> list[int]:
    """
    Keys of versions that hold every word, or one that it may mean, wherever it stands. Words that are too short to be
    compared need not be there.
    """
    compared = [word for word in words if len(word) >= vocabulary.SHORTEST_WORD]
    asked = " & ".join(f"({' | '.join(map(_beginning, [word, *meant.get(word, [])]))})" for word in compared)
    found = readable.filter(vector=SearchQuery(asked, search_type="raw", config=CONFIG))
    return list(found.values_list("pk", flat=True)[:MOST_ALIKE])


def _some(readable: QuerySet[ArticleVersion], words: list[str], meant: StandIns, *, without: list[int]) -> list[int]:
    """Keys of versions that hold one of the words, or what it may mean, where they say what they are about."""
    asked = {other for word in words for other in [word, *meant.get(word, [])]}
    # The weight A stands for title and symptom.
    query = " | ".join(f"{_beginning(word)}{'' if len(word) >= SHORTEST_WORD else ':'}A" for word in sorted(asked))
    found = readable.filter(vector=SearchQuery(query, search_type="raw", config=CONFIG)).exclude(pk__in=without)
    return list(found.values_list("pk", flat=True)[:MOST_ALIKE])


def _beginning(word: str) -> str:
    """A word as PostgreSQL's query language asks for it; words are letters and digits only."""
    return f"'{word}':*" if len(word) >= SHORTEST_WORD else f"'{word}'"


def ranked(
    exact: list[int], close: list[int], some: list[int], words: list[str], *, service_id: int | None = None
) -> Any:
    """
    Versions in the order in which they answer: all words before words spelled alike before some of them, then by title
    and symptom, then by votes. `likeness` is 1 for all words, 0.5 for all spelled alike, 0 for some; `bonus` is what
    the score owes to neither words nor spelling.
    """
    covered = sum((TrigramWordSimilarity(word, "heading") for word in words), start=Value(0.0)) / Value(
        float(len(words))
    )
    helped = (F("article__helpful_count") + 1.0) / (F("article__vote_count") + 2.0)
    of_service: Any = Value(0.0)
    if service_id:
        of_service = Case(When(article__service=service_id, then=0.3), default=0.0, output_field=FloatField())
    return (
        ArticleVersion.objects.filter(pk__in=[*exact, *close, *some])
        .annotate(
            likeness=Case(
                When(pk__in=exact, then=1.0), When(pk__in=close, then=CLOSE), default=0.0, output_field=FloatField()
            ),
            bonus=ExpressionWrapper(helped * 0.3 + of_service, output_field=FloatField()),
        )
        .annotate(score=ExpressionWrapper(F("likeness") + F("bonus") + covered, output_field=FloatField()))
        .defer("vector", "sections", "cause", "fix")
        .select_related("article__service", "article__organization")
        .order_by("-score", "-article_id")
    )


def _said_otherwise(words: list[str], meant: StandIns, versions: list[Any]) -> str:
    """
    The words as the articles found spell them, without those that none of them has; empty when that changes nothing.

    A word that only other articles have is not said: it may be one that the reader is not to know of.
    """
    if not versions or not meant:
        return ""
    texts = [f"{version.title}\n{version.body[:READ_LETTERS]}".lower() for version in versions]
    spelled = []
    for word in words:
        candidates = [word, *meant.get(word, [])]
        spelled += [each for each in candidates if any(each in text for text in texts)][:1]
    return "" if spelled == words else " ".join(spelled)


def _hit(version: Any, marker: Marker) -> Hit:
    article: Article = version.article
    text = version.body[:READ_LETTERS]
    return Hit(
        article=article,
        version=version,
        title=marker.marked(version.title),
        piece=marker.marked(marker.piece(text)),
        has_all_words=version.likeness == 1.0,
    )
