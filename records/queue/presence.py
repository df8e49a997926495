"""Who else is at the tickets of a list: one mark for each ticket."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Value
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from common.templatetags.steward import icon

from ..models import Draft, Presence

_SIGNS: tuple[tuple[Any, str], ...] = (
    (gettext_lazy("%(name)s left a draft for the team"), "square-pen"),
    (gettext_lazy("%(name)s is looking at it"), "eye"),
    (gettext_lazy("%(name)s is writing"), "pencil"),
)


def presence_marks(numbers: Sequence[int], *, viewer: Any, since: datetime) -> dict[int, SafeString]:
    """
    Who else has which of the tickets open, is replying, or left a draft for the team; one mark for each ticket.

    :param since: heartbeats before this moment are gone. A reply comes before a look, a look before a draft.
    """
    left = Draft.objects.filter(record__in=numbers, is_shared=True).exclude(user=viewer.pk)
    drafts = left.annotate(sign=Value(0), who=F("user__name"))
    here = Presence.objects.filter(record__in=numbers, seen_at__gte=since).exclude(user=viewer.pk).order_by()
    looking = here.filter(is_replying=False).annotate(sign=Value(1), who=F("user__name"))
    replying = here.filter(is_replying=True).annotate(sign=Value(2), who=F("user__name"))
    said = [rows.values_list("sign", "record_id", "who") for rows in (drafts, looking, replying)]
    found = said[0].union(*said[1:], all=True)
    marks = {}
    for sign, number, name in sorted(found):
        words, shape = _SIGNS[sign]
        text = words % {"name": name}
        marks[number] = format_html('<span class="queue__presence" title="{}">{}</span>', text, icon(shape, text))
    return marks
