"""An article as pages show it: its Markdown as safe HTML under headings that fit the page."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from records.rendering import render

from .models import ArticleVersion

_HEADING = re.compile(r"<(/?)h([1-6])>")
WORDS_A_MINUTE = 200


@dataclass(frozen=True)
class Part:
    label: Any
    html: SafeString


def parts(version: ArticleVersion) -> list[Part]:
    """The filled parts in reading order."""
    return [Part(label, text_html(text)) for label, text in version.parts()]


def text_html(text: str) -> SafeString:
    """Markdown as safe HTML; its headings begin below those of the page."""
    # The sanitizer leaves no attributes on headings.
    return SafeString(_HEADING.sub(lambda found: f"<{found[1]}h{min(6, int(found[2]) + 2)}>", render(text)))


def minutes(version: ArticleVersion) -> int:
    """How long it takes to read, in whole minutes."""
    return max(1, round(len(version.body.split()) / WORDS_A_MINUTE))
