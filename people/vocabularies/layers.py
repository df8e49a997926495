"""
Who speaks which words: the person's vocabulary over that of their organization over that of the installation.

What a vocabulary does not say is taken from the one beneath it, and at last from the texts, which speak ITIL 4. The
layers of whoever signed in come with the row of the person, so that a page costs no query for them.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat

from common.speech import Spoken, speaking
from common.wording import Wording

from ..models import User, Vocabulary
from .checking import Words
from .shipped import shipped_words
from .terms import language_of

# What was made of a vocabulary stays right for this stamp: its key and the version of its words.
Stamp = str
_STAMP = Concat(Cast("pk", TextField()), Value(":"), Cast("version", TextField()), output_field=TextField())
# Stands in the statement for the key; no other value of it is below zero.
_NOBODY = -1
OWN_WORDS_KEPT = 64
SPOKEN_KEPT = 128


def with_layers(people: QuerySet[User]) -> QuerySet[User]:
    """The people with `spoken_layers`, the stamps of what they speak, own vocabulary first."""
    of_person, of_organization = Q(pk=OuterRef("vocabulary")), Q(pk=OuterRef("organization__vocabulary"))
    spoken = Vocabulary.objects.filter(of_person | of_organization | Q(is_default=True)).annotate(
        rank=Case(When(of_person, then=0), When(of_organization, then=1), default=2), stamp=_STAMP
    )
    return people.annotate(spoken_layers=ArraySubquery(spoken.order_by("rank").values("stamp")))


def one_with_layers(key: Any) -> User | None:
    """The person of this key with `spoken_layers`, as `with_layers` reads them."""
    statement, values = _read_one()
    found = User.objects.raw(statement, [key if value == _NOBODY else value for value in values])
    return next(iter(found), None)


@cache
def _read_one() -> tuple[str, tuple[Any, ...]]:
    """Put together once: every request begins with it, and writing it down took eight times as long as asking."""
    statement, values = with_layers(User.objects.filter(pk=_NOBODY)).order_by().query.sql_with_params()
    return statement, values


def spoken_by(person: Any) -> AbstractContextManager[None]:
    """Speak the language and the words of a person until the end."""
    layers = getattr(person, "spoken_layers", None)
    if layers is None:
        found: Any = with_layers(User.objects.filter(pk=person.pk)).get()
        layers = found.spoken_layers
    return speaking(speech(person.language, layers))


def spoken_to(organization: Any) -> AbstractContextManager[None]:
    """Speak the words of an organization, for what is made once for all its people."""
    of_organization = Q(pk=organization.vocabulary_id)
    found = Vocabulary.objects.filter(of_organization | Q(is_default=True))
    found = found.alias(rank=Case(When(of_organization, then=0), default=1)).order_by("rank")
    return speaking(speech(settings.LANGUAGE_CODE, found.values_list(_STAMP, flat=True)))


def spoken_to_strangers() -> AbstractContextManager[None]:
    """Speak the words of the installation, to whoever has not signed in."""
    layers = Vocabulary.objects.filter(is_default=True).values_list(_STAMP, flat=True)
    return speaking(speech(settings.LANGUAGE_CODE, layers))


def speech(language: str, layers: Iterable[Stamp]) -> Spoken | str:
    """
    What to activate: the language alone where its texts have every word already.

    :param layers: stamps, the one that counts most first.
    """
    return _spoken(language, tuple(layers))


def wording_of(language: str, vocabularies: Iterable[Words]) -> Wording | None:
    """
    The words of several vocabularies in one language, those of earlier ones before those of later ones.

    :returns: None where nothing is said otherwise than the texts say it, or the terms of the language are not known.
    """
    known = language_of(language)
    if known is None:
        return None
    merged: dict[str, dict[str, str]] = {}
    for words in vocabularies:
        for key, forms in words.get(known.code, {}).items():
            merged.setdefault(key, forms)
    said = {
        form: merged[key][name]
        for key, term in known.terms.items()
        if key in merged
        for name, form in term.forms.items()
        if merged[key].get(name)
    }
    if all(form == word for form, word in said.items()):
        return None
    unless = {form: term.unless for term in known.terms.values() for form in term.forms.values()}
    return Wording(said, unless=unless, has_articles=known.has_articles)


@lru_cache(maxsize=SPOKEN_KEPT)
def _spoken(language: str, layers: tuple[Stamp, ...]) -> Spoken | str:
    wording = wording_of(language, (_words_of(stamp) for stamp in layers))
    return language if wording is None else Spoken(language, " ".join(layers), wording)


@lru_cache(maxsize=OWN_WORDS_KEPT)
def _words_of(stamp: Stamp) -> Words:
    """None for a vocabulary that was removed meanwhile."""
    row = Vocabulary.objects.filter(pk=stamp.partition(":")[0]).first()
    if row is None:
        return {}
    return shipped_words(row.slug) if row.is_shipped else row.words
