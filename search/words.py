"""From what people type to what PostgreSQL searches: every word, the last one also as a beginning."""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from people.access import Access

CONFIG = "simple"
MOST_WORDS = 12
_WORD = re.compile(r"\w")
SHORTEST_BEGINNING = 3


@dataclass(frozen=True)
class Wanted:
    """Words and phrases that a document must hold."""

    texts: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.texts

    def query(self, *, is_typing: bool = True) -> SearchQuery:
        """
        The query for `vector @@ query`. Text becomes quoted lexemes; none of it is read as an operator.

        :param is_typing: the last word may go on.
        """
        parts = [_phrase(text) for text in self.texts]
        if is_typing and len(self.texts[-1]) >= SHORTEST_BEGINNING and " " not in self.texts[-1]:
            parts[-1] += ":*"
        return SearchQuery(" & ".join(parts), search_type="raw", config=CONFIG)


def _phrase(text: str) -> str:
    """A quoted text: PostgreSQL cuts it into words and asks for them side by side."""
    return "'" + text.replace("\\", " ").replace("'", "''") + "'"


def wanted(texts: list[str]) -> Wanted:
    """Leave out what holds no letter and no digit, and more than 12 words."""
    return Wanted(tuple(text.replace("\x00", "")[:200] for text in texts if _WORD.search(text))[:MOST_WORDS])


def readable(access: Access) -> Q:
    """The documents that a person may search: public ones, and internal ones where they may read work notes."""
    notes = access.rows("record.read_notes", own=Q(pk__in=[]), organization="record__organization")
    return Q(is_public=True) | notes if notes else Q()
