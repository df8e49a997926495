"""Which list an address means for a person: its view, its query, its order."""

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from people.access import access_of

from ..models import SavedView, ViewStar
from ..operations import views as view_operations
from ..query import Clock, Scene
from ..queue.state import QueueState, read_state

LONGEST_ADDRESS = 4_000


def scene_of(request: HttpRequest, at: datetime) -> Scene:
    """Who asks, when, in which zone."""
    zone = timezone.get_current_timezone()
    return Scene(request.user, Clock(at, zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")))


def views_of(user: Any) -> list[SavedView]:
    """The views that the person may use, starred ones first, each with `is_starred` and its shown name."""
    starred = Exists(ViewStar.objects.filter(view=OuterRef("pk"), user=user.pk))
    found = list(SavedView.objects.visible_to(user).annotate(is_starred=starred))
    for view in found:
        view.label = view_operations.label_of(view)  # type: ignore[attr-defined]
    return sorted(found, key=lambda view: not view.is_starred)  # type: ignore[attr-defined]


def chosen_view(views: list[SavedView], slug: str, user: Any) -> SavedView | None:
    """
    The view with this short name: one's own before a team's before a shared one.

    Without a name the first starred one, else the team's queue, else all open tickets.
    """
    if not slug:
        starred = [view for view in views if view.is_starred]  # type: ignore[attr-defined]
        usual = "my-team" if access_of(user).team_ids else "open"
        return next(iter(starred), None) or next((view for view in views if view.slug == usual), None)
    named = [view for view in views if view.slug == slug]
    return min(named, key=lambda view: (view.owner_id is None, view.team_id is None), default=None)


def state_for(request: HttpRequest, slug: str, at: datetime) -> tuple[QueueState, list[SavedView]]:
    """:raises Http404: the person has no view of this name."""
    views = views_of(request.user)
    view = chosen_view(views, slug, request.user) if slug or "q" not in request.GET else None
    if slug and view is None:
        raise Http404
    path = reverse("records:queue_view", args=[view.slug]) if view else reverse("records:queue")
    return read_state(request.GET, scene=scene_of(request, at), path=path, view=view), views


def state_at(request: HttpRequest, address: str, at: datetime) -> QueueState:
    """The list at an address, as this person may see it; their usual one when it is the address of none."""
    parts = urlsplit(address[:LONGEST_ADDRESS])
    try:
        match = resolve(parts.path)
    except Resolver404:
        match = None
    is_list = match is not None and match.view_name in ("records:queue", "records:queue_view")
    slug = match.kwargs.get("view", "") if is_list and match is not None else ""
    said = dict(parse_qsl(parts.query)) if is_list else {}
    view = chosen_view(views_of(request.user), slug, request.user) if slug or "q" not in said else None
    return read_state(said, scene=scene_of(request, at), path=parts.path if is_list else "/queue/", view=view)
