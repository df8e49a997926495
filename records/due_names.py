"""What the clocks are called whose due moments records show. Named by whoever keeps them, read by sentences."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_NAMES: dict[str, Any] = {}


def name(clock: str, label: Any) -> None:
    """Give a clock its name. Called while apps get ready; the first one stays."""
    _NAMES.setdefault(clock, label)


def label(clock: Any) -> str:
    """The name of a clock in the reader's language; “target” for one that nobody named."""
    return str(_NAMES.get(str(clock)) or _("target"))


def passed(level: str) -> str:
    """A warning that an agreement adds, in words, from its code: `p60` or `m30`."""
    number = int(level[1:])
    if level[:1] == "m":
        return ngettext("%(count)s working minute left", "%(count)s working minutes left", number) % {"count": number}
    return _("%(percent)s %% used") % {"percent": number}
