"""
How long it takes to find articles by words spelled right, spelled wrong, and spelled wrong in the text alone.

    python -m benchmarks.articles                        5,000 articles
    python -m benchmarks.articles --articles 500 --plan  fewer; shows the plans of the slowest question
"""

import argparse
import random
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from . import words
from .known_errors import fill_records

TARGET_MS = 50
ASKED = 200
WORDS = 20_000
WORDS_AN_ARTICLE = 180
PUBLISHED = {"kind": "article", "state": "published", "phase": "open"}


def main() -> None:
    """Fill a throwaway database, ask, and print the 50th and 95th percentile."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.articles", description=__doc__.split("\n\n")[0].strip())
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--plan", action="store_true", help="print the plans of the slowest question")
    asked = parser.parse_args()
    from . import place

    with place.throwaway(keep=False):
        place.prepare()
        # Only now do the settings name the benchmark's database.
        from django.db import connection
        from django.utils.timezone import now

        from knowledge.models import Word

        from . import world

        at = now()
        house = world.make(at=at)
        _fill(house, asked.articles, at)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
        print(f"{asked.articles:,} articles, {Word.objects.count():,} words")
        slowest = (0.0, "")
        for name, took, cpu, found in _ask(house):
            slowest = max(slowest, took[-1])
            half, most = took[len(took) // 2][0], took[int(len(took) * 0.95)][0]
            verdict = "" if half <= TARGET_MS else "  MISSED"
            print(
                f"{name:<24} p50 {half:6.1f} ms of {TARGET_MS}   p95 {most:6.1f} ms   processor {cpu:5.1f} ms"
                f"   found {found}%{verdict}"
            )
        if asked.plan:
            _explain(slowest[1], house)


def _ask(house: Any) -> list[tuple[str, list[tuple[float, str]], float, int]]:
    """
    The times in order, each with what was asked; the mean time of the processor, here and in the database, which does
    not depend on what else the machine does; and how many percent found anything.
    """
    from django.db import connection

    from knowledge import finding

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    draw = random.Random(5)
    makers = {
        "spelled right": lambda: f"{draw.choice(words.SUBJECTS)} {words.word(draw.randrange(400))}",
        "one word wrong, title": lambda: f"{_wrong(draw, draw.choice(words.SUBJECTS))} {draw.choice(words.PLACES)}",
        "one word wrong, text": lambda: _wrong(draw, _long_word(draw)),
        "two words wrong, text": lambda: f"{_wrong(draw, _long_word(draw))} {_wrong(draw, _long_word(draw))}",
        "subject of a ticket": lambda: f"{draw.choice(words.SUBJECTS)} {draw.choice(words.PLACES)}, {_long_word(draw)}",
        "nothing like it": lambda: f"xq{draw.randrange(10**6)} wyrvk qxzzt",
    }
    found = []
    for name, make in makers.items():
        took, hits = [], 0
        cpu = thread_time() * 1000 + _on_processor_ms(backend)
        for _turn in range(ASKED):
            text = make()
            begin = perf_counter()
            hits += bool(finding.find(house.agent, text).hits)
            took.append(((perf_counter() - begin) * 1000, text))
        cpu = thread_time() * 1000 + _on_processor_ms(backend) - cpu
        found.append((name, sorted(took), cpu / ASKED, hits * 100 // ASKED))
    return found


def _on_processor_ms(schedule: Path) -> float:
    """How long a process of this machine has had a processor; 0 where nobody says."""
    return int(schedule.read_text().split()[0]) / 1e6 if schedule.exists() else 0.0


def _long_word(draw: random.Random) -> str:
    return words.word(draw.randrange(500, WORDS))


def _wrong(draw: random.Random, text: str) -> str:
    """The text with two neighbors of its longest word changed, or one letter of it left out."""
    word = max(text.split(), key=len)
    at = draw.randrange(1, len(word) - 1)
    if draw.random() < 0.5:
        wrong = word[:at] + word[at + 1 :]
    else:
        wrong = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return text.replace(word, wrong)


def _fill(house: Any, count: int, at: datetime) -> None:
    from django.db import connection

    from knowledge.models import Article, ArticleVersion

    draw = random.Random(7)
    keys = fill_records(house, Article, same=PUBLISHED, count=count, at=at)
    weights = [1 / (rank + 3) for rank in range(WORDS)]
    vocabulary = [words.word(number) for number in range(WORDS)]
    titles = dict(Article.objects.values_list("pk", "title"))
    versions = []
    for key in keys:
        text = " ".join(draw.choices(vocabulary, weights, k=WORDS_AN_ARTICLE))
        version = ArticleVersion(
            article_id=key,
            number=1,
            title=titles[key],
            symptom=text[:120],
            cause=text[120:400],
            fix=text[400:],
            started_at=at - timedelta(days=2),
            saved_at=at - timedelta(days=1),
            published_at=at,
        )
        version.index_words()
        versions.append(version)
    ArticleVersion.objects.bulk_create(versions, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE knowledge_article a SET published_id = v.id, published_at = v.published_at, audience = 'public',"
            " review_date = '2100-01-01', slug = 'article-' || v.article_id"
            " FROM knowledge_articleversion v WHERE v.article_id = a.record_ptr_id"
        )
        cursor.execute(
            "INSERT INTO knowledge_word SELECT word FROM ts_stat('SELECT vector FROM knowledge_articleversion')"
            " WHERE length(word) BETWEEN 4 AND 40 AND word !~ '[[:digit:][:punct:][:space:]]'"
        )


def _explain(text: str, house: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from knowledge import finding

    with CaptureQueriesContext(connection) as said:
        finding.find(house.agent, text)
    for each in said.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + each["sql"])
            print(f"\n{each['sql'][:300]}")
            print("\n".join(row[0] for row in cursor.fetchall()))


if __name__ == "__main__":
    main()
