"""Doors for what hangs on a record: links, followers, the checklist."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.numbers import number_in
from common.refs import parse_reference
from common.refusals import Refused
from people.doors import requires
from people.queries import people_visible_to

from .. import operations
from ..enums import LinkKind
from ..models import Link, Record, Task
from .base import act_and_return, address_for, record_or_404, see_other


@requires("record.view")
@require_safe
def go(request: HttpRequest, number: int) -> HttpResponse:
    """Lead from a bare number, or any old reference, to the record's page."""
    return see_other(request, address_for(request.user, record_or_404(request.user, number)))


@requires("record.link")
@require_POST
def links(request: HttpRequest, number: int) -> HttpResponse:
    """Link the record to the one whose reference was typed."""
    record = record_or_404(request.user, number)
    typed, kind = request.POST.get("to", ""), request.POST.get("kind", "")

    def act() -> None:
        other = parse_reference(typed)
        found = Record.objects.visible_to(request.user).filter(pk=other or 0).first()
        if found is None:
            raise Refused.because(
                "unknown", _("There is no record “%(typed)s”. Type a reference such as INC-1042.") % {"typed": typed}
            )
        if kind not in LinkKind.values:
            raise Refused.because("unknown_kind", _("Choose how the two belong together."))
        operations.link(record=record, to=found.specific, kind=kind, by=request.user, at=now())

    return act_and_return(request, record, act, said=_("Linked."), typed={"link_to": typed, "link_kind": kind})


@requires("record.link")
@require_POST
def link_removal(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Remove a link of this record, in whichever direction it was made."""
    record = record_or_404(request.user, number)
    link = get_object_or_404(Link.objects.select_related("from_record", "to_record"), pk=key)
    ends = {link.from_record_id, link.to_record_id}
    if record.pk not in ends or Record.objects.visible_to(request.user).filter(pk__in=ends).count() < len(ends):
        raise Http404
    return act_and_return(
        request,
        record,
        lambda: operations.unlink(link=link, by=request.user, at=now()),
        said=_("Link removed."),
    )


@requires("record.watch")
@require_POST
def watching(request: HttpRequest, number: int) -> HttpResponse:
    """Follow the record, or stop: the button says which."""
    record = record_or_404(request.user, number)
    if request.POST.get("follow") == "no":
        return act_and_return(
            request,
            record,
            lambda: operations.unwatch(record=record, by=request.user, at=now()),
            said=_("You no longer follow this."),
        )
    return act_and_return(
        request,
        record,
        lambda: operations.watch(record=record, by=request.user, at=now()),
        said=_("You follow this now."),
    )


@requires("record.add_watcher")
@require_POST
def watchers(request: HttpRequest, number: int) -> HttpResponse:
    """Let somebody else follow the record, or no longer."""
    record = record_or_404(request.user, number)
    key = request.POST.get("person", "")
    person = people_visible_to(request.user).filter(pk=number_in(key) or 0).first()

    def act() -> None:
        if person is None:
            raise Refused.because("unknown", _("Choose a person from the list."))
        change = operations.remove_watcher if request.POST.get("remove") else operations.add_watcher
        change(record=record, user=person, by=request.user, at=now())

    return act_and_return(request, record, act)


@requires("record.task")
@require_POST
def tasks(request: HttpRequest, number: int) -> HttpResponse:
    """Put a step on the checklist."""
    record = record_or_404(request.user, number)
    return act_and_return(
        request,
        record,
        lambda: operations.add_task(
            record=record,
            by=request.user,
            at=now(),
            title=request.POST.get("title", ""),
            is_mandatory=bool(request.POST.get("is_mandatory")),
        ),
    )


@requires("record.task")
@require_POST
def task(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Tick a step, skip it with a reason, or take that back."""
    record = record_or_404(request.user, number)
    step = get_object_or_404(Task.objects.select_related("record"), pk=key, record_id=record.pk)
    moment, act = now(), request.POST.get("act", "")
    if act == "skip":
        reason = request.POST.get("reason", "")
        return act_and_return(
            request, record, lambda: operations.skip_task(task=step, by=request.user, at=moment, reason=reason)
        )
    change = operations.reopen_task if act == "reopen" else operations.complete_task
    return act_and_return(request, record, lambda: change(task=step, by=request.user, at=moment))
