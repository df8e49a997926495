"""Making and ending one's own calendar feeds, written down in the log: a feed reads in one's name."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused
from people.access import require
from people.models import Team, User
from services.models import Service

from ..models import FeedToken
from ..queries.feeds import may_be_about

MOST_FEEDS = 50


def digest_of(token: str) -> bytes:
    """SHA-256 of the token."""
    return hashlib.sha256(token.encode()).digest()


@transaction.atomic
def issue_feed(*, by: User, at: datetime, about: User | Team | Service) -> tuple[FeedToken, str]:
    """
    Make a feed for oneself and return it with its token, which can't be shown again.

    :param about: the person, team or service whose planned work it shows.
    :raises NotAllowed: `by` does not work on changes. :raises Refused: they may not see what it would be about, or have
        50 feeds already.
    """
    require(by, "change.feed")
    User.objects.select_for_update().get(pk=by.pk)  # so that two at once are both counted
    if not may_be_about(by, about):
        raise Refused.because("unknown", _("Choose a person, a team or a service that you may see."), "about")
    if FeedToken.objects.filter(user=by, revoked_at=None).count() >= MOST_FEEDS:
        raise Refused.because("many_feeds", _("You have 50 feeds. Revoke one that you no longer read."), "about")
    token = secrets.token_urlsafe(32)
    kind = {User: "person", Team: "team", Service: "service"}[type(about)]
    subject: dict[str, Any] = {kind: about}
    feed = FeedToken.objects.create(user=by, digest=digest_of(token), created_at=at, **subject)
    _say("feed.issued", feed, by=by, at=at)
    return feed, token


@transaction.atomic
def revoke_feed(*, feed: FeedToken, by: User, at: datetime) -> None:
    """End one's own feed now. :raises NotAllowed: it is somebody else's. :raises Refused: it has ended already."""
    locked = FeedToken.objects.select_for_update().get(pk=feed.pk)
    if locked.user_id != by.pk:
        require(by, "people.edit", locked.user)
    if locked.revoked_at is not None:
        raise Refused.because("revoked", _("This feed was revoked before."))
    locked.revoked_at = at
    locked.save(update_fields=["revoked_at"])
    _say("feed.revoked", locked, by=by, at=at)


def _say(action: str, feed: FeedToken, *, by: User, at: datetime) -> None:
    log.record(
        action,
        subject_kind="person",
        subject_id=feed.user_id,
        subject_label=feed.user.name,
        organization_id=feed.user.organization_id,
        by=by,
        at=at,
        data={"feed": feed.pk, "about": str(feed.subject)},
    )
