"""A piece of a text with what was searched for marked in it, as safe HTML."""

import re
from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString

from .queries import marked

SHORTEST_WORD = 3
PIECE_BEFORE, PIECE_LETTERS = 60, 220
WORDS = re.compile(r"\w+")
_START, _STOP = "\ue000", "\ue001"
_SIGNS = re.compile(r"[*`#]+|(?<=\s)>\s|\]\([^)\s]*\)|\[(?=\w)")  # of Markdown, which a piece of text is better without


class Marker:
    """
    Marks the words that were searched for. One is made for a search: it remembers which words are meant.

    :param words: as they were typed. :param meant: other spellings of these, of which the beginning counts as well.
    """

    def __init__(self, words: Sequence[str], meant: Iterable[str] = ()) -> None:
        self._begun = tuple({*words, *meant})
        self._alike = [_trigrams(word) for word in words if len(word) > SHORTEST_WORD]
        self._known: dict[str, bool] = {}

    def marked(self, text: str) -> SafeString:
        """The text as safe HTML with marks around words that are meant, or spelled like one."""
        text = text.replace(_START, "").replace(_STOP, "")
        return marked(WORDS.sub(self._mark, text))

    def piece(self, text: str) -> str:
        """A stretch of the text around the first word that is meant."""
        flat = _SIGNS.sub("", " ".join(text.split()))
        first = next((match.start() for match in WORDS.finditer(flat) if self._begins(match[0].lower())), 0)
        begin = max(0, first - PIECE_BEFORE)
        if begin:
            begin = flat.find(" ", begin) + 1
        found = flat[begin : begin + PIECE_LETTERS]
        if begin + PIECE_LETTERS < len(flat):
            found = found.rpartition(" ")[0] + " …"
        return f"… {found}" if begin else found

    def _mark(self, match: re.Match[str]) -> str:
        word = match[0].lower()
        is_meant = self._known.get(word)
        if is_meant is None:
            is_meant = self._known[word] = self._begins(word) or self._looks_alike(word)
        return f"{_START}{match[0]}{_STOP}" if is_meant else match[0]

    def _begins(self, word: str) -> bool:
        return any(word.startswith(each) if len(each) >= SHORTEST_WORD else word == each for each in self._begun)

    def _looks_alike(self, word: str) -> bool:
        if len(word) <= SHORTEST_WORD:
            return False
        ours = _trigrams(word)
        return any(2 * len(ours & theirs) >= len(ours | theirs) for theirs in self._alike)


def _trigrams(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
