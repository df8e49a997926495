"""Texts that people typed, as they are kept: without the null character, which PostgreSQL does not store."""

from typing import Any

from django.utils.translation import gettext as _

from .refusals import Refused

LONGEST = 5_000


def one_line(text: Any) -> str:
    """The text on one line, blanks and line breaks made single blanks."""
    return " ".join(str(text).replace("\x00", "").split())


def said(text: str, *, field: str, missing: Any = None, limit: int = LONGEST) -> str:
    """What somebody wrote, trimmed. :raises Refused: nothing where something is needed, or too much."""
    cleaned = text.replace("\x00", "").strip()
    if missing is not None and not cleaned:
        raise Refused.because("required", missing, field)
    if len(cleaned) > limit:
        raise Refused.because(
            "too_long", _("At most %(limit)d characters fit here. Shorten it.") % {"limit": limit}, field
        )
    return cleaned
