"""Pages of dashboards: all one may read, one of them, its wall, and its settings."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.numbers import number_in
from common.refusals import NotAllowed, Refused
from people.access import access_of, can
from people.doors import person_of, requires
from records.views.base import saved

from .. import filters, offers, periods, queries
from . import operations
from .forms import NameForm, SettingsForm
from .models import Dashboard
from .showing import Board

VIEW, EDIT = "dashboard.view", "dashboard.edit"
EVERY_SECONDS = 60
MOST_LISTED = 300


@require_safe
@requires(VIEW)
def dashboards(request: HttpRequest) -> HttpResponse:
    """One's own, those of one's roles and teams, and what others have shared."""
    user = person_of(request)
    found = list(Dashboard.objects.visible_to(user).select_related("owner")[:MOST_LISTED])
    context = {
        "own": [each for each in found if each.owner_id == user.pk],
        "shipped": [each for each in found if each.is_shipped],
        "shared": [each for each in found if each.owner_id not in (None, user.pk)],
        "form": NameForm(),
        "may_edit": can(user, EDIT),
    }
    return render(request, "measurement/dashboards/list.html", context)


@requires(EDIT)
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Make one, empty or as a copy."""
    user, form = person_of(request), NameForm(request.POST)
    source = request.POST.get("copy_of", "")
    copied = None
    if source:
        copied = get_object_or_404(Dashboard.objects.visible_to(user), pk=number_in(source))
    if form.is_valid():
        try:
            made = operations.create(by=user, at=now(), name=form.cleaned_data["name"], copy_of=copied)
        except Refused as refused:
            form.tell(refused.refusals)
        else:
            return redirect(f"{reverse('dashboards:dashboard', args=[made.pk])}?edit=1")
    context = {"form": form, "copied": copied}
    return render(request, "measurement/dashboards/new.html", context, status=422)


@require_safe
@requires(VIEW)
def dashboard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The tiles over the days asked for; `?edit=1` lets its owner arrange them."""
    found = seen(request, pk)
    context = board_context(request, found, is_patient=False)
    is_own = found.owner_id == request.user.pk and can(request.user, EDIT)
    context |= {"is_own": is_own, "is_edited": is_own and "edit" in request.GET, "may_edit": can(request.user, EDIT)}
    return render(request, "measurement/dashboards/dashboard.html", context)


@require_safe
@requires(VIEW)
def wall(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same tiles, large, for a screen on a wall; its tiles alone for a page that refreshes itself."""
    screens = offers.for_person(access_of(request.user), is_of_dashboards=True)
    context = board_context(request, seen(request, pk)) | {"every_seconds": EVERY_SECONDS, "offers": screens}
    is_part = bool(request.headers.get("HX-Request"))
    name = "measurement/dashboards/_wall.html" if is_part else "measurement/dashboards/wall.html"
    response = render(request, name, context)
    response["Vary"] = "HX-Request"
    return response


@requires(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Its name, days, and who may read it."""
    user, found = person_of(request), own(request, pk)
    if request.method != "POST":
        return render(
            request, "measurement/dashboards/settings.html", {"form": SettingsForm.of(found, user), "dashboard": found}
        )
    form = SettingsForm(request.POST, viewer=user)
    context = {"form": form, "dashboard": found}
    return saved(
        request, form, over=("version", found), said=_("Dashboard saved."),
        url=reverse("dashboards:dashboard", args=[pk]),
        act=lambda said: operations.change(
            dashboard=found, by=user, at=now(), version=said["version"], name=said["name"], range=said["range"],
            with_whom=form.with_whom(found),
        ),
        ask=lambda status: render(request, "measurement/dashboards/settings.html", context, status=status),
    )  # fmt: skip


@requires(EDIT)
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a dashboard away; the toast takes it back."""
    found = own(request, pk)
    operations.remove(dashboard=found, by=request.user, at=now())
    messages.success(
        request, _("“%(name)s” removed.") % {"name": found.name}, extra_tags=reverse("dashboards:return", args=[pk])
    )
    return redirect("dashboards:dashboards")


@requires(EDIT)
@require_POST
def taking_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the removal."""
    operations.take_back(dashboard=own(request, pk), by=request.user, at=now())
    return refreshed(request, redirect("dashboards:dashboard", pk))


def refreshed(request: HttpRequest, otherwise: HttpResponse) -> HttpResponse:
    """After an undo by script the page is loaded again; without one it goes on somewhere."""
    if not request.headers.get("HX-Request"):
        return otherwise
    response = HttpResponse(status=204)
    response["HX-Refresh"] = "true"
    return response


def seen(request: HttpRequest, pk: int) -> Dashboard:
    """:raises Http404: not there, or not for this person."""
    return get_object_or_404(Dashboard.objects.visible_to(person_of(request)).select_related("owner"), pk=pk)


def own(request: HttpRequest, pk: int) -> Dashboard:
    """One to change; removed ones too. :raises NotAllowed: it can be read, but is somebody else's."""
    user = person_of(request)
    found = Dashboard.objects.owned_by(user).filter(pk=pk).first()
    if found is not None:
        return found  # type: ignore[no-any-return]
    seen(request, pk)
    raise NotAllowed.because("not_allowed", _("Only whoever made this changes it. Make a copy, and change that one."))


def board_context(request: HttpRequest, found: Dashboard, *, is_patient: bool = True) -> dict[str, Any]:
    """What the page and the wall show."""
    user = person_of(request)
    kept = ("edit",) if found.owner_id == user.pk else ()
    return context_for(found, user, request.GET.dict(), at=now(), kept=kept, is_patient=is_patient)


def context_for(
    found: Dashboard,
    user: Any,
    query: dict[str, str],
    *,
    at: datetime,
    kept: Iterable[str] = (),
    is_patient: bool = True,
) -> dict[str, Any]:
    """
    The same for whoever looks on, and for screens.

    :param query: days and filters, as the address says them, and `tile` for one of them alone. :param is_patient: as
        of `Board`.
    """
    if not {"range", "from"} & query.keys():
        query = query | {"range": found.range}
    asked = filters.read(query, user, at=at, operation=VIEW, kept=kept)
    tiles = list(found.tiles.filter(removed_at=None))
    for tile in tiles:
        tile.dashboard = found
    if only := [tile for tile in tiles if str(tile.pk) == query.get("tile")]:
        # One that came too late for the page; the page takes it out of the answer.
        tiles, is_patient = only, True
    board = Board(found, tiles, asked, user, at, is_patient=is_patient)
    return {
        "dashboard": found,
        "asked": asked,
        "board": board,
        "shown": board.shown(),
        "as_of": queries.as_of(at),
        "zone": periods.zone().key,
        "at": at,
    }
