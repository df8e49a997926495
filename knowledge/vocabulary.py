"""
Words that are spelled almost like one that somebody typed.

Comparing the spelling of whole texts is dear, so every word of the articles stands once in a table of its own. A few
dozen that share letters come out of its index; how many letters must be changed decides among these. Changing the
places of two neighbors counts as one change, for that is what fingers do.
"""

from collections.abc import Iterable

from django.db import connection

from .models import ArticleVersion
from .models.vocabulary import LONGEST_WORD

SHORTEST_WORD, LONG_WORD = 4, 8
COMPARED = 20
MOST_ALIKE = 4

# `%%` takes words that share 30% of their three-letter pieces, PostgreSQL's default, which the index answers.
_SIMILAR = """
    SELECT typed.text, near.text FROM unnest(%s::text[]) AS typed(text) CROSS JOIN LATERAL (
        SELECT w.text FROM knowledge_word w WHERE w.text %% typed.text
        ORDER BY similarity(w.text, typed.text) DESC, w.text LIMIT %s) near
"""
# In the order of the words, so that two who write at once do not wait for each other.
_LEARN = """
    INSERT INTO knowledge_word (text)
    SELECT word FROM unnest((SELECT tsvector_to_array(vector) FROM knowledge_articleversion WHERE id = %s)) AS word
    WHERE length(word) BETWEEN %s AND %s AND word !~ '[[:digit:][:punct:][:space:]]'
        AND NOT EXISTS (SELECT 1 FROM knowledge_word known WHERE known.text = word)
    ORDER BY word ON CONFLICT DO NOTHING
"""
_FORGET = """
    DELETE FROM knowledge_word
    WHERE text NOT IN (SELECT word FROM ts_stat('SELECT vector FROM knowledge_articleversion'))
"""


def learn(version: ArticleVersion) -> None:
    """Take in the words of a version that was saved. Numbers, codes and very short words are spelled right or not."""
    with connection.cursor() as cursor:
        cursor.execute(_LEARN, [version.pk, SHORTEST_WORD, LONGEST_WORD])


def forget_unused() -> int:
    """Remove the words that no version has any more. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
        return cursor.rowcount


def stand_ins(words: Iterable[str]) -> dict[str, list[str]]:
    """
    For each word what it may mean, the likeliest first: itself where an article has it, then what is spelled almost
    like it. Words that nothing is like are left out. One statement.
    """
    typed = [word for word in words if SHORTEST_WORD <= len(word) <= LONGEST_WORD]
    if not typed:
        return {}
    near: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SIMILAR, [typed, COMPARED])
        for word, other in cursor.fetchall():
            near.setdefault(word, []).append(other)
    found = {}
    for word, others in near.items():
        ranked = sorted((changes(word, other), at, other) for at, other in enumerate(others))
        meant = [other for count, _at, other in ranked if count <= _forgiven(word)]
        if meant:
            found[word] = meant[:MOST_ALIKE]
    return found


def _forgiven(word: str) -> int:
    return 2 if len(word) >= LONG_WORD else 1


def changes(one: str, other: str) -> int:
    """How many letters are added, left out, replaced, or have changed places with their neighbor."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        before, above, row = row, before, [at]
        for place, theirs in enumerate(other, start=1):
            least = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != theirs))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == theirs:
                least = min(least, above[place - 2] + 1)
            row.append(least)
    return row[-1]
