"""Pages of notes: a new one, and one's own to change."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from people.doors import person_of, requires
from records import once
from records.views.base import saved
from records.views.making import made_once

from .. import filters, known
from ..declarations import KPI
from . import operations
from .forms import NoteForm
from .models import Note
from .operations import OPERATION


def _kpi(name: str) -> KPI:
    try:
        return known.kpi(name)
    except KeyError:
        raise Http404 from None


def _beside(note: Note) -> str:
    """The page of the measure with the days of the note, and some around it."""
    first, last = note.day_from - timedelta(days=15), note.day_to + timedelta(days=14)
    return f"{reverse('measurement:kpi', args=[note.kpi])}?from={first}&to={last}"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(OPERATION)
def new(request: HttpRequest, name: str) -> HttpResponse:
    """Write one beside the days that the address is about."""
    user, at, kpi = person_of(request), now(), _kpi(name)

    def ask(token: str, status: int) -> HttpResponse:
        return _page(request, form, kpi, token=token, status=status)

    if request.method != "POST":
        asked = filters.read(request.GET, user, at=at)
        day = min(asked.span.day_to - timedelta(days=1), asked.today)
        form = NoteForm(viewer=user, initial={"day_from": day, "audience": "own"})
        return ask(once.new_token(), 200)
    form = NoteForm(request.POST, viewer=user)

    def make() -> str:
        made = operations.write(by=user, at=at, kpi=kpi.id, **form.values)
        messages.success(request, _("Note written."))
        return _beside(made)

    return made_once(request, form, make, ask=ask)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(OPERATION)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one's note."""
    user = person_of(request)
    found = get_object_or_404(Note.objects.visible_to(user).filter(author=user), pk=pk)
    kpi = _kpi(found.kpi)
    if request.method != "POST":
        return _page(request, NoteForm.of(found, user), kpi, found)
    form = NoteForm(request.POST, viewer=user)
    return saved(
        request, form, over=("version", found), said=_("Note saved."), url=_beside,
        act=lambda said: operations.change(note=found, by=user, at=now(), version=said["version"], **form.values),
        ask=lambda status: _page(request, form, kpi, found, status=status),
    )  # fmt: skip


def _page(
    request: HttpRequest, form: NoteForm, kpi: KPI, found: Note | None = None, *, token: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "kpi": kpi, "note": found, "token": token}
    return render(request, "measurement/notes/note.html", context, status=status)


@require_POST
@requires(OPERATION)
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's note away."""
    user = person_of(request)
    found = get_object_or_404(Note.objects.visible_to(user), pk=pk)
    operations.remove(note=found, by=user, at=now())
    messages.success(request, _("Note removed."))
    return redirect(_beside(found))
