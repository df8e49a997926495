"""
From what people typed to HTML that is safe to show: Markdown without raw HTML, then an allow-list sanitizer.

The text is kept as typed; it is cleaned each time it is shown, so that a stricter rule also covers old texts. Images
are not drawn: a remote picture would tell its owner who reads.
"""

import re
from functools import lru_cache
from typing import Any, Literal

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
CLASSES = {"span": {"mention"}, "a": {"reference"}}
SCHEMES = {"http", "https", "mailto"}
LONGEST_KEPT = 4_000

MENTION = re.compile(r"(?<![\w@.])@(?P<username>[\w.+-]{1,150}(?<![.+-]))")
REFERENCE = re.compile(r"(?<![\w-])(?P<reference>[A-Z]{2,5}-[0-9]{1,18})(?![\w-])")
PLACEHOLDER = re.compile(r"\{\{[^{}\n]{0,80}\}\}")
_SPOKEN_OF = re.compile(rf"{MENTION.pattern}|{REFERENCE.pattern}")


def _text(content: str) -> Token:
    token = Token("text", "", 0)
    token.content = content
    return token


def _tag(kind: str, nesting: Literal[-1, 0, 1], **attributes: str) -> Token:
    token = Token("link_open" if nesting > 0 else "link_close", kind, nesting)
    token.attrs = dict(attributes)
    return token


def _split(content: str) -> list[Token]:
    tokens, end = [], 0
    for match in _SPOKEN_OF.finditer(content):
        if match.start() > end:
            tokens.append(_text(content[end : match.start()]))
        if reference := match["reference"]:
            tokens += [_tag("a", 1, href=f"/r/{reference}/", **{"class": "reference"}), _text(reference), _tag("a", -1)]
        else:
            tokens += [_tag("span", 1, **{"class": "mention"}), _text(match[0]), _tag("span", -1)]
        end = match.end()
    if end < len(content):
        tokens.append(_text(content[end:]))
    return tokens


def _link_spoken_of(state: StateCore) -> None:
    """Make references links and mark mentions, outside of code and of links that stand there already."""
    for block in state.tokens:
        if block.type != "inline" or not block.children:
            continue
        children: list[Token] = []
        depth = 0
        for token in block.children:
            depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
            if token.type == "text" and depth == 0 and _SPOKEN_OF.search(token.content):
                children += _split(token.content)
            else:
                children.append(token)
        block.children = children


_markdown = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True}).enable(
    ["linkify", "strikethrough", "table"]
)
_markdown.disable("image")
_markdown.core.ruler.push("spoken_of", _link_spoken_of)


def _render(text: str) -> SafeString:
    html = nh3.clean(
        _markdown.render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return SafeString(html)


_render_kept = lru_cache(maxsize=2_048)(_render)


def render(text: str) -> SafeString:
    """Render Markdown as safe HTML. Short texts are kept in memory, since the same ones are read again and again."""
    return _render_kept(text) if len(text) <= LONGEST_KEPT else _render(text)


def mentioned(text: str) -> set[str]:
    """User names behind the @ signs of a text, in lower case; whether anybody has them is another question."""
    return {match["username"].lower() for match in MENTION.finditer(text)}


def slips(text: str, *, prefixes: set[str]) -> list[str]:
    """
    What a public reply should not hold: @mentions, references of our records, unfilled placeholders; each once.

    :param prefixes: of the installed practices; `UTF-8` is no record.
    """
    found: list[Any] = [match[0] for match in MENTION.finditer(text)]
    found += [m["reference"] for m in REFERENCE.finditer(text) if m["reference"].split("-")[0] in prefixes]
    found += PLACEHOLDER.findall(text)
    return list(dict.fromkeys(found))
