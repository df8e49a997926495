"""Items out of a file: read it, check every row, then write all of it at once or nothing."""

from .acts import apply, begin, check, discard, order
from .reading import MOST_BYTES, MOST_ROWS, Unreadable

__all__ = ["MOST_BYTES", "MOST_ROWS", "Unreadable", "apply", "begin", "check", "discard", "order"]
