"""Every address of the project: marked with an operation of the matrix, or on one of the short lists below."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

from people import matrix

PUBLIC = {
    "api/v1/docs/",
    "api/v1/schema/",
    "appearance/",
    # Calendar programs can't sign in; the token says whose it is.
    "changes/feeds/<slug:token>.ics",
    "health/keeping-up/",
    "health/live/",
    "health/ready/",
    # Says whether anybody is signed in, which a page asks that was open when the sign-in ended.
    "me/session/",
    # Articles for everybody; which ones, their audience says.
    "portal/kb/",
    "portal/kb/<slug:slug>/",
    "portal/kb/<slug:slug>/votes/",
    "portal/kb/answers/",
    "portal/kb/unanswered/",
    # A screen on a wall can't sign in; the token says whose view it shows.
    "wall/<slug:token>/",
}
# Signing in and what belongs to it is allauth's; it guards its pages itself, as the test with a visitor shows.
ACCOUNTS_OPEN_TO_VISITORS = {
    "accounts/confirm-email/",
    "accounts/inactive/",
    "accounts/login/",
    "accounts/login/code/confirm/",
    "accounts/logout/",
    "accounts/password/reset/",
    "accounts/password/reset/done/",
    "accounts/password/reset/key/done/",
    "accounts/signup/",
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$",
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
}
# What the API answers for addresses that it does not know: 404, or 401 to visitors.
NOWHERE = {r"api/v1/^(?P<rest>[\s\S]*)$"}
SET_UP = "admin/set-up/"


def walk(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


ROUTES = list(walk(get_resolver().url_patterns))
PAGES = [
    pytest.param(route, view, id=route or "start")
    for route, view in ROUTES
    if not route.startswith(("accounts/", SET_UP)) and route not in PUBLIC | NOWHERE and not hasattr(view, "cls")
]
ENDPOINTS = [
    pytest.param(route, view, id=route)
    for route, view in ROUTES
    if hasattr(view, "cls") and issubclass(view.cls, APIView) and route not in PUBLIC
]


def address(route):
    """An address that fits the route, with made-up values."""
    samples = {"int": "1", "str": "x", "slug": "x", "reference": "INC-1042", "path": "x"}
    route = re.sub(r"<(?:(\w+):)?\w+>", lambda found: samples[found[1] or "str"], route)
    route = re.sub(r"\(\?P<\w+>[^()]*\)", "x", route)
    return "/" + route.replace("^", "").removesuffix("$").replace(r"\Z", "")


def test_there_is_something_to_check():
    assert len(PAGES) > 50
    assert len(ENDPOINTS) > 30


@pytest.mark.parametrize(("route", "view"), PAGES)
def test_a_page_names_its_operation(route, view):
    operation = getattr(view, "operation", None)

    assert operation is not None, f"{route} has no mark of people.doors, or is public without standing on the list"
    assert matrix.rule(operation).operation == operation


@pytest.mark.parametrize(("route", "view"), ENDPOINTS)
def test_an_endpoint_names_the_operation_of_every_method_it_answers(route, view):
    answered = {method.upper() for method in view.cls.http_method_names if hasattr(view.cls, method)}
    named = getattr(view.cls, "operations", None) or view.initkwargs.get("operations", {})

    assert set(named) == answered - {"OPTIONS", "HEAD"}
    for operation in named.values():
        assert matrix.rule(operation).roles


def test_what_is_public_is_marked_so_in_the_code():
    marked = {route for route, view in ROUTES if getattr(view, "operation", "unmarked") is None}

    assert marked == PUBLIC | NOWHERE


def test_a_visitor_gets_nothing_but_the_way_to_sign_in(client, db):
    """One test for all: each alone would take longer to set up than to run."""
    wrong = []
    for route, _view in ROUTES:
        if route in PUBLIC | ACCOUNTS_OPEN_TO_VISITORS:
            continue
        answer = client.get(address(route))
        leads = answer.get("Location", "").partition("?")[0]
        is_refused = answer.status_code in (401, 403, 404, 405)
        if not is_refused and leads not in ("/accounts/login/", "/accounts/logout/"):
            wrong.append((route, answer.status_code, leads))

    assert wrong == []
