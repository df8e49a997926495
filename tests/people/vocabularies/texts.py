"""Every text of the program, read from templates and code as `makemessages` would."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

from people.vocabularies import terms

HOUSE = Path(__file__).parents[3]
APPS = (
    "approvals", "audit", "calendars", "changes", "common", "frameworks", "improvement", "incidents", "itsm",
    "knowledge", "measurement", "notifications", "people", "problems", "procedures", "records", "releases", "search",
    "services", "slm",
)  # fmt: skip
# Says another word for each term there is.
OTHER = {
    "en": {
        key: {form: f"zib{number}{'s' * (form == 'many')}" for form in term.forms}
        for number, (key, term) in enumerate(terms.languages()["en"].terms.items())
    }
}
# How many arguments are texts, and how many stand before them.
CALLS = {
    "_": (0, 1), "gettext": (0, 1), "gettext_lazy": (0, 1), "gettext_noop": (0, 1), "ngettext": (0, 2),
    "ngettext_lazy": (0, 2), "pgettext": (1, 1), "pgettext_lazy": (1, 1), "npgettext": (1, 2), "npgettext_lazy": (1, 2),
}  # fmt: skip
_TEXT = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATES = re.compile(rf"(?<![\w.])(n?p?gettext|_)\(({_TEXT})(?:,\s*({_TEXT}))?(?:,\s*({_TEXT}))?")


def code_files() -> list[Path]:
    files = [path for app in APPS for path in sorted((HOUSE / app).rglob("*.py"))]
    return [path for path in files if "migrations" not in path.parts]


def in_code() -> Iterator[tuple[str, str | None]]:
    """Where a text stands, and the text; None where gettext is asked for something that is no literal."""
    for path in code_files():
        place = str(path.relative_to(HOUSE))
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(getattr(node, "func", None), "id", getattr(getattr(node, "func", None), "attr", ""))
            if isinstance(node, ast.Call) and name in CALLS:
                before, count = CALLS[name]
                for given in node.args[before : before + count]:
                    is_text = isinstance(given, ast.Constant) and isinstance(given.value, str)
                    yield place, given.value if is_text else None


def in_templates() -> Iterator[tuple[str, str]]:
    for path in sorted((HOUSE / "templates").rglob("*.*")):
        place = str(path.relative_to(HOUSE))
        for call in _IN_TEMPLATES.finditer(templatize(path.read_text(), origin=place)):
            texts = [ast.literal_eval(text) for text in call.groups()[1:] if text]
            for text in texts[1:] if "p" in call[1] else texts:
                yield place, text
