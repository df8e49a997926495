"""Signing the readiness checklist, line by line, each by somebody who has the role that the line names."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import NotAllowed, Refused
from common.texts import one_line
from people.access import access_of
from people.enums import Role
from records.operations.saying import locked_for, say

from ..enums import State
from ..models import ReadinessItem, Release
from .contents import refuse_unless

OPEN_TO_SIGN = frozenset({State.PLANNING, State.BUILDING, State.TESTING, State.READY})


def has_role(person: Any, role: str, release: Any) -> bool:
    """Whether the person holds this role for the organization of the release."""
    reach = access_of(person).reach
    if role not in reach:
        return False
    held = reach[Role(role)]
    return held is None or release.organization_id in held


@transaction.atomic
def sign(*, item: ReadinessItem, by: Any, at: datetime, note: str = "") -> ReadinessItem:
    """
    Sign one line, until the deployment begins.

    :raises NotAllowed: the person does not have the role of the line.
    :raises Refused: somebody has signed it, or the deployment has begun.
    """
    locked = locked_for(item.release, by=by, operation="release.sign")
    _require_role(item, locked, by)
    refuse_unless(locked, OPEN_TO_SIGN, _("Its checklist stays as it is."))
    signed = ReadinessItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if signed.signed_at is not None:
        raise Refused.because("signed", _("%(name)s has signed it already.") % {"name": signed.signed_by})
    signed.signed_by, signed.signed_at, signed.note = by, at, one_line(note)[:300]
    signed.save(update_fields=["signed_by", "signed_at", "note"])
    say(locked, "signed", by=by, at=at, title=signed.text, reason=signed.note, item=signed.pk)
    return signed


@transaction.atomic
def unsign(*, item: ReadinessItem, by: Any, at: datetime, reason: str) -> ReadinessItem:
    """
    Take a signature back, with the reason in the history. Whoever has the role of the line may.

    :raises NotAllowed: :raises Refused: no reason, nobody has signed it, or the deployment has begun.
    """
    locked = locked_for(item.release, by=by, operation="release.sign")
    _require_role(item, locked, by)
    refuse_unless(locked, OPEN_TO_SIGN, _("Its checklist stays as it is."))
    if not reason.strip():
        raise Refused.because("required", _("Say why the signature is taken back."), "reason")
    unsigned = ReadinessItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if unsigned.signed_at is None:
        raise Refused.because("unsigned", _("Nobody has signed it."))
    was = unsigned.signed_by
    unsigned.signed_by = unsigned.signed_at = None
    unsigned.note = ""
    unsigned.save(update_fields=["signed_by", "signed_at", "note"])
    say(
        locked, "unsigned", by=by, at=at, title=unsigned.text, reason=reason.strip()[:300], item=unsigned.pk,
        signed_by=was.pk if was else None, signed_by_label=str(was),
    )  # fmt: skip
    return unsigned


def void_signatures(release: Release) -> int:
    """Take every signature back, because what was signed is built anew; returns how many."""
    return ReadinessItem.objects.filter(release=release, signed_at__isnull=False).update(
        signed_by=None, signed_at=None, note=""
    )


def _require_role(item: ReadinessItem, release: Release, by: Any) -> None:
    if not has_role(by, item.role, release):
        raise NotAllowed.because(
            "role", _("This line is signed by: %(role)s. Ask somebody who is.") % {"role": item.get_role_display()}
        )
