"""Write the change down that a difference calls for: to undo it, or to do it properly."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused
from common.speech import plainly
from people.access import require

from ... import operations as changes
from ...models import Change
from ..models import Difference
from ..saying import Saying
from .explaining import locked

MOST = 100
SAID_AT_MOST = 20


@transaction.atomic
def open_change(*, differences: Iterable[Difference], by: Any, at: datetime) -> Change:
    """
    Draft one change about the items of these differences. It explains none of them: it came after.

    :raises NotAllowed: the person may not explain differences or write changes.
    :raises Refused: nothing open among them without such a change, or more than 100.
    """
    require(by, "difference.explain")
    rows = locked(differences, Difference.objects.open().filter(follow_up=None))
    if not rows:
        raise Refused.because("none", _("None of them still waits for a change. Choose others."))
    if len(rows) > MOST:
        raise Refused.because("too_many", _("Choose at most %(count)d for one change.") % {"count": MOST})
    items = list({row.item.pk: row.item for row in rows}.values())
    saying = Saying(rows)
    # What the change says is data, whatever words its writer reads.
    with plainly():
        lines = [f"{row.item.name}: {saying.of(row)}" for row in rows[:SAID_AT_MOST]]
        if len(rows) > SAID_AT_MOST:
            lines.append(_("and %(count)d more") % {"count": len(rows) - SAID_AT_MOST})
        title = _("Set right what differs on %(names)s") % {"names": _names(items)}
        rationale = "\n".join([_("Found without an authorized change:"), *lines])
    change = changes.create(
        by=by,
        at=at,
        title=title,
        rationale=rationale,
        services=list({each.service_id: each.service for each in items if each.service}.values()),
        items=items,
    )
    for row in rows:
        row.follow_up_id = change.pk
    Difference.objects.bulk_update(rows, ["follow_up"])
    log.save(
        [
            log.entry(
                "item.difference_followed", subject_kind="item", subject_id=each.pk, subject_label=each.name, by=by,
                at=at, data={"change": change.reference},
            )
            for each in items
        ]
    )  # fmt: skip
    return change


def _names(items: list[Any]) -> str:
    named = ", ".join(each.name[:60] for each in items[:2])
    return named if len(items) <= 2 else _("%(names)s and %(count)d more") % {"names": named, "count": len(items) - 2}
