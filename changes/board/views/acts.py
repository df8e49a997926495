"""Acts on a meeting, nouns below it. Each leads back to its page; refused, that says why; nothing typed is lost."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.numbers import number_in
from common.refusals import NotAllowed, Refused
from common.time import now
from people.doors import person_of, requires
from records.views.base import see_other

from .. import operations
from ..forms import GuestForm, PlanForm, TopicForm
from ..models import Meeting
from .meeting import meeting_or_404, show


def acted(
    request: HttpRequest, found: Meeting, act: Callable[[], Any], *, said: Any = "", item: int | None = None,
    back: str = "", **left: Any,
) -> HttpResponse:  # fmt: skip
    """
    Do the act and lead back. :param item: the item that stays open. :param left: what was typed, for a refusal.
    """
    try:
        act()
    except NotAllowed:
        raise
    except Refused as refused:
        fresh = meeting_or_404(request, found.key)
        is_about_a_field = refused.status == Refused.status and refused.refusals[0].field is not None
        status = 422 if is_about_a_field else refused.status
        return show(request, fresh, item=item, refused=refused, status=status, **left)
    if said:
        messages.success(request, said)
    target = back or (f"{found.get_absolute_url()}?item={item}#item" if item else found.get_absolute_url())
    return see_other(request, target)


def about(request: HttpRequest) -> dict[str, Any]:
    return {"by": person_of(request), "at": now()}


def number(request: HttpRequest, name: str) -> int | None:
    """A whole number that was sent, None for anything else."""
    return number_in(request.POST.get(name), digits=9)


@requires("cab.plan")
@require_POST
def agenda(request: HttpRequest, key: str) -> HttpResponse:
    """Bring the agenda up to date."""
    found = meeting_or_404(request, key)
    return acted(
        request, found, lambda: operations.gather(meeting=found, **about(request)), said=_("Agenda brought up to date.")
    )


@requires("cab.plan")
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, key: str) -> HttpResponse:
    """Change when, where and with whom."""
    found, person = meeting_or_404(request, key), person_of(request)
    names = ("starts_at", "chair", "secretary", "place", "version")
    initial = {name: getattr(found, name) for name in names}
    form = PlanForm(request.POST or None, viewer=person, is_new=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            revised = operations.revise(meeting=found, by=person, at=now(), **form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refused:
            form.tell(refused.refusals)
        else:
            messages.success(request, _("Saved."))
            return see_other(request, revised.get_absolute_url())
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "meeting": found, "has_board": True}
    return render(request, "changes/board/plan.html", context, status=status)


@requires("cab.plan")
@require_POST
def cancellation(request: HttpRequest, key: str) -> HttpResponse:
    """Call it off."""
    found, reason = meeting_or_404(request, key), request.POST.get("reason", "")
    return acted(
        request,
        found,
        lambda: operations.cancel(meeting=found, **about(request), reason=reason),
        said=_("Called off. Those invited are told."),
        back="/cab/",
        typed_cancel=reason,
    )


@requires("cab.plan")
@require_POST
def guests(request: HttpRequest, key: str) -> HttpResponse:
    """Invite somebody."""
    found = meeting_or_404(request, key)
    form = GuestForm(request.POST, viewer=person_of(request))
    if not form.is_valid():
        return show(request, found, guest_form=form, status=422)
    person = form.cleaned_data["person"]
    return acted(
        request,
        found,
        lambda: operations.invite(meeting=found, **about(request), person=person),
        said=_("%(person)s is invited.") % {"person": person},
        guest_form=form,
    )


@requires("cab.plan")
@require_POST
def guest_removal(request: HttpRequest, key: str, attendee: int) -> HttpResponse:
    """Take an invitation back."""
    found = meeting_or_404(request, key)
    row = found.attendees.select_related("meeting").filter(pk=attendee).first()
    if row is None:
        raise Http404
    return acted(request, found, lambda: operations.uninvite(attendee=row, **about(request)))


@requires("cab.conduct")
@require_POST
def topics(request: HttpRequest, key: str) -> HttpResponse:
    """Put a topic on the agenda."""
    found, form = meeting_or_404(request, key), TopicForm(request.POST, auto_id="topic_%s")
    if not form.is_valid():
        return show(request, found, topic_form=form, status=422)
    return acted(
        request,
        found,
        lambda: operations.add_topic(meeting=found, **about(request), **form.cleaned_data),
        topic_form=form,
    )


@requires("cab.conduct")
@require_POST
def beginning(request: HttpRequest, key: str) -> HttpResponse:
    """Begin the meeting."""
    found = meeting_or_404(request, key)
    return acted(
        request, found, lambda: operations.begin(meeting=found, **about(request)), said=_("Begun. Mark who is there.")
    )


@requires("cab.conduct")
@require_POST
def attendance(request: HttpRequest, key: str) -> HttpResponse:
    """Say who is there."""
    found = meeting_or_404(request, key)
    said = {
        person: str(value)
        for name, value in request.POST.items()
        if name.startswith("person-") and (person := number_in(name.removeprefix("person-"))) is not None
    }
    item = number(request, "item")
    return acted(
        request,
        found,
        lambda: operations.mark(meeting=found, **about(request), attendance=said),
        said=_("Saved."),
        item=item,
        typed_attendance=said,
    )


@requires("cab.conduct")
@require_POST
def remarks(request: HttpRequest, key: str) -> HttpResponse:
    """Write what belongs to no item."""
    found, text = meeting_or_404(request, key), request.POST.get("text", "")
    return acted(
        request,
        found,
        lambda: operations.write_remarks(
            meeting=found, **about(request), text=text, version=number(request, "version")
        ),
        said=_("Saved."),
        item=number(request, "item"),
        typed_remarks=text,
    )


@requires("cab.conduct")
@require_POST
def closure(request: HttpRequest, key: str) -> HttpResponse:
    """Close the minutes."""
    found = meeting_or_404(request, key)
    return acted(
        request,
        found,
        lambda: operations.close(meeting=found, **about(request), version=number(request, "version")),
        said=_("Minutes closed. What is found wrong is added as a correction."),
    )


@requires("cab.conduct")
@require_POST
def corrections(request: HttpRequest, key: str) -> HttpResponse:
    """Add to closed minutes."""
    found, text = meeting_or_404(request, key), request.POST.get("text", "")
    return acted(
        request,
        found,
        lambda: operations.correct(meeting=found, **about(request), text=text),
        said=_("Correction added."),
        typed_correction=text,
    )
