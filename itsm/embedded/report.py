"""What `make run` tells the person at the keyboard: each step with its seconds, and sentences in between."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Report:
    """
    The terminal, written to by one step at a time.

    A terminal that was closed, or a file on a full disk, takes nothing any more. That must not keep anybody from
    running or from stopping in order, so what cannot be told is dropped.
    """

    def __init__(self) -> None:
        self._line_is_open = False

    def say(self, sentence: str = "") -> None:
        """Write a line of its own, also in the middle of a step."""
        self._write(f"{sentence}\n")

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Name what begins now; add the seconds when it is done."""
        started = time.monotonic()
        self._write(f"  {name:<32}", keep_open=True)
        yield
        seconds = f"{time.monotonic() - started:6.1f} s"
        self._write_rest(seconds, name)

    def _write(self, text: str, *, keep_open: bool = False) -> None:
        _tell(f"\n{text}" if self._line_is_open else text)
        self._line_is_open = keep_open

    def _write_rest(self, seconds: str, name: str) -> None:
        _tell(f"{seconds}\n" if self._line_is_open else f"  {name:<32}{seconds}\n")
        self._line_is_open = False


def _tell(text: str) -> None:
    with suppress(OSError):
        sys.stdout.write(text)
        sys.stdout.flush()
