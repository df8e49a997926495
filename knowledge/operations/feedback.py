"""Readers say whether an article helped."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from common.refusals import Refused
from common.texts import one_line
from measurement.marks import mark

from .. import queries, reading
from ..models import Article, Visit, Vote

LONGEST_REASON = 500


@transaction.atomic
def vote(*, article: Article, by: Any, at: datetime, is_helpful: bool, reason: str = "", visitor: str = "") -> Vote:
    """
    Say whether the version that is shown helped. Voting again changes one's mind; each reader counts once.

    Nothing is logged: whom an article did not help is nobody's business. The owner reads the reasons without names.

    :param by: the reader; None for somebody who did not sign in.
    :param visitor: digest that tells visitors apart for this version, made by the door.
    :param reason: what was missing, up to 500 characters.
    :raises Refused: the reader may not read it, or nothing is published.
    """
    readable = reading.articles_readable_by(by).shown().filter(pk=article.pk)
    shown = readable.select_for_update(of=("self",)).first()
    if shown is None:
        raise Refused.because("not_there", _("This article can't be read any more, so there is nothing to vote on."))
    reason = one_line(reason)[:LONGEST_REASON]
    known = {"user": by} if by is not None else {"user": None, "visitor": visitor}
    cast, _is_new = Vote.objects.update_or_create(
        version_id=shown.published_id,
        **known,
        defaults={"record": shown, "is_helpful": is_helpful, "reason": "" if is_helpful else reason, "at": at},
    )
    counts = Vote.objects.filter(version=shown.published_id).aggregate(
        votes=Count("pk"), helpful=Count("pk", filter=Q(is_helpful=True))
    )
    Article.objects.filter(pk=shown.pk).update(vote_count=counts["votes"], helpful_count=counts["helpful"])
    mark([shown.pk], at=at)
    return cast


def note_visit(*, article: Article, by: Any, at: datetime) -> bool:
    """
    Note the first article that a requester reads in the portal on a day. Returns whether it was that.

    Those who work on articles read for other reasons; visitors are not known from one another.
    """
    if reading.works_on(by, article):
        return False
    day = at.astimezone(queries.reporting_zone()).date()
    _visit, is_new = Visit.objects.get_or_create(user=by, day=day, defaults={"record": article, "at": at})
    if is_new:
        mark([article.pk], at=at)
    return is_new
