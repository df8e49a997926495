"""Helpers of the tests of measures."""

from datetime import date


def day(text: str) -> date:
    return date.fromisoformat(text)
