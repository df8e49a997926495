"""Making and revoking links to the wall."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused
from common.texts import said
from measurement.dashboards.models import Dashboard
from measurement.filters import UNKNOWN, Asked
from measurement.scope import organizations_of
from people.access import require
from people.models import Organization

from .models import LONGEST_NAME, LONGEST_QUERY, WallLink

OPERATION, SEEN = "wall.link", "sla.view"
MOST_EACH = 50
# How often a screen that asks every half a minute writes down that it was seen.
SEEN_EVERY = timedelta(minutes=5)


def digest_of(token: str) -> bytes:
    """SHA-256 of the token."""
    return hashlib.sha256(token.encode()).digest()


@transaction.atomic
def make_link(
    *,
    by: Any,
    at: datetime,
    name: str,
    asked: Asked,
    organization: Organization | None = None,
    dashboard: Dashboard | None = None,
) -> tuple[WallLink, str]:
    """
    Let a screen show the wall as `by` sees it. Returns the link with its token, which can't be shown again.

    :param asked: of the dashboard by `by`: the filters stay, and a named range; fixed days would never move.
    :param dashboard: what it shows; None for the wall of service levels.
    :param organization: the one of `asked` if not given.
    :raises NotAllowed: :raises Refused: no name, a filter or an organization that `by` does not see, or too many links.
    """
    require(by, OPERATION)
    seen = organizations_of(by, SEEN)
    if UNKNOWN in asked.scope.filters.values():
        raise Refused.because("unknown", _("A filter names what there is not, or not for you."), "filters")
    if organization is None:
        organization = Organization.objects.filter(pk=asked.scope.filters.get("organization", 0)).first()
    if organization is not None and seen is not None and organization.pk not in seen:
        raise Refused.because("unknown", _("There is no such customer. Choose one of the list."), "organization")
    if WallLink.objects.filter(user=by, revoked_at=None).count() >= MOST_EACH:
        raise Refused.because("too_many", _("You have %(count)d links. Revoke one first.") % {"count": MOST_EACH})
    if dashboard is not None and not Dashboard.objects.visible_to(by).filter(pk=dashboard.pk).exists():
        raise Refused.because("unknown", _("You can't read this dashboard any more. Choose another."))
    token = secrets.token_urlsafe(32)
    link = WallLink.objects.create(
        name=said(name, field="name", limit=LONGEST_NAME, missing=_("The name is missing. Say where it hangs.")),
        user=by, organization=organization, query=_query_of(asked), dashboard=dashboard,
        digest=digest_of(token), created_at=at,
    )  # fmt: skip
    _log("made", link, by=by, at=at)
    return link, token


@transaction.atomic
def revoke_link(*, link: WallLink, by: Any, at: datetime) -> None:
    """End a link now: its screen goes dark. :raises NotAllowed: :raises Refused: it has ended already."""
    require(by, OPERATION)
    fresh = WallLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if fresh.revoked_at is not None:
        raise Refused.because("revoked", _("This link was revoked before."))
    fresh.revoked_at = at
    fresh.save(update_fields=["revoked_at"])
    _log("revoked", fresh, by=by, at=at)


def note_seen(link: WallLink, *, at: datetime) -> None:
    """Note that a screen shows it, every few minutes."""
    if link.read_at is None or at - link.read_at >= SEEN_EVERY:
        WallLink.objects.filter(pk=link.pk).update(read_at=at)


def _query_of(asked: Asked) -> str:
    return asked.query(organization=None, dashboard=None, **{"from": None, "to": None})[:LONGEST_QUERY]


def _log(action: str, link: WallLink, *, by: Any, at: datetime) -> None:
    log.record(
        f"wall.{action}",
        subject_kind="wall_link",
        subject_id=link.pk,
        subject_label=link.name,
        organization_id=link.organization_id,
        by=by,
        at=at,
        data={"query": link.query},
    )
