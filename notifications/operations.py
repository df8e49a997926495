"""What people do with their inbox. Nothing is logged: it concerns nobody else."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import require

from . import counts
from .models import Mute, Notice


def _of(user: Any, record_id: int) -> Any:
    return Notice.objects.filter(user=user, record_id=record_id, done_at=None)


def done(*, by: Any, record_id: int, at: datetime) -> int:
    """Put everything about the record away. Returns how many notices that were; a second time none."""
    require(by, "inbox.use")
    count = _of(by, record_id).filter(at__lte=at).update(done_at=at, read_at=at)
    counts.forget([by.pk])
    return count


def take_out(*, by: Any, record_id: int, since: datetime) -> int:
    """Undo `done`: what was put away at that moment or later comes back."""
    require(by, "inbox.use")
    count = Notice.objects.filter(user=by, record_id=record_id, done_at__gte=since).update(done_at=None)
    counts.forget([by.pk])
    return count


def snooze(*, by: Any, record_id: int, at: datetime, until: datetime) -> int:
    """
    Let everything about the record sleep. News about it wakes nothing up but comes by itself.

    :raises Refused: the moment has passed.
    """
    require(by, "inbox.use")
    if until <= at:
        raise Refused.because("past", _("This moment has passed. Choose a later one."), "until")
    count = _of(by, record_id).update(snoozed_until=until, read_at=at)
    counts.forget([by.pk])
    return count


@transaction.atomic
def mute(*, by: Any, record_id: int, at: datetime) -> None:
    """
    Hear nothing more of a record, and put away what is there. Being given it, or named in it, still comes.

    A second time changes nothing.
    """
    require(by, "inbox.use")
    Mute.objects.get_or_create(user=by, record_id=record_id, defaults={"at": at})
    done(by=by, record_id=record_id, at=at)


def unmute(*, by: Any, record_id: int) -> None:
    """Hear of the record again; what came meanwhile is not told afterwards."""
    require(by, "inbox.use")
    Mute.objects.filter(user=by, record_id=record_id).delete()


def mark_unread(*, by: Any, record_id: int) -> int:
    """Let it look as if nobody had read it."""
    require(by, "inbox.use")
    count = _of(by, record_id).update(read_at=None)
    counts.forget([by.pk])
    return count


def mark_read(*, by: Any, record_id: int, at: datetime) -> int:
    """Note that the person has opened the record from the inbox."""
    require(by, "inbox.use")
    count = _of(by, record_id).filter(read_at=None).update(read_at=at)
    counts.forget([by.pk])
    return count
