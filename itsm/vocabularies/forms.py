"""What people type into the pages of vocabularies."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.forms import Telling
from people.models import Vocabulary
from people.vocabularies.checking import LONGEST_NAME, LONGEST_WORD, Words, tidy, why_not
from people.vocabularies.terms import Language, Term, languages


class NewForm(Telling):
    """A new vocabulary, with the words of another one to begin with."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    start = forms.ModelChoiceField(
        label=gettext_lazy("Begin with the words of"),
        queryset=Vocabulary.objects.all(),
        required=False,
        empty_label=gettext_lazy("no other, every word empty"),
    )


class WordsForm(Telling):
    """The words of one vocabulary: for each term of each language one field for each of its forms."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, words: Words, **options: Any) -> None:
        super().__init__(*args, **options)
        for code, term, form in _places():
            said = words.get(code, {}).get(term.key, {}).get(form, "")
            self.fields[_field(code, term.key, form)] = forms.CharField(
                label=term.forms[form],
                required=False,
                initial=said,
                max_length=LONGEST_WORD,
                widget=forms.TextInput(
                    attrs={"class": "input", "placeholder": term.forms[form], "autocomplete": "off"}
                ),
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for code, term, form in _places():
            name = _field(code, term.key, form)
            word = tidy(said.get(name) or "")
            if word and (reason := why_not(word)):
                self.add_error(name, reason)
            elif not word and name not in self.errors and any(said.get(_field(code, term.key, f)) for f in term.forms):
                self.add_error(name, _("Give every form of the word, or none."))
        return said

    def words(self) -> Words:
        """What was typed, without terms that were left empty."""
        found: Words = {}
        for code, term, form in _places():
            if word := tidy(self.cleaned_data.get(_field(code, term.key, form)) or ""):
                found.setdefault(code, {}).setdefault(term.key, {})[form] = word
        return found

    def tables(self) -> list[tuple[Language, list[tuple[Term, list[forms.BoundField]]]]]:
        """The fields as the page shows them: by language, one line for each term."""
        return [
            (language, [(term, self._fields_of(code, term)) for term in language.terms.values()])
            for code, language in languages().items()
        ]

    def _fields_of(self, code: str, term: Term) -> list[forms.BoundField]:
        return [self[_field(code, term.key, form)] for form in term.forms]


def _places() -> list[tuple[str, Term, str]]:
    return [
        (code, term, form)
        for code, language in languages().items()
        for term in language.terms.values()
        for form in term.forms
    ]


def _field(code: str, key: str, form: str) -> str:
    return f"{code}-{key}-{form}"
