"""Lists of articles for those who work with them: by what is to be done, to write, beside a record."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from records.enums import LinkKind
from records.models import Link

from . import finding, reading
from .enums import State
from .models import Article, Dismissal, SearchTerm
from .operations import using

FAILED_AFTER = 3
CONDITIONS = {
    "published": Q(state__in=[State.PUBLISHED, State.REVIEW_DUE]),
    "review": Q(state__in=[State.IN_REVIEW, State.REVIEW_DUE]) | Q(submitted_at__isnull=False),
    "drafts": Q(state__in=[State.DRAFT, State.IN_REVIEW]) | Q(versions__published_at=None),
    "retired": Q(state=State.RETIRED),
}


def _seen(user: Any) -> Any:
    return Article.objects.visible_to(user)


def _condition(user: Any, show: str) -> Q:
    return Q(owner=user) & ~Q(state=State.RETIRED) if show == "mine" else CONDITIONS[show]


def of(user: Any, show: str) -> Any:
    """Articles of one of the lists, those to be looked at first in front."""
    keys = _seen(user).filter(_condition(user, show)).values("pk")
    rows = Article.objects.filter(pk__in=keys).select_related("service", "owner")
    used = Count("links_in", filter=Q(links_in__kind=LinkKind.ANSWERED_WITH))
    order = F("review_date").asc(nulls_first=True) if show == "review" else F("updated_at").desc()
    return rows.annotate(use_count=used).order_by(order, "-pk")


def counts(user: Any) -> dict[str, int]:
    """How long the lists are, in one statement."""
    seen = _seen(user).order_by()
    names = [*CONDITIONS, "mine"]
    return dict(seen.aggregate(**{name: Count("pk", distinct=True, filter=_condition(user, name)) for name in names}))


def gaps() -> Any:
    """
    Searches that led nowhere: nothing was found lately, or three searches and nobody opened anything.

    What somebody took off the list, or began an article for, is left out.
    """
    led_nowhere = Q(hit_count=0) | Q(click_count=0, search_count__gte=FAILED_AFTER)
    open_ones = SearchTerm.objects.filter(led_nowhere, dismissed_at=None, article=None)
    return open_ones.order_by("-search_count", "-latest_at", "pk")


@dataclass(frozen=True)
class Offer:
    """
    An article beside a record.

    :ivar link: Markdown for a reply; empty when the requester's organization may not read it.
    """

    hit: Any
    link: str
    text: str
    is_used: bool

    @property
    def article(self) -> Article:
        return self.hit.article


def offers_beside(user: Any, record: Any, *, limit: int) -> list[Offer]:
    """Articles that answer the record's subject, without those that were dismissed on it; the used ones stay."""
    dismissed = set(Dismissal.objects.filter(record=record.pk).values_list("article_id", flat=True))
    found = finding.find(user, record.title, limit=limit, service_id=record.service_id, without=dismissed)
    used = set(
        Link.objects.filter(from_record=record.pk, kind=LinkKind.ANSWERED_WITH).values_list("to_record_id", flat=True)
    )
    offers = []
    for hit in found.hits:
        may_read = reading.may_be_read_by_organization(hit.article, record.organization_id)
        link = using.words(hit.article, hit.version, using.LINK) if may_read else ""
        text = using.words(hit.article, hit.version, using.TEXT) if may_read else ""
        offers.append(Offer(hit, link, text, is_used=hit.article.pk in used))
    return offers
