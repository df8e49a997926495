"""Doors of the profile: everybody their own."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from changes import operations as change_operations
from changes.models import FeedToken
from common.refusals import NotAllowed, Refused
from common.speech import speaking
from people import operations as people_operations
from people.access import access_of
from people.doors import person_of, requires
from people.models import ApiToken, User
from records.views.base import pressed, see_other

from . import operations
from .forms import FeedForm, ProfileForm, TokenForm


def _page(
    request: HttpRequest,
    *,
    form: ProfileForm | None = None,
    token_form: TokenForm | None = None,
    feed_form: FeedForm | None = None,
    made: str = "",
    made_feed: str = "",
    status: int = 200,
) -> HttpResponse:
    tokens = ApiToken.objects.filter(user=person_of(request)).order_by("-created_at", "-pk")
    has_feeds = access_of(request.user).allows("change.feed")
    context = {
        "form": form or ProfileForm(instance=request.user),
        "token_form": token_form or TokenForm(),
        "tokens": tokens,
        "made": made,
        "has_feeds": has_feeds,
        "feed_form": (feed_form or FeedForm(viewer=person_of(request))) if has_feeds else None,
        "feeds": FeedToken.objects.with_subjects().filter(user=person_of(request), revoked_at=None),
        "made_feed": made_feed,
        "now": now(),
    }
    response = render(request, "profile/profile.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@requires("people.profile")
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Language, zone, theme, density, navigation."""
    if request.method != "POST":
        return _page(request)
    # A copy, so that a refused form does not change the page around it.
    form = ProfileForm(request.POST, instance=User.objects.get(pk=person_of(request).pk))
    if not form.is_valid():
        return _page(request, form=form, status=422)
    people_operations.set_profile(by=person_of(request), values=form.cleaned_data)
    with speaking(person_of(request).language):
        messages.success(request, _("Saved."))
    return see_other(request, "/me/")


@requires("people.profile")
@require_POST
def tokens(request: HttpRequest) -> HttpResponse:
    """Make a token and show it this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, token_form=form, status=422)
    said = form.cleaned_data
    try:
        _row, text = operations.issue_token(
            by=person_of(request),
            at=now(),
            name=said["name"],
            scopes=said["scopes"],
            lifetime=timedelta(days=said["days"]),
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, token_form=form, status=422)
    return _page(request, made=text, status=201)


@requires("people.profile")
@require_POST
def revocation(request: HttpRequest, key: int) -> HttpResponse:
    """End a token now."""
    token = get_object_or_404(ApiToken, pk=key, user=request.user)
    person = person_of(request)
    return pressed(
        request, lambda: operations.revoke_token(by=person, at=now(), token=token),
        url="/me/", said=_("Token revoked."),
    )  # fmt: skip


@requires("change.feed")
@require_POST
def feeds(request: HttpRequest) -> HttpResponse:
    """Make a calendar feed and show its address this once."""
    form = FeedForm(request.POST, viewer=person_of(request))
    if not form.is_valid():
        return _page(request, feed_form=form, status=422)
    try:
        _row, token = change_operations.issue_feed(by=person_of(request), at=now(), about=form.cleaned_data["about"])
    except NotAllowed:
        raise
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, feed_form=form, status=422)
    return _page(request, made_feed=f"{settings.BASE_URL}{reverse('changes:feed', args=[token])}", status=201)


@requires("people.profile")
@require_POST
def feed_revocation(request: HttpRequest, key: int) -> HttpResponse:
    """End a calendar feed now; also for those who may make none any more."""
    feed = get_object_or_404(FeedToken, pk=key, user=request.user)
    person = person_of(request)
    return pressed(
        request, lambda: change_operations.revoke_feed(feed=feed, by=person, at=now()),
        url="/me/", said=_("Feed revoked."),
    )  # fmt: skip
