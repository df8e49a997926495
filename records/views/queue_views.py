"""Saving, changing, removing and starring views of the queue."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.numbers import number_in
from common.refusals import NotAllowed, Refused
from people.doors import requires
from people.models import Team

from ..models import SavedView
from ..operations import views as view_operations
from .base import see_other


def _contents(request: HttpRequest) -> dict[str, Any]:
    said = request.POST
    return {
        "query": said.get("q", ""),
        "columns": [name for name in said.get("cols", "").split(",") if name],
        "sort": said.get("sort", ""),
        "grouping": said.get("group", ""),
    }


def _view(request: HttpRequest, key: int) -> SavedView:
    found = SavedView.objects.visible_to(request.user).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


@require_POST
@requires("view.save")
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list as a new view: for oneself, a team of one's own, or all."""
    whom = request.POST.get("whom", "me")
    team, team_key = None, number_in(whom)
    if team_key is not None:
        team = Team.objects.filter(pk=team_key, memberships__user=request.user.pk).first()
        if team is None:
            raise Http404
    try:
        view = view_operations.save_view(
            by=request.user,
            name=request.POST.get("name", ""),
            team=team,
            is_shared=whom == "all",
            **_contents(request),
        )
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        is_search = request.POST.get("from") == "search"
        back = f"/search/?{urlencode({'q': request.POST.get('q', '')})}" if is_search else reverse("records:queue")
        return see_other(request, back)
    if request.POST.get("from") == "search":
        messages.success(request, _("Saved: %(name)s.") % {"name": view.name})
        return see_other(request, f"/search/?{urlencode({'q': view.query})}")
    view_operations.star(view=view, by=request.user)
    return see_other(request, reverse("records:queue_view", args=[view.slug]))


@require_POST
@requires("view.save")
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Let a view show what the list shows now."""
    view = _view(request, key)
    try:
        view_operations.change_view(view=view, by=request.user, **_contents(request))
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    return see_other(request, reverse("records:queue_view", args=[view.slug]))


@require_POST
@requires("view.save")
def remove(request: HttpRequest, key: int) -> HttpResponse:
    view_operations.remove_view(view=_view(request, key), by=request.user)
    return see_other(request, reverse("records:queue"))


@require_POST
@requires("record.queue")
def star(request: HttpRequest, key: int) -> HttpResponse:
    """Star the view, or take the star away; answers the star."""
    view = _view(request, key)
    is_starred = not view.stars.filter(user=request.user.pk).exists()
    (view_operations.star if is_starred else view_operations.unstar)(view=view, by=request.user)
    if not request.headers.get("HX-Request"):
        return see_other(request, reverse("records:queue_view", args=[view.slug]))
    view.is_starred = is_starred  # type: ignore[attr-defined]
    return render(request, "records/queue/star.html", {"view": view})
