"""Doors for pages: each names the operation it serves, or says in so many words that it is open."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from . import matrix
from .access import require
from .models import User

View = Callable[..., HttpResponseBase]


class SignedOut(Exception):
    """Something was sent by nobody: the sign-in has ended. Whoever sent it is told, and keeps what they typed."""


def requires(operation: str) -> Callable[[View], View]:
    """
    Let only signed-in people in whom the matrix gives the operation on anything at all.

    Objects are still fetched from `visible_to` querysets, and acts check their own right on the object. A test compares
    every route of the project with this mark. Works on functions and, by `dispatch`, on class-based views:
    `@method_decorator(requires("record.queue"), name="dispatch")`.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                # A script that followed the way to the sign-in page would take that page for its answer.
                if request.method not in {"GET", "HEAD"} or request.headers.get("HX-Request"):
                    raise SignedOut
                return redirect_to_login(request.get_full_path())
            require(request.user, matrix.rule(operation).operation)
            return view(request, *args, **kwargs)

        door.operation = operation  # type: ignore[attr-defined]
        return door

    return mark


def public(view: View) -> View:
    """Say that a page is open to everybody, signed in or not: sign-in, health."""
    view.operation = None  # type: ignore[attr-defined]
    return view


def person_of(request: HttpRequest) -> User:
    """Who is signed in, for pages whose mark lets nobody else in."""
    return cast(User, request.user)
