"""What may stand in a vocabulary (docs/guide/vocabularies.md), typed into a form or written as a file."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.lookalikes import mixed_word_in, unseen_in
from common.plain_yaml import MOST_PROBLEMS, Node, Problem, Unreadable, read
from common.refusals import Refusal, Refused

from .terms import Language, languages

# Language, term, form, word.
Words = dict[str, dict[str, dict[str, str]]]
FORMAT = "1"
LONGEST_WORD = 60
LONGEST_NAME = 80
# What texts are made of, and what would make a placeholder, a tag or a code of a word.
_SIGNS_OF_TEXTS = frozenset('%{}<>&_\\`"')


class VocabularyRefused(Refused):
    """The file does not fit. Every problem that was found, with its path and line; nothing was kept."""

    status = 422

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(*(Refusal("vocabulary", str(each), "text") for each in problems))


@dataclass(frozen=True)
class File:
    """A vocabulary as a file says it."""

    name: str
    words: Words


def words_of(text: str | bytes) -> File:
    """
    The vocabulary in a file.

    :raises VocabularyRefused: it does not fit; every problem with its path and line.
    """
    try:
        root = read(text)
    except Unreadable as unreadable:
        raise VocabularyRefused([unreadable.problem]) from None
    check = _Check()
    file = check.file(root)
    if check.problems:
        raise VocabularyRefused(check.problems[:MOST_PROBLEMS])
    return file


def tidy(word: str) -> str:
    """A word on one line, in the usual form of its letters."""
    return unicodedata.normalize("NFC", " ".join(word.split()))


def why_not(word: str) -> str:
    """Why this can't be said for a term; empty where it can."""
    if len(word) > LONGEST_WORD:
        return _("At most %(limit)d characters fit here. Shorten it.") % {"limit": LONGEST_WORD}
    if unseen := unseen_in(word):
        return _("It holds a sign that nobody sees (%(code)s). Take it out.") % {"code": unseen}
    if sign := next((sign for sign in word if sign in _SIGNS_OF_TEXTS), ""):
        return _("“%(sign)s” does not fit into texts. Write the word without it.") % {"sign": sign}
    if not any(sign.isalpha() for sign in word):
        return _("A word has at least one letter.")
    if mixed := mixed_word_in(word):
        return _("“%(word)s” mixes letters of scripts that look alike. Write it in one script.") % {"word": mixed}
    return ""


class _Check:
    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, path: str, line: int, message: str) -> None:
        self.problems.append(Problem(path, line, message))

    def file(self, root: Node) -> File:
        given = dict(self.named(root, ""))
        for name in sorted({"format", "name", "words"} - set(given)):
            self.refuse("", root.line, _("“%(name)s” is missing.") % {"name": name})
        for name in set(given) - {"format", "name", "words"}:
            known = {"name": name[:60], "known": "format, name, words"}
            self.refuse(name[:60], given[name].line, _("“%(name)s” is not known here. Known: %(known)s.") % known)
        if "format" in given and given["format"].value != FORMAT:
            self.refuse("format", given["format"].line, _("Only format 1 is known."))
        name = self.text(given["name"], "name") if "name" in given else ""
        if len(name) > LONGEST_NAME:
            limit = {"limit": LONGEST_NAME}
            self.refuse("name", given["name"].line, _("At most %(limit)d characters fit here.") % limit)
        found: Words = {}
        for code, node in self.named(given["words"], "words") if "words" in given else ():
            language = languages().get(code)
            if language is None:
                self.unknown(f"words.{code[:20]}", node.line, code, languages())
                continue
            found[code] = dict(self.terms(language, node, f"words.{code}"))
        return File(name, found)

    def terms(self, language: Language, node: Node, path: str) -> Iterator[tuple[str, dict[str, str]]]:
        for key, each in self.named(node, path):
            term, here = language.terms.get(key), f"{path}.{key[:60]}"
            if term is None:
                self.unknown(here, each.line, key, language.terms)
                continue
            forms = {}
            for form, said in self.named(each, here):
                if form not in term.forms:
                    self.unknown(f"{here}.{form[:60]}", said.line, form, term.forms)
                    continue
                word = tidy(self.text(said, f"{here}.{form}"))
                if word and (reason := why_not(word)):
                    self.refuse(f"{here}.{form}", said.line, reason)
                forms[form] = word
            for form in term.forms:
                if form not in forms:
                    self.refuse(here, each.line, _("“%(name)s” is missing.") % {"name": form})
            yield key, forms

    def unknown(self, path: str, line: int, name: str, known: Mapping[str, object]) -> None:
        said = {"name": name[:60], "known": ", ".join(known)}
        self.refuse(path, line, _("“%(name)s” is not known here. Known: %(known)s.") % said)

    def named(self, node: Node, path: str) -> Iterator[tuple[str, Node]]:
        if isinstance(node.value, dict):
            yield from node.value.items()
        else:
            self.refuse(path, node.line, _("Here must stand names with values."))

    def text(self, node: Node, path: str) -> str:
        if not isinstance(node.value, str):
            self.refuse(path, node.line, _("Here must stand a text."))
            return ""
        if not node.value.strip():
            self.refuse(path, node.line, _("The text is empty."))
        return tidy(node.value)
