"""What was typed and not sent yet; replies held for their undo time, and their release."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from audit.acts import acting
from audit.models import Channel
from common.refusals import Refused
from people.access import require

from ..models import Draft, Record
from . import conversation, files

UNDO_TIME = timedelta(seconds=10)
LONGEST_DRAFT = conversation.LONGEST_TEXT
HELD = "held"
REPLY = "reply"


def save_draft(
    *,
    user: Any,
    record: Record | None,
    composer: str,
    content: Mapping[str, Any],
    at: datetime,
    error: str = "",
    is_shared: bool | None = None,
) -> Draft | None:
    """
    Keep what a person has typed; an empty text removes the draft. Nothing is logged: it is not said yet.

    :param composer: reply or note; new for a ticket that does not exist yet (no record).
    :param is_shared: whether those who work on the record see it too; None leaves that as it is.
    :param error: why sending it failed, shown beside the text.
    :raises Refused: longer than a text may be.
    """
    if sum(len(str(value)) for value in content.values()) > 2 * LONGEST_DRAFT:
        raise Refused.because("too_long", _("The draft is too long to be kept. Shorten it."), field="text")
    if not any(str(value).strip() for value in content.values()):
        discard_draft(user=user, record=record, composer=composer)
        return None
    cleaned = {name: value.replace("\x00", "") if isinstance(value, str) else value for name, value in content.items()}
    draft, _is_new = Draft.objects.update_or_create(
        user=user,
        record=record,
        composer=composer,
        defaults={
            "content": cleaned,
            "written_at": at,
            "send_at": None,
            "error": error,
            **({} if is_shared is None else {"is_shared": is_shared}),
        },
    )
    return draft


def adopt_draft(*, record: Record, by: Any, at: datetime, key: int) -> Draft | None:
    """
    Take a colleague's shared text into one's own composer, behind what stands there. Theirs stays.

    :raises NotAllowed: the person does not work on this record. :raises Refused: it is not shared any more.
    """
    require(by, "record.read_notes", record)
    theirs = Draft.objects.filter(pk=key, record_id=record.pk, is_shared=True, send_at=None).first()
    if theirs is None:
        raise Refused.because("gone", _("This draft was sent, removed, or is no longer shared."))
    own = Draft.objects.filter(user=by, record_id=record.pk, composer=theirs.composer).first()
    texts = [each.content.get("text", "") for each in (own, theirs) if each is not None]
    content = {"text": "\n\n".join(text for text in texts if text)}
    return save_draft(user=by, record=record, composer=theirs.composer, content=content, at=at)


def discard_draft(*, user: Any, record: Record | None, composer: str) -> None:
    """Forget a draft, if there is one."""
    Draft.objects.filter(user=user, record=record, composer=composer).delete()


@transaction.atomic
def hold_reply(
    *, record: Record, by: Any, at: datetime, text: str, send: str = "", kept_files: tuple[Mapping[str, Any], ...] = ()
) -> Draft:
    """
    Hold a public reply for 10 s, in which its author can take it back. It is sent then as of `at`, the key press.

    A reply of the same person that is still held goes out at once, so that the two keep their order.

    :param send: name of the practice's `Send` that follows in the same act; empty keeps the state.
    :param kept_files: what `files.keep_upload` answered.
    :raises NotAllowed: the person may not reply here. :raises Refused: no text.
    """
    require(by, "record.reply", record)
    text = conversation.require_text(text)
    earlier = Draft.objects.select_for_update().filter(user=by, record_id=record.pk, composer=HELD).first()
    if earlier is not None:
        _send(earlier, at=at)
    discard_draft(user=by, record=record, composer=REPLY)
    return Draft.objects.create(
        user=by,
        record_id=record.pk,
        composer=HELD,
        content={"text": text, "send": send, "files": list(kept_files)},
        written_at=at,
        send_at=at + UNDO_TIME,
    )


@transaction.atomic
def take_back(*, record: Record, by: Any, at: datetime) -> Draft:
    """
    Undo the sending of a held reply: it is a draft again, before what was typed meanwhile.

    :raises Refused: it has gone out.
    """
    held = Draft.objects.select_for_update().filter(user=by, record_id=record.pk, composer=HELD).first()
    if held is None:
        raise Refused.because(
            "gone", _("The reply has gone out already. Write another one if something in it is wrong.")
        )
    return _back_to_composer(held, at=at)


def _back_to_composer(held: Draft, *, at: datetime, error: str = "") -> Draft:
    typed = Draft.objects.filter(user_id=held.user_id, record_id=cast(int, held.record_id), composer=REPLY).first()
    texts = [held.content["text"], *([typed.content.get("text", "")] if typed else [])]
    if typed is not None:
        typed.delete()
    held.composer, held.send_at, held.error, held.written_at = REPLY, None, error, at
    held.content = held.content | {"text": "\n\n".join(text for text in texts if text)}
    held.save(update_fields=["composer", "send_at", "error", "written_at", "content"])
    return held


def _send(held: Draft, *, at: datetime) -> None:
    """Send one held reply as of its key press; when that is refused, give it back to its author with the reason."""
    try:
        with transaction.atomic(), acting(channel=Channel.WEB):
            send_now(
                record=cast(Record, held.record),  # a held reply always has one
                by=held.user,
                at=held.written_at,
                text=held.content["text"],
                send=held.content.get("send", ""),
                kept_files=tuple(held.content.get("files", ())),
            )
    except Refused as refused:
        _back_to_composer(held, at=at, error=_("The reply was not sent. %(why)s") % {"why": refused})
    else:
        held.delete()


@transaction.atomic
def send_now(
    *, record: Record, by: Any, at: datetime, text: str, send: str = "", kept_files: tuple[Mapping[str, Any], ...] = ()
) -> Any:
    """
    Reply in public, add the files to the reply, and make the move that was chosen with it: all of it or nothing.

    :raises NotAllowed: :raises Refused: the reply, a file or the move is not possible.
    """
    comment = conversation.reply(record=record, by=by, at=at, text=text)
    for kept in kept_files:
        files.attach_kept(record=record, by=by, at=at, kept=kept, is_public=True, comment=comment)
    chosen = record.practice.sends.get(send)
    if chosen is not None:
        act = getattr(record.practice.operations, chosen.move)
        act(**{record.kind: record.specific}, by=by, at=at, **chosen.inputs(text))
    return comment


def release_held(*, at: datetime, user: Any = None, rows: int = 100) -> int:
    """
    Send held replies whose undo time has passed; a bounded number, each in its own transaction.

    Several workers may do this at once: each row is locked by one of them and looked at afresh.

    :param user: only those of this person.
    :returns: how many were sent or given back.
    """
    due = Draft.objects.filter(send_at__lte=at).order_by("send_at", "id")
    if user is not None:
        due = due.filter(user=user)
    released = 0
    for key in list(due.values_list("pk", flat=True)[:rows]):
        with transaction.atomic():
            held = (
                Draft.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("user", "record")
                .filter(pk=key, send_at__lte=at)
                .first()
            )
            if held is not None:
                _send(held, at=at)
                released += 1
    return released
