"""
Near text: how alike two subjects are, for any language, in spite of typing errors. Pure.

A subject becomes a set of features: three-letter pieces of its words, and whole words where they hold a digit, since
“floor 3” and “floor 4” are not almost the same. A feature weighs the more the rarer it is among all subjects looked at,
so that “problem with” says little and “gateway” much.
"""

import math
import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_SLOTS = 1 << 20
# Below so many subjects nobody can tell which features are common; they weigh nearly alike then.
ENOUGH_SUBJECTS = 1_000
# Rarer than one in a hundred is rare: otherwise a single typing error would outweigh the rest of its subject.
HEAVIEST = math.log(100)
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Features:
    """What a subject says: features with their weights, and the sum of these."""

    weights: dict[int, float]
    total: float


def words_of(text: str) -> list[str]:
    """
    The words of a subject, without case, accents and punctuation; 40 at most.

    The log of a machine may bring subjects of one word without end: a word is cut at 40 characters.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    return [word[:LONGEST] for word in _WORD.findall(plain)[:LONGEST]]


def has_digit(word: str) -> bool:
    return _DIGIT.search(word) is not None


def pieces_of(word: str) -> list[str]:
    """The features of one word."""
    if has_digit(word):
        return [f"#{word}"]
    padded = f" {word} "
    return [padded[at : at + 3] for at in range(len(padded) - 2)]


def keys_of(words: Iterable[str]) -> frozenset[int]:
    """The features of a subject as numbers that are the same in every process."""
    return frozenset(zlib.crc32(piece.encode()) for word in words for piece in pieces_of(word))


def _slot(word: str) -> int:
    return zlib.crc32(word.encode()) % _SLOTS


class Weights:
    """
    How much each feature says, from how many subjects hold it.

    Subjects that are the same count once, so that a flood of one does not make its words worthless. Counts are kept in
    a table of fixed size, so that memory does not grow with them; two features may share a slot and then weigh a little
    less than they should.
    """

    def __init__(self) -> None:
        self._counts = np.zeros(_SLOTS, dtype=np.uint32)
        self._numbers = np.zeros(_SLOTS, dtype=np.uint32)
        self._seen: set[int] = set()
        self._known: dict[int, float] = {}

    def count(self, words: Sequence[str]) -> None:
        """Take in the subject of one record."""
        for word in filter(has_digit, words):
            self._numbers[_slot(word)] += 1
        mark = hash(tuple(words))
        if mark in self._seen:
            return
        self._seen.add(mark)
        for key in keys_of(words):
            self._counts[key % _SLOTS] += 1

    def is_chance(self, word: str) -> bool:
        """Whether it is a number that one record alone has, such as a ticket's or a moment's."""
        return has_digit(word) and self._numbers[_slot(word)] <= 1

    def of(self, key: int) -> float:
        known = self._known.get(key)
        if known is None:
            if len(self._known) > _SLOTS:
                self._known.clear()
            ratio = max(len(self._seen), ENOUGH_SUBJECTS) / max(int(self._counts[key % _SLOTS]), 1)
            known = self._known[key] = min(max(math.log(ratio), 0.0), HEAVIEST)
        return known

    def features(self, keys: frozenset[int]) -> Features:
        """The features that say anything, with their weights."""
        weighed = ((key, self.of(key)) for key in keys)
        weights = {key: weight for key, weight in weighed if weight > 0.0}
        return Features(weights, sum(weights.values()))


def likeness(one: Features, other: Features) -> float:
    """The weight of what both hold over the weight of what either holds: 0 to 1. Nothing at all is like nothing."""
    small, large = (one, other) if len(one.weights) <= len(other.weights) else (other, one)
    shared = sum([weight for key, weight in small.weights.items() if key in large.weights])
    whole = one.total + other.total - shared
    return min(shared / whole, 1.0) if whole else 0.0


class Signer:
    """
    Short signatures that are alike where feature sets are alike (MinHash), to find candidates without comparing all.

    Two sets that share half of their features meet in at least one band with a probability of 94%, a third: 54%,
    a tenth: 2%.
    """

    BANDS, ROWS = 21, 3

    def __init__(self, seed: int = 20_000) -> None:
        draw = np.random.default_rng(seed)
        many = self.BANDS * self.ROWS
        self._factors = draw.integers(1, 1 << 63, size=(many, 1), dtype=np.uint64) | np.uint64(1)
        self._shifts = draw.integers(0, 1 << 63, size=(many, 1), dtype=np.uint64)

    def bands(self, keys: Sequence[int]) -> list[bytes]:
        """One short key for each band; none for no features."""
        if not keys:
            return []
        numbers = np.array(keys, dtype=np.uint64)
        least = ((self._factors * numbers + self._shifts) >> np.uint64(32)).min(axis=1).astype(np.uint32)
        told = least.reshape(self.BANDS, self.ROWS)
        return [bytes([at]) + told[at].tobytes() for at in range(self.BANDS)]
