"""A person looks at an item and says whether it is as written down."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused
from common.texts import said
from measurement.marks import mark_days
from people.access import require
from services.models import ConfigurationItem, ItemStatus

from ..models import Difference, Verification
from .finding import explaining_changes, looked_at_before


@transaction.atomic
def verify(*, item: ConfigurationItem, by: Any, at: datetime, difference: str = "", note: str = "") -> Verification:
    """
    Write down that somebody looked at the item, and what is other than written down. The item itself stays as it is.

    :param difference: in words; nothing when it is as written down.
    :raises NotAllowed: the person may not change items. :raises Refused: the item is retired.
    """
    require(by, "item.edit")
    locked = ConfigurationItem.objects.select_for_update().get(pk=item.pk)
    if locked.status == ItemStatus.RETIRED:
        raise Refused.because("state", _("It is retired: there is nothing to look at."))
    words = said(difference, field="difference")
    since = looked_at_before([locked.pk], before=at)
    made = Verification.objects.create(item=locked, at=at, by=by, note=said(note, field="note"))
    if words:
        change = explaining_changes(since, at=at).get(locked.pk)
        Difference.objects.create(
            verification=made, after=words, change_id=change, explained_at=at if change is not None else None
        )
    mark_days([at.astimezone(get_default_timezone()).date()], at=at)
    log.record(
        "item.verified", subject_kind="item", subject_id=locked.pk, subject_label=locked.name, by=by, at=at,
        reason=words, data={"verification": made.pk},
    )  # fmt: skip
    return made
