"""
Every text of templates and code in the words of every vocabulary: no term is left over where there is another word,
placeholders and tags survive, and nothing else changes.
"""

import re

import pytest

from common.wording import Wording
from people.vocabularies import terms
from people.vocabularies.layers import wording_of
from people.vocabularies.shipped import FOLDER, shipped_words

from .texts import OTHER, code_files, in_code, in_templates

ENGLISH = terms.languages()["en"]
SHIPPED = sorted(path.stem for path in FOLDER.glob("*.yaml"))
NO_WORDS = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{[^{}]*\}|<[^<>]*>|&#?\w+;")
ARTICLE = re.compile(r"\ban?\s+", re.IGNORECASE)


@pytest.fixture(scope="module")
def texts():
    return sorted({text for _place, text in [*in_templates(), *in_code()] if text})


def words_of(name):
    return OTHER if name == "other" else shipped_words(name)


def stand_ins(words):
    """The same terms, each said by a sign that stands nowhere else, to see afterwards what was put where."""
    return {
        form: f"§{key}.{name}§"
        for key, said in words["en"].items()
        for name, form in ENGLISH.terms[key].forms.items()
        if said.get(name)
    }


def test_what_is_walked_is_what_people_read(texts):
    assert len(texts) > 4_000
    assert {"Known errors", "There is a problem", "New ticket", "%(name)s: your menu"} <= set(texts)


@pytest.mark.parametrize("name", [*SHIPPED, "other"])
def test_no_term_is_left_over_and_nothing_else_changes(texts, name):
    words = words_of(name)
    signs = stand_ins(words)
    unless = {form: ENGLISH.terms[key].unless for key in words["en"] for form in ENGLISH.terms[key].forms.values()}
    replaced = Wording(signs, unless=unless, has_articles=True)
    forms = {sign: form for form, sign in signs.items()}
    phrases = [phrase for each in unless.values() for phrase in each]
    elsewhere = re.compile("|".join(rf"\b{re.escape(each)}\b" for each in phrases) or "(?!)", re.IGNORECASE)
    left = re.compile(rf"(?<![\w./:@-])(?:{'|'.join(map(re.escape, signs))})(?![\w:-]|\.\w)", re.IGNORECASE)
    changed = 0
    for text in texts:
        read = replaced.reword(text)
        if read == text:
            assert not left.search(elsewhere.sub(" ", NO_WORDS.sub(" ", " ".join(text.split())))), text
            continue
        changed += 1
        # Whatever was not put in holds no term any more.
        rest = re.sub(r"§[\w.]+§", " ", NO_WORDS.sub(" ", " ".join(read.split())))
        assert not left.search(elsewhere.sub(" ", rest)) or elsewhere.search(" ".join(text.split())), text
        # With the terms put back it is the text as it was, but for capitals, blanks and articles.
        back = re.sub(r"§[\w.]+§", lambda sign: forms[sign[0]], read, flags=re.IGNORECASE)
        plain = [" ".join(ARTICLE.sub("", each).split()).casefold() for each in (back, text)]
        assert plain[0] == plain[1]
    assert changed > 100


@pytest.mark.parametrize("name", [*SHIPPED, "other"])
def test_placeholders_tags_and_blanks_survive(texts, name):
    wording = wording_of("en", [words_of(name)])

    for text in texts:
        read = wording.reword(text)
        assert NO_WORDS.findall(read) == NO_WORDS.findall(text)
        assert (read[:1].isspace(), read[-1:].isspace()) == (text[:1].isspace(), text[-1:].isspace())
        assert read[:1].isupper() == text[:1].isupper() or not text[:1].isalpha()
        assert not re.search(r"\b(?:a|A)\s+[aeioAEIO]\w", read) or re.search(r"\b(?:a|A)\s+[aeioAEIO]\w", text), read
        assert not re.search(r"\ban?\s+an?\b", read)


def test_itil_4_says_what_the_texts_say():
    assert wording_of("en", [shipped_words("itil4"), OTHER]) is None


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("usm", "New ticket", "New call"),
        ("usm", "A ticket can't be its own parent", "A call can't be its own parent"),
        ("usm", "Configuration", "Managed infrastructure"),
        ("usm", "There is no configuration item “%(text)s”.", "There is no infrastructure item “%(text)s”."),
        ("usm", "Problems", "Problems"),
        ("mof4", "Change enablement", "Change and Configuration"),
        ("mof4", "The requester's organization has no manager.", "The user's organization has no manager."),
        ("iso20000-1", "Start an improvement", "Start an opportunity for improvement"),
        ("iso20000-1", "Continual improvement", "Continual improvement"),
        ("iso20000-1", "Change enablement", "Change management"),
        ("other", "There is a problem", "There is a problem"),
        ("other", "Change your password", "Change your password"),
    ],
)
def test_texts_read_as_people_would_say_them(name, text, read):
    assert wording_of("en", [words_of(name)]).reword(text) == read


def test_gettext_is_asked_for_texts_of_the_program_alone():
    # What people typed would be said in other words too. These ask for names that come with Steward.
    asked = {place for place, text in in_code() if text is None and place != "common/speech.py"}

    assert asked == {
        "measurement/dashboards/showing.py",
        "measurement/sharing.py",
        "records/operations/views.py",
        "releases/operations/creation.py",
    }


def test_whoever_speaks_another_language_for_a_while_comes_back_to_the_words():
    # Django's own comes back to the language alone.
    own = re.compile(r"\btranslation\.(?:override|activate)\b|translation import [^\n]*\b(?:override|activate)\b")
    found = [path for path in code_files() if path.name != "speech.py" and own.search(path.read_text())]

    assert found == []
