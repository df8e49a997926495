"""
The terms of each language that a vocabulary can say otherwise, read from `terms/<language>.yaml`.

Forms are what a language needs: English has `one` and `many`, another may have cases. A vocabulary gives the same
forms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "terms"


@dataclass(frozen=True)
class Term:
    """:ivar forms: name of the form with how texts have it. :ivar unless: phrases in which it is no such term."""

    key: str
    forms: Mapping[str, str]
    unless: tuple[str, ...]


@dataclass(frozen=True)
class Language:
    code: str
    has_articles: bool
    terms: Mapping[str, Term]


@cache
def languages() -> Mapping[str, Language]:
    """Every language with known terms, by its code. Read once in a process: the files are part of the program."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.yaml"))}


def language_of(code: str) -> Language | None:
    """Those of `de` for `de-at`, None for a language whose terms nobody has written down."""
    return languages().get(code) or languages().get(code.partition("-")[0])


def _read(path: Path) -> Language:
    given = yaml.safe_load(path.read_text(encoding="utf-8"))
    terms = {}
    for key, said in given["terms"].items():
        forms = {name: form for name, form in said.items() if name != "unless"}
        terms[key] = Term(key, forms, tuple(said.get("unless", ())))
    return Language(path.stem, bool(given["has_articles"]), terms)
