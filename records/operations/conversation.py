"""Replying in public and writing work notes."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import acts
from common.refusals import Refused
from common.speech import plainly
from people.access import access_of, require

from .. import changing
from ..events import EventKind
from ..models import Comment

LONGEST_TEXT = 100_000


def require_text(text: str) -> str:
    """The text without blanks around it. :raises Refused: empty or too long."""
    text = text.replace("\x00", "").strip()
    if not text:
        raise Refused.because("empty", _("There is no text yet. Write something, then send it."), field="text")
    if len(text) > LONGEST_TEXT:
        raise Refused.because(
            "too_long",
            _("The text has %(length)s characters; %(limit)s fit. Shorten it or attach it as a file.")
            % {"length": len(text), "limit": LONGEST_TEXT},
            field="text",
        )
    return text


@transaction.atomic
def reply(*, record: Any, by: Any, at: datetime, text: str) -> Comment:
    """
    Write a public reply, which the requester and the followers read.

    The first reply of the provider's side stops the response clock; a reply of the requester's side resumes what
    waits for them. Who is told of it is decided after the commit.

    :param at: moment of the act; for a held reply the key press, not the release.
    :raises NotAllowed: the person may not reply here. :raises Refused: no text, or the record is closed.
    """
    locked = changing.lock(record)
    require(by, "record.reply", locked)
    text = require_text(text)
    if locked.closed_at is not None:
        raise Refused.because(
            "closed",
            _("%(reference)s is closed; nobody would read a reply. Open a new one and link it.")
            % {"reference": locked.reference},
        )
    is_from_requester_side = by is not None and not access_of(by).allows_on("record.note", locked)
    comment = Comment.objects.create(
        record_id=locked.pk,
        author=by,
        text=text,
        is_public=True,
        is_from_requester_side=is_from_requester_side,
        at=at,
        channel=acts.current().channel,
    )
    before = changing.snapshot(locked)
    locked.reply_count += 1
    locked.replied_at = at
    locked.is_replied_by_requester = is_from_requester_side
    if not is_from_requester_side and locked.responded_at is None:
        locked.responded_at = at
    changes = changing.differences(locked, before)
    changing.save(locked, changes, at)
    changing.write_down(
        locked,
        kind=EventKind.COMMENTED,
        action=f"{locked.kind}.replied",
        by=by,
        at=at,
        changes=changes,
        data={"comment": comment.pk, "is_from_requester_side": is_from_requester_side},
        comment=comment,
    )
    move = locked.practice.resumes_on_reply.get(locked.state)
    if is_from_requester_side and move and locked.state_reason == "requester":
        from .. import transitions  # late: the practices that transitions asks import these operations

        with plainly():
            reason = _("The requester replied.")
        transitions.apply(record=locked, name=move, by=None, at=at, reason=reason)
    return comment


@transaction.atomic
def add_note(*, record: Any, by: Any, at: datetime, text: str) -> Comment:
    """
    Write a work note, which only the provider's people read. It stops no clock and tells no requester.

    :raises NotAllowed: the person may not write notes here. :raises Refused: no text.
    """
    locked = changing.lock(record)
    require(by, "record.note", locked)
    comment = Comment.objects.create(
        record_id=locked.pk,
        author=by,
        text=require_text(text),
        is_public=False,
        at=at,
        channel=acts.current().channel,
    )
    changing.save(locked, (), at)
    changing.write_down(
        locked,
        kind=EventKind.COMMENTED,
        action=f"{locked.kind}.noted",
        by=by,
        at=at,
        data={"comment": comment.pk},
        comment=comment,
    )
    return comment
