"""What changed between two versions, word by word, as HTML that reads without color: struck out or underlined."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .models import ArticleVersion

MOST_TOKENS = 4_000
_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class PartDiff:
    """One part of the article, before and after."""

    label: Any
    html: SafeString
    is_changed: bool


def between(old: ArticleVersion | None, new: ArticleVersion) -> list[PartDiff]:
    """Every part that one of the two versions has; without an older one everything is new."""
    before, after = (dict(_parts(each)) if each else {} for each in (old, new))
    found = []
    for label in dict.fromkeys([*after, *before]):
        texts = before.get(label, ""), after.get(label, "")
        found.append(PartDiff(label, words(*texts), texts[0] != texts[1]))
    return found


def _parts(version: ArticleVersion) -> Iterator[tuple[str, str]]:
    yield str(_("Title")), version.title
    for label, text in version.parts():
        yield str(label), text


def words(old: str, new: str) -> SafeString:
    """Both texts as one: what went and what came are marked, what stayed stands once. Everything is escaped."""
    if old == new:
        return format_html("{}", new)
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(before) + len(after) > MOST_TOKENS:  # the cost grows with the product of the two
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    pieces = []
    for tag, begin, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[begin:end]), "".join(after[first:last])
        if tag == "equal":
            pieces.append(format_html("{}", come))
            continue
        if gone:
            pieces.append(_marked("del", _("removed:"), gone))
        if come:
            pieces.append(_marked("ins", _("added:"), come))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _marked(tag: str, said: str, text: str) -> SafeString:
    mark = '<{0} class="diff__{0}"><span class="visually-hidden">{1} </span>{2}</{0}>'
    return format_html(mark, tag, said, text)
