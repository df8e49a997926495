"""Following records."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import require

from .. import changing
from ..events import EventKind
from ..models import Record, Watcher


def _say(record: Any, action: str, *, user: Any, by: Any, at: datetime) -> None:
    changing.write_down(
        record,
        kind=EventKind.EDITED,
        action=f"{record.kind}.{action}",
        by=by,
        at=at,
        data={"person": user.pk, "person_label": str(user)},
    )


def watch(*, record: Any, by: Any, at: datetime) -> Watcher:
    """Follow a record that one may see. :raises Refused: follows it already."""
    if not Record.objects.visible_to(by).filter(pk=record.pk).exists():
        require(by, "record.watch", record)
    return _add(record=record, user=by, by=by, at=at)


def add_watcher(*, record: Any, user: Any, by: Any, at: datetime) -> Watcher:
    """
    Let another person follow the record: they may read its public side from now on.

    :raises NotAllowed: `by` may not let others in. :raises Refused: the person follows it already or has left.
    """
    require(by, "record.add_watcher", record)
    return _add(record=record, user=user, by=by, at=at)


@transaction.atomic
def _add(*, record: Any, user: Any, by: Any, at: datetime) -> Watcher:
    locked = changing.lock(record)
    if not user.is_active:
        raise Refused.because("inactive", _("%(name)s has left and can't follow this.") % {"name": user}, field="user")
    watcher, is_new = Watcher.objects.get_or_create(record_id=locked.pk, user=user, defaults={"at": at})
    if not is_new:
        raise Refused.because("twice", _("%(name)s follows this already.") % {"name": user}, field="user")
    _say(locked, "watched", user=user, by=by, at=at)
    return watcher


def unwatch(*, record: Any, by: Any, at: datetime) -> None:
    """Stop following. :raises Refused: does not follow it."""
    _remove(record=record, user=by, by=by, at=at)


def remove_watcher(*, record: Any, user: Any, by: Any, at: datetime) -> None:
    """Stop another person from following. :raises NotAllowed: :raises Refused: they don't follow it."""
    require(by, "record.add_watcher", record)
    _remove(record=record, user=user, by=by, at=at)


@transaction.atomic
def _remove(*, record: Any, user: Any, by: Any, at: datetime) -> None:
    locked = changing.lock(record)
    gone, _kinds = Watcher.objects.filter(record_id=locked.pk, user=user).delete()
    if not gone:
        raise Refused.because("absent", _("%(name)s does not follow this.") % {"name": user}, field="user")
    _say(locked, "unwatched", user=user, by=by, at=at)
