"""
Other words for terms in texts that are ready to be read: “an incident” becomes “a disruption”, “Incidents”
“Disruptions”.

Works on sentences of the program, never on what people typed. What is no word of the sentence stays as it is:
placeholders, tags, codes, addresses, and phrases in which the word does not mean the term (“change your password”).
"""

import re
from collections.abc import Iterable, Mapping

# What a text holds beside words: placeholders of Python and of scripts, tags and what is set as code, entities,
# addresses, and names that the query language, the log and the API read.
_NO_WORDS = r"""
    %+\(\w+\)[a-zA-Z] | %[a-zA-Z%] | \{[^{}]*\}
  | <(?:code|kbd|pre)\b[^>]*>.*?</(?:code|kbd|pre)> | <[^<>]*> | &\#?\w+;
  | (?<![\w)])/[\w/.?=&-]+ | \w+:(?=\w)\S* | \w*_\w+ | \w+\.\w[\w.]*(?<!\.) | \w+@\w\S*
"""
_ARTICLE = r"(?:(?P<article>\ban?)(?P<gap>\s+))?"
_SOUNDS_LIKE_A_CONSONANT = re.compile(r"(?:uni(?![mn])|use|usa|usu|ut[ie]|eu|one\b|once)", re.IGNORECASE)
_SILENT_H = re.compile(r"(?:hour|honest|honor|heir)", re.IGNORECASE)
# Letters whose names begin with a vowel: an SLA, an MIR, but a UPS.
_NAMED_WITH_A_VOWEL = frozenset("AEFHILMNORSX")


class Wording:
    """Replaces terms by other words, in one language."""

    def __init__(
        self,
        forms: Mapping[str, str],
        *,
        unless: Mapping[str, Iterable[str]] | None = None,
        has_articles: bool = False,
    ) -> None:
        """
        :param forms: each form of a term as the texts have it, with the one to say instead; the longest that fits is
            taken, so that one which stands for itself keeps shorter ones out.
        :param unless: phrases in which a form means something else and stays.
        :param has_articles: the language has “a” and “an”.
        """
        self._words = {form.casefold(): word for form, word in forms.items()}
        self._unless = {
            form.casefold(): re.compile("|".join(rf"\b{_flexible(phrase)}\b" for phrase in phrases), re.IGNORECASE)
            for form, phrases in (unless or {}).items()
            if phrases
        }
        terms = "|".join(_flexible(form) for form in sorted(self._words, key=len, reverse=True))
        self._found = re.compile(
            rf"(?P<kept>{_NO_WORDS})|{_ARTICLE if has_articles else ''}(?<![\w-])(?P<term>{terms})(?!-?\w)",
            re.IGNORECASE | re.VERBOSE | re.DOTALL,
        )
        self._has_articles = has_articles

    def reword(self, text: str) -> str:
        """The text with the other words in it."""
        return self._found.sub(self._replaced, text) if self._words else text

    def _replaced(self, match: re.Match[str]) -> str:
        term = match["term"]
        if term is None:
            return match[0]
        form = " ".join(term.split()).casefold()
        if form in self._unless and self._means_something_else(form, match):
            return match[0]
        word = self._words[form]
        if not _is_initialism(term) or _begins_a_sentence(match):
            word = _cased(word, term)
        article = match["article"] if self._has_articles else None
        return word if not article else _cased(article_of(word), article) + match["gap"] + word

    def _means_something_else(self, form: str, match: re.Match[str]) -> bool:
        start, end = match.span("term")
        phrases = self._unless[form].finditer(match.string)
        return any(phrase.start() <= start and end <= phrase.end() for phrase in phrases)


def article_of(word: str) -> str:
    """“a” or “an”, by how the word sounds in English as far as its letters tell."""
    first = re.split(r"[ /]", word, maxsplit=1)[0]
    if len(first) > 1 and first.isupper():
        return "an" if first[0] in _NAMED_WITH_A_VOWEL else "a"
    if _SILENT_H.match(first):
        return "an"
    return "an" if first[:1].lower() in "aeiou" and not _SOUNDS_LIKE_A_CONSONANT.match(first) else "a"


def _is_initialism(term: str) -> bool:
    """Its capitals say nothing about where it stands: “kept by SLA” is “kept by agreement”."""
    return len(term) > 1 and term.isupper()


def _begins_a_sentence(match: re.Match[str]) -> bool:
    before = match.string[: match.start("term")].rstrip()
    return not before or before[-1] in ".:!?>“"


def _cased(word: str, like: str) -> str:
    """The word with a capital where what it stands for has one; capitals of its own stay."""
    return word[:1].upper() + word[1:] if like[:1].isupper() else word


def _flexible(form: str) -> str:
    """A pattern for words that any blanks part, as they do over lines of a template."""
    return r"\s+".join(re.escape(part) for part in form.split())
