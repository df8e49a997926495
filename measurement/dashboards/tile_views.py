"""Pages of tiles: add, change, arrange, remove, take back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.numbers import number_in
from common.refusals import Refused, Stale
from people.doors import person_of, requires

from . import operations
from .forms import TileForm
from .models import Dashboard, Tile
from .views import EDIT, own, refreshed


@requires(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a tile at the end. `?kpi=` chooses the measure, as its page does."""
    dashboard, user = own(request, pk), person_of(request)
    if request.method != "POST":
        initial = {"kpi": request.GET.get("kpi", ""), "version": dashboard.version}
        return _page(request, TileForm(viewer=user, initial=initial), dashboard)
    form = TileForm(request.POST, viewer=user)
    return _save(request, form, dashboard, lambda version: operations.add_tile(
        dashboard=dashboard, by=user, at=now(), version=version, **form.values()
    ))  # fmt: skip


@requires(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def tile(request: HttpRequest, pk: int, tile: int) -> HttpResponse:
    """Change what a tile shows."""
    dashboard, user = own(request, pk), person_of(request)
    found = _tile(dashboard, tile)
    if request.method != "POST":
        return _page(request, TileForm.of(found, user), dashboard, found)
    form = TileForm(request.POST, viewer=user)
    return _save(request, form, dashboard, lambda version: operations.change_tile(
        tile=found, by=user, at=now(), version=version, **form.values()
    ), found)  # fmt: skip


def _save(
    request: HttpRequest, form: TileForm, dashboard: Dashboard, act: Any, found: Tile | None = None
) -> HttpResponse:
    status = 422
    if form.is_valid():
        try:
            act(form.cleaned_data["version"])
        except Stale as stale:
            form.tell(stale.refusals)
            form.data = again = request.POST.copy()
            again["version"] = str(Dashboard.objects.values_list("version", flat=True).get(pk=dashboard.pk))
            status = 409
        except Refused as refused:
            form.tell(refused.refusals)
        else:
            return redirect(f"{dashboard.get_absolute_url()}?edit=1")
    return _page(request, form, dashboard, found, status=status)


def _page(
    request: HttpRequest, form: TileForm, dashboard: Dashboard, found: Tile | None = None, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "dashboard": dashboard, "tile": found}
    return render(request, "measurement/dashboards/tile.html", context, status=status)


@requires(EDIT)
@require_POST
def place(request: HttpRequest, pk: int, tile: int) -> HttpResponse:
    """Move a tile, or make it wider; a script gets the new version, or the reason in a sentence."""
    dashboard = own(request, pk)
    found = _tile(dashboard, tile)
    numbers = {name: _number(request.POST.get(name, "")) for name in ("to", "width", "version")}
    to = found.position if numbers["to"] is None else numbers["to"]
    is_script = bool(request.headers.get("HX-Request"))
    try:
        operations.place_tile(
            tile=found, by=request.user, at=now(), to=to, width=numbers["width"], version=numbers["version"]
        )
    except Refused as refused:
        if is_script:
            return JsonResponse({"text": str(refused)}, status=409)
        messages.error(request, str(refused))
    if is_script:
        version = Dashboard.objects.values_list("version", flat=True).get(pk=pk)
        return JsonResponse({"version": version, "text": _("Moved.")})
    return redirect(f"{dashboard.get_absolute_url()}?edit=1#tile-{tile}")


@requires(EDIT)
@require_POST
def removal(request: HttpRequest, pk: int, tile: int) -> HttpResponse:
    """Take a tile away; the toast takes it back."""
    dashboard = own(request, pk)
    found = _tile(dashboard, tile)
    operations.remove_tile(tile=found, by=request.user, at=now())
    messages.success(request, _("Tile removed."), extra_tags=reverse("dashboards:tile_return", args=[pk, tile]))
    return redirect(f"{dashboard.get_absolute_url()}?edit=1")


@requires(EDIT)
@require_POST
def taking_back(request: HttpRequest, pk: int, tile: int) -> HttpResponse:
    """Undo the removal of a tile."""
    dashboard = own(request, pk)
    try:
        operations.take_tile_back(tile=_tile(dashboard, tile), by=request.user, at=now())
    except Refused as refused:
        messages.error(request, str(refused))
    return refreshed(request, redirect(f"{dashboard.get_absolute_url()}?edit=1"))


def _tile(dashboard: Dashboard, key: int) -> Tile:
    return get_object_or_404(Tile.objects.select_related("dashboard"), pk=key, dashboard=dashboard)


def _number(text: str) -> int | None:
    return number_in(text, digits=9)
