"""Read JSON without surprises: what two programs could read differently is refused, not guessed."""

import json
import re
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser

from common.problems import MALFORMED, TOO_LARGE, Problem

DEEPEST_NESTING = 20
LONGEST_NUMBER_CHARS = 30
_SURROGATE = re.compile("[\ud800-\udfff]")


class AlwaysJson(BaseContentNegotiation):
    """Answer JSON whatever the Accept header asks for: there is nothing else to choose from."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return next((each for each in parsers if _is_of(request.content_type, each.media_type)), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> tuple[Any, str]:
        return renderers[0], renderers[0].media_type


class StrictJSONParser(JSONParser):
    """JSON as RFC 8259 means it, with each key once, no NaN, no lone surrogates, no NUL, bounded depth and size."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """:raises Problem: 400 with the reason, or 413 for a body over the limit of the settings."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise Problem(
                TOO_LARGE,
                _("The body is larger than %(limit)s MB. Send less at a time; files go to “attachments”.")
                % {"limit": limit // 2**20},
            )
        return read(body)


def read(body: bytes) -> Any:
    """:raises Problem: 400 with the reason."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(MALFORMED, _("The body is not UTF-8. Encode it so.")) from None
    _refuse_deep(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_each_key_once,
            parse_constant=_refuse_constant,
            parse_int=_short_integer,
            parse_float=_finite,
        )
    except json.JSONDecodeError as error:
        raise Problem(
            MALFORMED,
            _("The body is no JSON: line %(line)s, column %(column)s.") % {"line": error.lineno, "column": error.colno},
        ) from None
    if "\\u" in text:
        _refuse_characters(value)
    return value


def _is_of(content_type: str | None, media_type: str) -> bool:
    return (content_type or "").split(";")[0].strip().lower() == media_type


def _refuse_deep(text: str) -> None:
    depth, is_in_string, is_escaped = 0, False, False
    if text.count("[") + text.count("{") <= DEEPEST_NESTING:
        return
    for character in text:
        if is_in_string:
            if is_escaped:
                is_escaped = False
            elif character == "\\":
                is_escaped = True
            elif character == '"':
                is_in_string = False
        elif character == '"':
            is_in_string = True
        elif character in "[{":
            depth += 1
            if depth > DEEPEST_NESTING:
                raise Problem(
                    MALFORMED, _("The body is nested deeper than %(limit)s levels.") % {"limit": DEEPEST_NESTING}
                )
        elif character in "]}":
            depth -= 1


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Problem(
            MALFORMED,
            _("“%(name)s” stands twice in one object. Send each name once.") % {"name": _shown(twice)},
        )
    return found


def _refuse_constant(name: str) -> Any:
    raise Problem(MALFORMED, _("%(name)s is no JSON number.") % {"name": name})


def _short_integer(text: str) -> int:
    if len(text) > LONGEST_NUMBER_CHARS:
        raise Problem(MALFORMED, _("A number has more than %(limit)s digits.") % {"limit": LONGEST_NUMBER_CHARS})
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise Problem(MALFORMED, _("A number is too large."))
    return number


def _refuse_characters(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value or _SURROGATE.search(value):
            raise Problem(MALFORMED, _("A text holds a character that can't be stored: NUL or half a surrogate pair."))
    elif isinstance(value, dict):
        for name, inner in value.items():
            _refuse_characters(name)
            _refuse_characters(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_characters(inner)


def _shown(name: str) -> str:
    """A name that a caller sent, short and safe to print in a sentence."""
    return name[:60].encode("utf-8", "replace").decode("utf-8")
