"""The template of the readiness checklist: what new releases are asked."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_safe

from common.numbers import version_in
from people.access import access_of
from people.doors import requires
from records.views.base import saved

from .. import operations
from ..enums import Type
from ..forms import LineForm
from ..models import ChecklistItem

ADDRESS = "/releases/checklist/"


@requires("record.queue")
@require_safe
def checklist(request: HttpRequest) -> HttpResponse:
    """Every line, those that are asked first."""
    labels = dict(Type.choices)
    lines = [
        {"line": each, "types": [labels[name] for name in each.types if name in labels]}
        for each in ChecklistItem.objects.order_by("-is_active", "position", "pk")
    ]
    can_set = access_of(request.user).allows("release.set_checklist")
    return render(request, "releases/checklist.html", {"lines": lines, "can_set": can_set})


@requires("release.set_checklist")
@require_http_methods(["GET", "HEAD", "POST"])
def new_line(request: HttpRequest) -> HttpResponse:
    """Ask one thing more."""
    if request.method != "POST":
        return _ask(request, LineForm(is_new=True))
    form = LineForm(request.POST, is_new=True)
    return _save(request, form, lambda said: operations.add_line(by=request.user, at=now(), **said))


@requires("release.set_checklist")
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, key: int) -> HttpResponse:
    """Change one line."""
    found = get_object_or_404(ChecklistItem, pk=key)
    if request.method != "POST":
        return _ask(
            request, LineForm(initial={name: getattr(found, name) for name in LineForm.base_fields}), line=found
        )
    typed = request.POST.get("version", "")
    version = version_in(typed)
    return _save(
        request,
        LineForm(request.POST),
        lambda said: operations.change_line(line=found, by=request.user, at=now(), version=version, **said),
        line=found,
    )


def _save(request: HttpRequest, form: LineForm, act: Any, **about: Any) -> HttpResponse:
    return saved(request, form, act, ask=lambda status: _ask(request, form, status=status, **about), url=ADDRESS)


def _ask(request: HttpRequest, form: LineForm, *, line: Any = None, status: int = 200) -> HttpResponse:
    return render(request, "releases/checklist_line.html", {"form": form, "line": line}, status=status)
