"""The query language of the queue: parse, compile, render. See `docs/guide/queries.md` for people."""

from .ast import Query, Sort, Term, Value, Words, render
from .compile import Compiled, compile_query
from .moments import Clock
from .parser import parse
from .problems import QueryProblem
from .scene import Scene

__all__ = [
    "Clock",
    "Compiled",
    "Query",
    "QueryProblem",
    "Scene",
    "Sort",
    "Term",
    "Value",
    "Words",
    "compile_query",
    "parse",
    "render",
]
