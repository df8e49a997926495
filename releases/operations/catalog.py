"""The template of the readiness checklist. Each act is in the audit log; releases that exist keep their lines."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refusal, Refused, Stale
from common.slugs import free_slug
from common.texts import one_line
from people.access import require
from records import changing

from ..enums import Type
from ..models import ChecklistItem
from ..permissions import SIGNERS

OPERATION = "release.set_checklist"


@transaction.atomic
def add_line(
    *, by: Any, at: datetime, text: str, role: str, types: Iterable[str] = (), is_required: bool = True
) -> ChecklistItem:
    """Ask one thing more of new releases. :raises NotAllowed: :raises Refused: no text, a role that can't sign."""
    require(by, OPERATION)
    line = ChecklistItem(key=free_slug(ChecklistItem.objects, text, otherwise="line", field="key", longest=32))
    _fill(line, text=text, role=role, types=types, is_required=is_required)
    line.position = (ChecklistItem.objects.aggregate(latest=Max("position"))["latest"] or 0) + 10
    line.save(force_insert=True)
    _log(line, "created", by=by, at=at, changes={"text": (None, line.text), "role": (None, line.role)})
    return line


@transaction.atomic
def change_line(
    *,
    line: ChecklistItem,
    by: Any,
    at: datetime,
    text: str,
    role: str,
    types: Iterable[str] = (),
    is_required: bool = True,
    is_active: bool = True,
    version: int | None = None,
) -> ChecklistItem:
    """
    Change a line for new releases, or have it asked no more.

    :raises NotAllowed: :raises Stale: :raises Refused: no text, a role that can't sign.
    """
    require(by, OPERATION)
    locked = ChecklistItem.objects.select_for_update().get(pk=line.pk)
    if version is not None and version != locked.version:
        raise Stale.because("stale", _("Somebody else changed this meanwhile. Compare, then save again."))
    before = changing.snapshot(locked)
    _fill(locked, text=text, role=role, types=types, is_required=is_required)
    locked.is_active = is_active
    changes = changing.differences(locked, before)
    if changes:
        locked.version += 1
        locked.save()
        _log(locked, "changed", by=by, at=at, changes=changes)
    return locked


def _fill(line: ChecklistItem, *, text: str, role: str, types: Iterable[str], is_required: bool) -> None:
    text, types = one_line(text), list(types)
    refusals = []
    if not 1 <= len(text) <= 200:
        refusals.append(Refusal("text", _("Say in 1 to 200 characters what has to be true."), "text"))
    if role not in SIGNERS:
        refusals.append(Refusal("role", _("Choose a role that can sign."), "role"))
    if not set(types) <= set(Type.values):
        refusals.append(Refusal("types", _("Choose types of releases."), "types"))
    if refusals:
        raise Refused.all_of(refusals)
    line.text, line.role, line.types, line.is_required = text, role, types, is_required


def _log(line: ChecklistItem, act: str, *, by: Any, at: datetime, changes: Any) -> None:
    log.record(
        f"release_checklist.{act}",
        subject_kind="release_checklist",
        subject_id=line.pk,
        subject_label=line.text,
        by=by,
        at=at,
        changes=changes,
    )
