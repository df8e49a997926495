"""Whole numbers in what a browser sent, which may be anything."""

from collections.abc import Iterable

KEY_DIGITS = 18
"""As many as a key of the database takes, whatever they are."""


def number_in(text: str | None, *, digits: int = KEY_DIGITS) -> int | None:
    """
    The number of at most `digits` digits that stands there, zero or more; None for anything else.

    Only 0 to 9 count: `isdigit` also finds “²”, of which no number can be made.
    """
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= digits else None


def version_in(text: str | None) -> int | None:
    """The version of a record that a page carried, as far as its column takes it; None for anything else."""
    return number_in(text, digits=9)


def numbers_in(texts: Iterable[str]) -> list[int]:
    """The keys among these texts, in their order; what is none is left out."""
    return [key for text in texts if (key := number_in(text)) is not None]
