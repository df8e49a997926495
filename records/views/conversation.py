"""Doors for what people say on a record: replies with their undo time, work notes, drafts."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.numbers import number_in
from common.refusals import Refused
from people.doors import person_of, requires

from .. import operations, practices
from ..models import Comment
from ..operations.drafts import adopt_draft
from ..operations.files import keep_upload
from ..rendering import slips
from .base import address_for, is_worked_on_by, pressed, record_or_404, see_other
from .queue_play import after_reply

COMPOSERS = frozenset({"reply", "note"})
LONGEST_LIST = 5


class NotSent(Refused):
    """The reply stays in its composer, since something about it wants a second look."""


@requires("record.reply")
@require_POST
def replies(request: HttpRequest, number: int) -> HttpResponse:
    """Reply in public. Staff get 10 s to take it back; without script, and for requesters, it goes out at once."""
    record = record_or_404(request.user, number)
    moment, text = now(), request.POST.get("text", "")
    is_staff_side = is_worked_on_by(request.user, record)
    try:
        if is_staff_side and not request.POST.get("confirmed"):
            _look_twice(record, request, text)
        said: dict[str, Any] = {
            "record": record,
            "by": request.user,
            "at": moment,
            "text": text,
            "send": request.POST.get("send", ""),
            "kept_files": tuple(keep_upload(each) for each in request.FILES.getlist("files")),
        }
        if is_staff_side and not request.POST.get("at_once"):
            operations.hold_reply(**said)
        else:
            operations.send_now(**said if is_staff_side else said | {"send": ""})
            operations.discard_draft(user=request.user, record=record, composer="reply")
            messages.success(request, _("Reply sent."))
    except Refused as refused:
        return _keep(request, record, composer="reply", text=text, why=refused)
    elsewhere = after_reply(request, record, moment) if is_staff_side else ""
    if elsewhere:
        _tell_elsewhere(request, record)
        return see_other(request, elsewhere)
    return see_other(request, address_for(request.user, record) + "#latest")


def _tell_elsewhere(request: HttpRequest, record: Any) -> None:
    """On the next page: the reply is on its way, and how to take it back while it is held."""
    if request.POST.get("at_once"):
        return
    text = _("The reply on %(reference)s goes out in 10 seconds.") % {"reference": record.reference}
    messages.success(request, text, extra_tags=f"/r/{record.reference}/replies/taking-back/")


def _look_twice(record: Any, request: HttpRequest, text: str) -> None:
    """:raises NotSent: the text holds what is for us only, or somebody replied while it was written."""
    seen = request.POST.get("seen", "")
    newer = Comment.objects.filter(record_id=record.pk, is_public=True, pk__gt=number_in(seen) or 0)
    newest = newer.exclude(author=person_of(request)).select_related("author").order_by("-pk").first() if seen else None
    if newest is not None:
        raise NotSent.because(
            "overtaken",
            _("%(name)s replied while you were writing. Read it above, then send yours, changed or as it is.")
            % {"name": newest.author},
            field="text",
        )
    found = slips(text, prefixes={practice.prefix for practice in practices.all_practices()})
    if found:
        raise NotSent.because(
            "slip",
            _("The requester would read %(found)s. Take it out, or send it as it stands.")
            % {"found": ", ".join(found[:LONGEST_LIST])},
            field="text",
        )


@requires("record.note")
@require_POST
def notes(request: HttpRequest, number: int) -> HttpResponse:
    """Write a work note, with files that only the team sees."""
    record = record_or_404(request.user, number)
    moment, text = now(), request.POST.get("text", "")
    try:
        uploads = [keep_upload(each) for each in request.FILES.getlist("files")]
        comment = operations.add_note(record=record, by=request.user, at=moment, text=text)
        for kept in uploads:
            operations.attach_kept(
                record=record, by=request.user, at=moment, kept=kept, is_public=False, comment=comment
            )
    except Refused as refused:
        return _keep(request, record, composer="note", text=text, why=refused)
    operations.discard_draft(user=request.user, record=record, composer="note")
    messages.success(request, _("Note saved."))
    return see_other(request, address_for(request.user, record) + "#latest")


def _keep(request: HttpRequest, record: Any, *, composer: str, text: str, why: Refused) -> HttpResponse:
    """Keep what was typed with the reason why it was not sent; the page shows both, in any browser."""
    content = {"text": text, "wants_confirmation": isinstance(why, NotSent)}
    if text.strip():
        operations.save_draft(
            user=request.user,
            record=record,
            composer=composer,
            content=content,
            at=now(),
            error=str(why),
        )
    else:
        messages.error(request, str(why))
    return see_other(request, f"{address_for(request.user, record)}#composer-{composer}")


@requires("record.reply")
@require_POST
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Undo send."""
    record = record_or_404(request.user, number)
    address = address_for(request.user, record)
    return pressed(
        request, lambda: operations.take_back(record=record, by=request.user, at=now()),
        url=address + "#composer-reply", back=address,
    )  # fmt: skip


@requires("record.reply")
@require_POST
def release(request: HttpRequest, number: int) -> HttpResponse:
    """Send this person's held replies whose time is over; the page asks for it when its countdown ends."""
    record_or_404(request.user, number)
    operations.release_held(at=now(), user=request.user)
    return HttpResponse(status=204, headers={"HX-Trigger": "steward:stale"})


@requires("record.view")
@require_POST
def drafts(request: HttpRequest, number: int, composer: str) -> HttpResponse:
    """Keep what is being typed."""
    record = record_or_404(request.user, number)
    if composer not in COMPOSERS:
        raise Http404
    text = request.POST.get("text", "")
    try:
        operations.save_draft(
            user=request.user,
            record=record,
            composer=composer,
            content={"text": text},
            at=now(),
            is_shared=is_worked_on_by(request.user, record) and request.POST.get("audience") == "team",
        )
    except Refused as refused:
        return HttpResponse(str(refused), status=422, content_type="text/plain")
    return HttpResponse(status=204)


@requires("record.read_notes")
@require_POST
def adoption(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Go on with what a colleague has begun."""
    record = record_or_404(request.user, number)
    address = address_for(request.user, record)
    return pressed(
        request, lambda: adopt_draft(record=record, by=request.user, at=now(), key=key),
        url=lambda draft: f"{address}#composer-{draft.composer if draft else 'reply'}", back=address,
    )  # fmt: skip
