"""The guide to vocabularies names the terms that there are."""

import re
from pathlib import Path

from people.vocabularies.terms import languages

PAGE = (Path(__file__).parents[2] / "docs/guide/vocabularies.md").read_text()


def test_the_terms_are_those_of_the_page():
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]*) ?\|$", PAGE.partition("## The terms")[2], re.MULTILINE)
    told = {key: {"one": one.strip()} | ({"many": many.strip()} if many.strip() else {}) for key, one, many in rows}

    assert told == {key: dict(term.forms) for key, term in languages()["en"].terms.items()}
