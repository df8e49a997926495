"""The texts of a version as people send them: cleaned, and checked for their length."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.refusals import Refusal, Refused
from common.texts import one_line

LONGEST = {"title": 200, "symptom": 20_000, "cause": 20_000, "fix": 40_000, "note": 200}
MOST_SECTIONS = 12
LONGEST_SECTION = 20_000
LONGEST_SECTION_HEADING = 120
FIELDS = ("title", "symptom", "cause", "fix", "sections", "note")


def cleaned(said: Mapping[str, Any]) -> dict[str, Any]:
    """
    The texts without what no text holds; the title and the note in one line each.

    :raises Refused: no title, a text that is too long, or a section without heading or text; one refusal for each.
    """
    found: dict[str, Any] = {}
    refusals: list[Refusal] = []
    for name, value in said.items():
        if name == "sections":
            found[name] = _sections(value, refusals)
            continue
        text = str(value).replace("\x00", "").replace("\r\n", "\n")
        text = " ".join(text.split()) if name in ("title", "note") else text.strip()
        if len(text) > LONGEST[name]:
            refusals.append(
                Refusal(
                    "too_long",
                    _("The text has %(length)s characters; %(limit)s fit. Shorten it.")
                    % {"length": len(text), "limit": LONGEST[name]},
                    name,
                )
            )
        found[name] = text
    if found.get("title") == "":
        refusals.append(Refusal("required", _("Give it a title in the words of those who will look for it."), "title"))
    if refusals:
        raise Refused.all_of(refusals)
    return found


def _sections(value: Any, refusals: list[Refusal]) -> list[dict[str, str]]:
    """Sections with a heading and a text; wholly empty ones are left out."""
    found = []
    for each in value:
        heading = one_line(each.get("heading", ""))
        text = str(each.get("text", "")).replace("\x00", "").replace("\r\n", "\n").strip()
        if not heading and not text:
            continue
        if not heading or not text:
            refusals.append(
                Refusal("section", _("A section needs a heading and a text. Fill in both, or empty both."), "sections")
            )
        elif len(heading) > LONGEST_SECTION_HEADING or len(text) > LONGEST_SECTION:
            refusals.append(
                Refusal(
                    "too_long",
                    _("A section has a heading of %(heading)s and a text of %(text)s characters at most. Shorten it.")
                    % {"heading": LONGEST_SECTION_HEADING, "text": LONGEST_SECTION},
                    "sections",
                )
            )
        found.append({"heading": heading, "text": text})
    if len(found) > MOST_SECTIONS:
        refusals.append(
            Refusal(
                "too_many",
                _("There are %(count)s sections; %(limit)s fit. Make a second article of some.")
                % {"count": len(found), "limit": MOST_SECTIONS},
                "sections",
            )
        )
    return found
