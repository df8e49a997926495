"""How the REST API knows who asks, and that nothing is open by default."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from rest_framework import authentication, exceptions, permissions

from common.refusals import NotAllowed

from . import matrix
from .access import access_of, require
from .models import ApiToken
from .tokens import digest_of

SEEN_EVERY = timedelta(minutes=5)


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer stw_…`: the person whose token it is, limited to the token's scopes."""

    keyword = "Bearer"

    def authenticate(self, request: Any) -> tuple[Any, ApiToken] | None:
        header = authentication.get_authorization_header(request).split()
        if not header or header[0].lower() != b"bearer":
            return None
        if len(header) != 2:
            raise exceptions.AuthenticationFailed(_("The Authorization header must read: Bearer TOKEN."))
        moment = now()
        try:
            token = ApiToken.objects.select_related("user").get(
                digest=digest_of(header[1].decode("latin-1")),
                revoked_at=None,
                expires_at__gt=moment,
                user__is_active=True,
            )
        except ApiToken.DoesNotExist:
            raise exceptions.AuthenticationFailed(
                _("This token is unknown, expired or revoked. Make a new one and use it.")
            ) from None
        if token.used_at is None or moment - token.used_at > SEEN_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(used_at=moment)
        access_of(token.user).token_scopes = frozenset(token.scopes)
        return token.user, token

    def authenticate_header(self, request: Any) -> str:
        return self.keyword


class SessionAuthentication(authentication.SessionAuthentication):
    """The signed-in browser. Unsafe methods need the CSRF token."""


class DenyByDefault(permissions.BasePermission):
    """
    Each view names the operation of each method in `operations`; a method without one is refused.

    A token must carry the scope of that operation, and of those in the view's `also`; the refusal names it.
    """

    def has_permission(self, request: Any, view: Any) -> bool:
        if not (request.user and request.user.is_authenticated):
            return False
        method = "GET" if request.method == "HEAD" else request.method
        operation = getattr(view, "operations", {}).get(method)
        if operation is None:
            return False
        scopes = access_of(request.user).token_scopes
        for each in (operation, *getattr(view, "also", ())):
            scope = matrix.rule(each).scope
            if scopes is not None and scope not in scopes:
                raise NotAllowed.because(
                    "scope_missing",
                    _("This token lacks the scope “%(scope)s”. Make a token that carries it.") % {"scope": scope},
                )
            require(request.user, each)
        return True
