"""Vocabularies as pages show them: what they say otherwise, and how texts read with them."""

from django.utils.translation import get_language, gettext_lazy

from common.speech import Spoken, speaking
from people.models import Vocabulary
from people.vocabularies.checking import Words
from people.vocabularies.layers import wording_of
from people.vocabularies.shipped import shipped_words
from people.vocabularies.terms import language_of

# Texts of other pages in which many terms stand, singular and plural, with and without an article.
SAMPLES = (
    gettext_lazy("New ticket"),
    gettext_lazy("Incidents"),
    gettext_lazy("Major incidents"),
    gettext_lazy("Problems"),
    gettext_lazy("Known errors"),
    gettext_lazy("Changes"),
    gettext_lazy("Releases"),
    gettext_lazy("Improvements"),
    gettext_lazy("Configuration"),
    gettext_lazy("Improvement that needs a change"),
    gettext_lazy("Incident restored through a change"),
    gettext_lazy("Service request approval"),
    gettext_lazy("The requester does not know what you wait for. Write them a question, then hold."),
)


def words_of(vocabulary: Vocabulary) -> Words:
    return shipped_words(vocabulary.slug) if vocabulary.is_shipped else vocabulary.words


def other_words(words: Words) -> list[tuple[str, str]]:
    """Terms of the active language with what is said for them, as far as it differs; in the first of their forms."""
    language = language_of(get_language() or "")
    if language is None:
        return []
    said = words.get(language.code, {})
    pairs = []
    for term in language.terms.values():
        form, source = next(iter(term.forms.items()))
        word = said.get(term.key, {}).get(form)
        if word and word != source:
            pairs.append((source, word))
    return pairs


def preview(words: Words) -> list[tuple[str, str]]:
    """Texts as they stand and as they read in these words, over those of the installation, where the two differ."""
    default = Vocabulary.objects.filter(is_default=True).first()
    beneath = [words_of(default)] if default is not None else []
    language = get_language() or ""
    wording = wording_of(language, [words, *beneath])
    with speaking(language):
        plain = [str(text) for text in SAMPLES]
    with speaking(language if wording is None else Spoken(language, "preview", wording)):
        read = [str(text) for text in SAMPLES]
    return [(before, after) for before, after in zip(plain, read, strict=True) if before != after]
