"""What is wrong with a query: where it stands, a sentence, and what may have been meant."""

from typing import Any


class QueryProblem(Exception):
    """
    A query was not understood; nothing was searched.

    :param start, end: the part of the text it is about, as character positions.
    :param suggestion: what could stand there instead; empty when nothing comes close.
    """

    def __init__(self, message: Any, *, start: int, end: int, suggestion: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.suggestion = suggestion

    def repaired(self, text: str) -> str:
        """The text with the suggestion in the place of the term; without the term when there is none."""
        return " ".join((text[: self.start] + self.suggestion + text[self.end :]).split())
