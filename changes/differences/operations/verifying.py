"""A person looks at items and says whether they are as written down."""

from collections.abc import Iterable
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

MOST = 500


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
    _write_down([made], by=by, at=at, reason=words)
    return made


@transaction.atomic
def verify_all(*, items: Iterable[ConfigurationItem], by: Any, at: datetime, note: str = "") -> int:
    """
    Write down that somebody looked at several items and found each as written down. Returns how many.

    Retired ones are left out. What differs is said of each by itself (`verify`).

    :raises NotAllowed: the person may not change items. :raises Refused: none of them is in use, or more than 500.
    """
    require(by, "item.edit")
    keys = {each.pk for each in items}
    if len(keys) > MOST:
        raise Refused.because("too_many", _("Choose at most %(count)d at once.") % {"count": MOST})
    locked = list(ConfigurationItem.objects.in_use().select_for_update().filter(pk__in=keys).order_by("pk"))
    if not locked:
        raise Refused.because("none", _("None of them is in use. Choose others."))
    words = said(note, field="note")
    made = Verification.objects.bulk_create(Verification(item=each, at=at, by=by, note=words) for each in locked)
    _write_down(made, by=by, at=at, reason="")
    return len(made)


def _write_down(made: list[Verification], *, by: Any, at: datetime, reason: str) -> None:
    mark_days([at.astimezone(get_default_timezone()).date()], at=at)
    log.save(
        [
            log.entry(
                "item.verified", subject_kind="item", subject_id=each.item_id, subject_label=each.item.name, by=by,
                at=at, reason=reason, data={"verification": each.pk},
            )
            for each in made
        ]
    )  # fmt: skip
