"""
In which words the program speaks at the moment: a vocabulary laid over the active language.

All text of the program goes through gettext; here stands what answers it while a vocabulary is spoken. It asks the
catalogs of the language first and puts other words into what they say. Formats, directions and language tags are those
of the language.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import trans_real

from .wording import Wording

# More than there are texts; a program that asked gettext for what people typed would fill memory otherwise.
MOST_KEPT = 30_000
_CONTEXT_SEPARATOR = "\x04"
# Who answers gettext: local to the thread and, in asynchronous code, to the task.
_speaker: Any = trans_real._active  # type: ignore[attr-defined] # not public; docs/adr/0015 says why it is used


class Remembered:
    """A language as its catalogs have it, each text looked up once: Django asks two catalogs, every time."""

    def __init__(self, language: str) -> None:
        self._catalogs = trans_real.translation(language)
        self._said: dict[str, str] = {}

    def gettext(self, message: str) -> str:
        said = self._said.get(message)
        return said if said is not None else _keep(self._said, message, self._catalogs.gettext(message))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._catalogs, name)


_remembered = cache(Remembered)


class Spoken(Remembered):
    """
    A translation that says the words of a vocabulary. Shared by all threads: what it keeps is the same whoever asked.

    :ivar name: language and vocabulary, for keys of caches.
    """

    def __init__(self, language: str, vocabulary: str, wording: Wording) -> None:
        super().__init__(language)
        self._wording = wording
        self._counted: dict[str, str] = {}
        self.name = f"{language} {vocabulary}"

    def gettext(self, message: str) -> str:
        said = self._said.get(message)
        if said is None:
            found = self._catalogs.gettext(message)
            said = _keep(self._said, message, self._wording.reword(found.rpartition(_CONTEXT_SEPARATOR)[2]))
        return said

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        found = self._catalogs.ngettext(singular, plural, number)
        if _CONTEXT_SEPARATOR in found:
            # Not translated in this context; Django asks once more without it.
            return str(found)
        return self._counted.get(found) or _keep(self._counted, found, self._wording.reword(found))


def _keep(kept: dict[str, str], message: str, said: str) -> str:
    if len(kept) < MOST_KEPT:
        kept[message] = said
    return said


@contextmanager
def speaking(spoken: Spoken | str) -> Iterator[None]:
    """
    Speak so until the end: a vocabulary, or a language as its catalogs have it.

    Django's `override` would come back to the language alone, so that whatever follows on a page lost its words.
    """
    before = getattr(_speaker, "value", None)
    _speaker.value = spoken if isinstance(spoken, Spoken) else _remembered(spoken)
    try:
        yield
    finally:
        if before is None:
            translation.deactivate()
        else:
            _speaker.value = before


def plainly() -> AbstractContextManager[None]:
    """A context in which the active language speaks without a vocabulary: for files and rows, which are data."""
    return speaking(translation.get_language() or settings.LANGUAGE_CODE)


def is_reworded() -> bool:
    """Whether a vocabulary is spoken now."""
    return isinstance(getattr(_speaker, "value", None), Spoken)


def current() -> str:
    """What is spoken now, for keys of caches: language, and vocabulary if there is one."""
    active = getattr(_speaker, "value", None)
    return active.name if isinstance(active, Spoken) else translation.get_language() or ""
