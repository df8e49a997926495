"""The page on which links are made and revoked, and the wall that a link shows."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.forms import Telling
from common.numbers import number_in
from common.refusals import Refused
from common.time import now
from measurement import filters
from measurement.dashboards.models import Dashboard
from measurement.dashboards.views import context_for
from measurement.filters import Asked
from measurement.scope import organizations_of
from people.access import access_of
from people.doors import person_of, public, requires
from people.models import Organization
from people.vocabularies.layers import spoken_by

from ..dashboard.page import Page
from ..dashboard.wall import EVERY_SECONDS, next_to_run_out
from . import operations
from .models import LONGEST_NAME, WallLink

STOP_ASKING = 286  # htmx ends the asking with it


class LinkForm(Telling):
    """Where it hangs, and whose tickets it counts."""

    name = forms.CharField(
        label=gettext_lazy("Where it hangs"), max_length=LONGEST_NAME, help_text=gettext_lazy("Such as: service desk.")
    )
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=gettext_lazy("Customer"), required=False,
        empty_label=gettext_lazy("all that you see"),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        seen = organizations_of(viewer, operations.SEEN)
        rows = Organization.objects.filter(is_active=True).order_by("name")
        fields: dict[str, Any] = self.fields
        fields["organization"].queryset = rows if seen is None else rows.filter(pk__in=seen)


@require_http_methods(["GET", "POST"])
@requires("wall.link")
def links(request: HttpRequest) -> HttpResponse:
    """Links that are in use, and the form that makes one; its address is shown once."""
    at, person = now(), person_of(request)
    query = {name: str(said) for name, said in request.GET.items() if name != "organization"}  # the form asks for it
    asked = filters.read(query, person, at=at, operation=operations.SEEN, kept=("dashboard",))
    dashboard = _dashboard(person, asked)
    if request.method == "GET":
        return _page(request, asked, LinkForm(viewer=person))
    form = LinkForm(request.POST, viewer=person)
    if not form.is_valid():
        return _page(request, asked, form, status=422)
    try:
        _link, token = operations.make_link(
            by=person, at=at, name=form.cleaned_data["name"], organization=form.cleaned_data["organization"],
            asked=asked, dashboard=dashboard,
        )  # fmt: skip
    except Refused as refused:
        form.tell(refused.refusals)
        return _page(request, asked, form, status=refused.status)
    return _page(request, asked, LinkForm(viewer=person), made=request.build_absolute_uri(f"/wall/{token}/"))


def _page(request: HttpRequest, asked: Asked, form: LinkForm, *, made: str = "", status: int = 200) -> HttpResponse:
    rows = WallLink.objects.visible_to(request.user).usable().select_related("user", "organization", "dashboard")
    context = {
        "dashboard": _dashboard(person_of(request), asked),
        "form": form, "links": list(rows), "made": made, "query": asked.query(organization=None),
        "chips": [each for each in asked.chips if asked.query(organization=None)],
    }  # fmt: skip
    response = render(request, "slm/walls/links.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _dashboard(person: Any, asked: Asked) -> Dashboard | None:
    """The one that the address names; None for the wall of service levels. :raises Http404: not for this person."""
    said = asked.parameters.get("dashboard")
    if not said:
        return None
    rows = Dashboard.objects.visible_to(person)
    found: Dashboard = get_object_or_404(rows, pk=number_in(said))
    return found


@require_POST
@requires("wall.link")
def revocation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """End a link."""
    found = get_object_or_404(WallLink.objects.visible_to(request.user), pk=pk)
    operations.revoke_link(link=found, by=person_of(request), at=now())
    messages.success(request, _("Link revoked. The screen “%(name)s” goes dark.") % {"name": found.name})
    return redirect("sla:wall_links")


@require_safe
@public
def screen(request: HttpRequest, token: str) -> HttpResponseBase:
    """The wall for a screen that nobody signs in at: numbers and references, no titles, no links."""
    at = now()
    rows = WallLink.objects.usable().select_related("user", "organization", "dashboard")
    found = rows.filter(digest=operations.digest_of(token)).first()
    is_part = bool(request.headers.get("HX-Request"))
    if found is None or not _may_show(found):
        if not is_part:
            raise Http404
        return _answer(render(request, "slm/walls/_dark.html", status=STOP_ASKING))
    operations.note_seen(found, at=at)
    with spoken_by(found.user), timezone.override(found.user.zone):
        context = _context(found, at) | {"wall_url": request.path, "link": found}
        part = "slm/walls/_tiles.html" if found.dashboard is not None else "slm/dashboard/_wall.html"
        name = part if is_part else "slm/walls/screen.html"
        return _answer(render(request, name, context))


def _may_show(link: WallLink) -> bool:
    """Whether its maker still sees what it shows."""
    if link.dashboard is not None:
        return Dashboard.objects.visible_to(link.user).filter(pk=link.dashboard.pk).exists()
    return access_of(link.user).allows(operations.SEEN)


def _context(link: WallLink, at: datetime) -> dict[str, Any]:
    asked_for = QueryDict(link.query, mutable=True)
    if link.organization is not None:
        asked_for["organization"] = link.organization.slug
    if link.dashboard is not None:
        context = context_for(
            link.dashboard, link.user, {name: str(said) for name, said in asked_for.dict().items()}, at=at
        )
        for tile in context["shown"]:
            for line in tile.chart.get("series", []):
                line.pop("links", None)
        return context | {"every_seconds": EVERY_SECONDS, "is_screen": True}
    asked = filters.read(asked_for, link.user, at=at, operation=operations.SEEN)
    return {
        "page": Page(asked, at), "asked": asked, "at": at, "next": next_to_run_out(asked, link.user, at),
        "every_seconds": EVERY_SECONDS, "is_screen": True,
    }  # fmt: skip


def _answer(response: HttpResponse) -> HttpResponse:
    """The address is a key: it is neither kept, nor told to other sites, nor found by searching."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Vary"] = "HX-Request"
    return response
