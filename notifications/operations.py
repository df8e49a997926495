"""What people do with their inbox. Nothing is logged: it concerns nobody else."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import require

from . import counts
from .models import Mute, Notice
from .subjects import About


def _of(user: Any, about: About) -> Any:
    return Notice.objects.filter(user=user, done_at=None, **about.fields)


def done(*, by: Any, about: About, at: datetime) -> int:
    """Put everything about it away. Returns how many notices that were; a second time none."""
    require(by, "inbox.use")
    count = _of(by, about).filter(at__lte=at).update(done_at=at, read_at=at)
    counts.forget([by.pk])
    return count


def take_out(*, by: Any, about: About, since: datetime) -> int:
    """Undo `done`: what was put away at that moment or later comes back."""
    require(by, "inbox.use")
    count = Notice.objects.filter(user=by, done_at__gte=since, **about.fields).update(done_at=None)
    counts.forget([by.pk])
    return count


def snooze(*, by: Any, about: About, at: datetime, until: datetime) -> int:
    """
    Let everything about it sleep. News about it wakes nothing up but comes by itself.

    :raises Refused: the moment has passed.
    """
    require(by, "inbox.use")
    if until <= at:
        raise Refused.because("past", _("This moment has passed. Choose a later one."), "until")
    count = _of(by, about).update(snoozed_until=until, read_at=at)
    counts.forget([by.pk])
    return count


@transaction.atomic
def mute(*, by: Any, about: About, at: datetime) -> None:
    """
    Hear nothing more of a record or another subject, and put away what is there.

    Being given it, or named in it, still comes.

    A second time changes nothing.
    """
    require(by, "inbox.use")
    Mute.objects.get_or_create(user=by, **about.fields, defaults={"at": at})
    done(by=by, about=about, at=at)


def unmute(*, by: Any, about: About) -> None:
    """Hear of it again; what came meanwhile is not told afterwards."""
    require(by, "inbox.use")
    Mute.objects.filter(user=by, **about.fields).delete()


def mark_unread(*, by: Any, about: About) -> int:
    """Let it look as if nobody had read it."""
    require(by, "inbox.use")
    count = _of(by, about).update(read_at=None)
    counts.forget([by.pk])
    return count


def mark_read(*, by: Any, about: About, at: datetime) -> int:
    """Note that the person has opened it from the inbox."""
    require(by, "inbox.use")
    count = _of(by, about).filter(read_at=None).update(read_at=at)
    counts.forget([by.pk])
    return count
