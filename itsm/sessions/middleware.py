"""End sign-ins at their moment, and tell those who send something after it that nothing of it was lost."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from common.time import now
from itsm.shell.errors import error_page
from people.doors import SignedOut

from . import ending


class SignInEndMiddleware:
    """Signs out whose time is over. Stands behind Django's authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            end = ending.end_of(request.session)
            if end is not None and end <= now():
                logout(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, SignedOut):
            return None
        if request.headers.get("HX-Request"):
            sentence = _("You are signed out, so nothing was changed. Sign in again; your text is still here.")
            answer = HttpResponse(sentence, status=401, content_type="text/plain; charset=utf-8")
        else:
            answer = error_page(request, 401, back=_page_before(request))
        # What a 401 has to name by RFC 9110; browsers know no scheme of this name and show the page.
        answer["WWW-Authenticate"] = 'Session realm="Steward"'
        return answer


def _page_before(request: HttpRequest) -> str:
    """The page that the form stood on: signing in leads back there. The address of the form itself may take no GET."""
    before = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    return before if is_ours else "/"
