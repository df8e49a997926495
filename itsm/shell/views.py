"""Doors of the shell: appearance and the gallery of components."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from people.doors import public, requires
from people.enums import Theme

from . import gallery as examples
from . import operations

YEAR_SECONDS = 365 * 24 * 3600


@public
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """
    Keep theme, density, the grouping or the collapsed navigation. Scripts get 204, plain forms come back to their page.
    """
    theme, density, nav, grouping = (request.POST.get(name, "") for name in ("theme", "density", "nav", "grouping"))
    if (theme and theme not in Theme.values) or nav not in {"", "open", "collapsed"}:
        return HttpResponseBadRequest()
    if request.user.is_authenticated and (theme or density or grouping):
        try:
            operations.choose_appearance(by=request.user, theme=theme, density=density, grouping=grouping)
        except operations.UnknownAppearance:
            return HttpResponseBadRequest()
    response: HttpResponse
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
    else:
        back = request.headers.get("Referer", "/")
        is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
        response = HttpResponseRedirect(back if is_ours else "/")
    for name, value in (("steward_theme", theme), ("steward_nav", nav)):
        if value:
            response.set_cookie(
                name, value, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure()
            )
    return response


@requires("setup.edit")
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with its inputs, for those who build pages."""
    return render(request, "shell/gallery.html", {"examples": examples.inputs()})
