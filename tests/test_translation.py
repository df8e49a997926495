"""Every word that people read goes through gettext: no bare text in templates, by a simple reading of them."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[1] / "templates"
# Shows builders of pages what components there are, with examples of their inputs.
FOR_BUILDERS = {TEMPLATES / "shell" / "gallery.html"}
PAGES = sorted(set(TEMPLATES.rglob("*.html")) - FOR_BUILDERS)
# The product's name, names of keys, and codes that read the same in every language.
SAME_EVERYWHERE = {
    "Alt", "CSV", "Ctrl", "Enter", "Esc", "F5", "INC", "Shift", "SLA", "Space", "Steward", "Tab", "UTC",
}  # fmt: skip
NOT_TEXT = re.compile(
    r"""
      {%\s*comment.*?%}.*?{%\s*endcomment\s*%}
    | {%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}
    | {%\s*block\s+(?:body_attributes|record|main_class|body_class)\s*%}.*?{%\s*endblock\s*%}
    | {\#.*?\#} | {%.*?%} | {{.*?}}
    | <!--.*?--> | <!doctype[^>]*> | <(script|style|kbd|code|pre)\b[^>]*>.*?</\1>
    """,
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)
READ_ATTRIBUTE = re.compile(r"""\s(?:title|alt|aria-label|aria-description)\s*=\s*"([^"]*)\"""")
TAG = re.compile(r"<[^<>]*>", re.DOTALL)
WORD = re.compile(r"(?<!&)\b[A-Za-z]{2,}\b(?!;)")


def bare_words(template):
    """Words that stand in the text or in attributes that are read out, outside of translation."""
    # Values of attributes hold template tags with quotes of their own; they go first.
    rest = NOT_TEXT.sub(" ", template)
    said = [*READ_ATTRIBUTE.findall(rest), TAG.sub(" ", rest)]
    return [word for part in said for word in WORD.findall(part) if word not in SAME_EVERYWHERE]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_has_no_text_that_can_not_be_translated(path):
    assert bare_words(path.read_text()) == []


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ('<p title="Close it">{% translate "Fine" %}</p>', ["Close", "it"]),
        ("<p>{{ name }} waits</p>", ["waits"]),
        ("<p>{% blocktranslate %}{{ n }} wait{% endblocktranslate %} <kbd>Ctrl</kbd>&nbsp;&rarr;</p>", []),
        ('<a class="{% if a > b %}x{% endif %}" href="/r/1/">{{ title }}</a>', []),
    ],
)
def test_the_reading_finds_bare_words_and_nothing_else(template, words):
    assert bare_words(template) == words
