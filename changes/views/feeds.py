"""The door for calendar programs: no sign-in, a token in the address."""

import hashlib
from datetime import timedelta
from types import SimpleNamespace

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import parse_etags
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.api.throttling import PerPersonThrottle
from common.speech import speaking
from people.doors import public

from ..feeds import text_of
from ..models import FeedToken
from ..operations.feeds import digest_of
from ..queries.feeds import feed_of, may_be_about

SEEN_EVERY = timedelta(minutes=5)


@public
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """
    Planned work as iCalendar, as the token's owner may see it by now.

    A token that is unknown or revoked, whose owner has left, or may no longer see what it is about, finds nothing, and
    does not learn why. Requests count toward the owner's allowance of the API.
    """
    at = now()
    found = FeedToken.objects.usable().with_subjects().select_related("user").filter(digest=digest_of(token)).first()
    if found is None or not may_be_about(found.user, found.subject):
        raise Http404
    throttle = PerPersonThrottle()
    if not throttle.allow_request(SimpleNamespace(user=found.user), None):
        answer = HttpResponse(_("Too many requests in this minute."), status=429, content_type="text/plain")
        answer["Retry-After"] = str(round(throttle.wait()))
        return answer
    if not found.was_read_since(at - SEEN_EVERY):
        FeedToken.objects.filter(pk=found.pk).update(read_at=at)
    with speaking(found.user.language):
        body = text_of(found, feed_of(found, at=at))
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    seen = {each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))}
    if etag in seen or "*" in seen:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'inline; filename="changes.ics"'
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
