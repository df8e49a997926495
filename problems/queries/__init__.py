"""Reads about problems that need the database."""

from .facts import ProblemFacts

__all__ = ["ProblemFacts"]
