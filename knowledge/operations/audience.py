"""Choosing who may read an article."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import require
from records import changing
from records.events import EventKind
from records.operations.editing import refuse_if_closed

from .. import queries, reading
from ..enums import Audience
from ..models import Article
from ..models.article import AudienceOrganization


@transaction.atomic
def set_audience(
    *,
    article: Article,
    by: Any,
    at: datetime,
    audience: str,
    organizations: Iterable[Any] = (),
    confirm_nothing_of_customer: bool = False,
    version: int | None = None,
) -> Article:
    """
    Choose who may read what is published. On a draft it is a wish, checked when it is published.

    :param organizations: who reads it, for the audience of chosen organizations; of no concern for others.
    :param confirm_nothing_of_customer: as in `publish`; needed when the published version gets wider than its source
        and nobody has vouched for it yet.
    :raises NotAllowed: not the person's to write; once published, not theirs to publish.
    :raises Stale: :raises Refused: retired, an audience of nobody, or one wider than the source.
    """
    locked = changing.lock(article)
    require(by, "article.publish" if locked.published_id else "article.edit", locked)
    changing.require_version(locked, version)
    refuse_if_closed(locked)
    if audience not in Audience.values:
        raise Refused.because("unfit", _("Choose one of the audiences."), "audience")
    chosen = {each.pk: each for each in organizations} if audience == Audience.CUSTOMERS else {}
    if audience == Audience.CUSTOMERS and not chosen:
        raise Refused.because("nobody", _("Choose at least one organization that may read it."), "organizations")
    if locked.published_id:
        is_vouched = confirm_nothing_of_customer or locked.cleared_number == locked.published.number
        _refuse_if_wider(locked, audience, set(chosen), is_vouched=is_vouched)
    before = locked.audience, reading.organization_ids_of(locked)
    if before == (audience, set(chosen)):
        return locked
    locked.audience = audience
    AudienceOrganization.objects.filter(article=locked).exclude(organization__in=chosen).delete()
    AudienceOrganization.objects.bulk_create(
        [AudienceOrganization(article=locked, organization_id=key) for key in sorted(set(chosen) - before[1])]
    )
    if confirm_nothing_of_customer and locked.published_id:
        locked.cleared_number = locked.published.number
    changing.save(locked, ("audience", "cleared_number"), at)
    changing.write_down(
        locked,
        kind=EventKind.EDITED,
        action="article.audience_changed",
        by=by,
        at=at,
        changes={"audience": (before[0], audience)},
        data={
            "organizations": sorted(chosen),
            "organization_names": sorted(str(each) for each in chosen.values()),
            "nothing_of_customer": confirm_nothing_of_customer,
        },
    )
    return locked


def _refuse_if_wider(article: Article, audience: str, organization_ids: set[int], *, is_vouched: bool) -> None:
    narrower = [] if is_vouched else queries.narrower_sources(article, audience, organization_ids)
    if narrower:
        raise Refused.because(
            "wider_than_source",
            _(
                "It was drafted from %(sources)s, which these readers may not see. Choose a smaller audience, or"
                " confirm that nothing of a customer is in it."
            )
            % {"sources": ", ".join(each.reference for each in narrower)},
            "confirm_nothing_of_customer",
        )
