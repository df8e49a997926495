"""A person says what differences come from, many at once, or takes it back."""

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

from ...models import Change
from ..models import Difference


@transaction.atomic
def explain(
    *, differences: Iterable[Difference], by: Any, at: datetime, reason: str = "", change: Change | None = None
) -> int:
    """
    Say what differences come from: a change that was begun, or why they are in order without one.

    Those that were explained in the meantime keep their explanation. Returns how many are explained now.

    :raises NotAllowed: the person may not explain differences.
    :raises Refused: neither reason nor change, a change that never began, or nothing open among them.
    """
    require(by, "difference.explain")
    words = said(reason, field="reason")
    if not words and change is None:
        raise Refused.because("required", _("Say why they are in order, or name the change."), "reason")
    if change is not None and change.actual_from is None:
        raise Refused.because(
            "not_begun",
            _("%(reference)s was never begun, so it changed nothing. Name another change, or give the reason.")
            % {"reference": change.reference},
            "change",
        )
    rows = locked(differences, Difference.objects.open())
    if not rows:
        raise Refused.because("none", _("None of them is open any more. Choose others."))
    for row in rows:
        row.change, row.reason, row.explained_at, row.explained_by = change, words, at, by
    data = {"change": change.reference if change else None}
    _keep(rows, "item.difference_explained", by=by, at=at, reason=words, data=data)
    return len(rows)


@transaction.atomic
def reopen(*, difference: Difference, by: Any, at: datetime, reason: str) -> Difference:
    """
    Take an explanation back, also one that was found by itself: it did not hold.

    :raises NotAllowed: the person may not explain differences. :raises Refused: no reason, or it is open.
    """
    require(by, "difference.explain")
    words = said(reason, field="reason", missing=_("Say why the explanation does not hold."))
    rows = locked([difference], Difference.objects.filter(explained_at__isnull=False))
    if not rows:
        raise Refused.because("state", _("It is open: nothing explains it yet."))
    data = {"change": rows[0].change.reference if rows[0].change else None, "explanation": rows[0].reason}
    rows[0].change, rows[0].reason, rows[0].explained_at, rows[0].explained_by = None, "", None, None
    _keep(rows, "item.difference_reopened", by=by, at=at, reason=words, data=data)
    return rows[0]


def locked(differences: Iterable[Difference], among: Any) -> list[Difference]:
    """Those of the differences that still fit, locked in the order of their keys."""
    keys = [each.pk for each in differences]
    rows = among.filter(pk__in=keys).select_related("verification__item", "change").order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def _keep(rows: list[Difference], action: str, *, by: Any, at: datetime, reason: str, data: dict[str, Any]) -> None:
    Difference.objects.bulk_update(rows, ["change", "reason", "explained_at", "explained_by"])
    zone = get_default_timezone()
    mark_days({row.verification.at.astimezone(zone).date() for row in rows}, at=at)
    log.save(
        [
            log.entry(
                action, subject_kind="item", subject_id=row.item.pk, subject_label=row.item.name, by=by, at=at,
                reason=reason, data={"difference": row.pk, **data},
            )
            for row in rows
        ]
    )  # fmt: skip
