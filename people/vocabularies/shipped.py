"""The vocabularies that come with the product."""

from functools import cache
from pathlib import Path

from .checking import Words, words_of
from .terms import languages

FOLDER = Path(__file__).parent / "shipped"
# Says every term as the texts have it, so that nothing beneath it shines through.
OF_THE_TEXTS = "itil4"


def text_of(slug: str) -> str:
    """The file as it is written. :raises FileNotFoundError: none of this name comes with the product."""
    return (FOLDER / f"{slug}.yaml").read_text(encoding="utf-8")


@cache
def shipped_words(slug: str) -> Words:
    """The words of a shipped vocabulary; none for one that an earlier version of the product brought along."""
    if slug == OF_THE_TEXTS:
        return {
            code: {term.key: dict(term.forms) for term in language.terms.values()}
            for code, language in languages().items()
        }
    try:
        return words_of(text_of(slug)).words
    except FileNotFoundError:
        return {}
