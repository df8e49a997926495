"""What incidents do after others have acted: go on when what they waited for has come."""

from typing import Any

from django.utils.translation import gettext as _

from audit.models import Entry
from audit.subscriptions import subscribe
from records.enums import LinkKind, Phase
from records.models import Link, Record

from . import operations
from .enums import HoldReason, State
from .models import Incident

# Kinds of records that an incident can be on hold for, with the reason that it says then.
WAITED_FOR = {"problem": HoldReason.PROBLEM, "change": HoldReason.CHANGE, "release": HoldReason.CHANGE}
# It is linked by one of these. What a release caused waits for another change, not for the release to go live.
LINKED_BY = {
    "problem": (LinkKind.CAUSED_BY, LinkKind.RELATED_TO),
    "change": (LinkKind.CAUSED_BY, LinkKind.RELATED_TO),
    "release": (LinkKind.FIXED_BY, LinkKind.RELATED_TO),
}


def register() -> None:
    """Called when the app is ready."""
    subscribe("incidents.waiting", to=[f"{kind}.*" for kind in WAITED_FOR], handler=go_on)


def go_on(entry: Entry) -> None:
    """
    Resume the incidents on hold for a problem or change that has ended, a release that is live, or a problem that now
    has a workaround.

    An act on a kind other than what the incident waits for, or one before it was held, leaves it waiting.
    """
    if not (_has_ended(entry) or _is_live(entry) or _brings_workaround(entry)):
        return
    other = Record.objects.filter(pk=entry.subject_id).first()
    if other is None or other.kind not in WAITED_FOR:
        return
    waiting = Incident.objects.filter(
        state=State.ON_HOLD,
        state_reason=WAITED_FOR[other.kind],
        pk__in=_linked_with(other),
    ).order_by("pk")
    said = _("%(reference)s has ended.")
    if _is_live(entry):
        said = _("%(reference)s is live.")
    elif _brings_workaround(entry):
        said = _("%(reference)s has a workaround.")
    for incident in waiting:
        if not _was_held_later(incident, entry):
            operations.resume(incident=incident, by=None, at=entry.at, reason=said % {"reference": other.reference})


def _linked_with(other: Record) -> Any:
    out = Link.objects.filter(to_record=other.pk, kind__in=LINKED_BY[other.kind]).values("from_record")
    back = Link.objects.filter(from_record=other.pk, kind=LinkKind.RELATED_TO).values("to_record")
    return out.union(back)


def _has_ended(entry: Entry) -> bool:
    change = entry.changed("phase")
    return change is not None and change[1] == Phase.DONE


def _is_live(entry: Entry) -> bool:
    return entry.action == "release.deployed"


def _brings_workaround(entry: Entry) -> bool:
    return bool(entry.data.get("has_workaround"))


def _was_held_later(incident: Incident, entry: Entry) -> bool:
    return Entry.objects.filter(
        subject_kind="record", subject_id=incident.pk, action="incident.held", pk__gt=entry.pk
    ).exists()
