"""Reads about articles that need the database."""

from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from common.refusals import Refusal
from people import matrix
from people.access import access_of
from people.enums import Relation
from people.models import RoleGrant
from records import practices
from records.enums import LinkKind
from records.models import Link, Record

from . import reading
from .enums import Audience, State
from .models import Article, ArticleVersion, Vote
from .models.article import ArticleQuerySet

ALIKE_ENOUGH = 0.55
DUPLICATES_SHOWN = 3
USES_SHOWN = 20


def reporting_zone() -> ZoneInfo:
    """Review dates are days of the installation's zone, like those of measures."""
    return ZoneInfo(settings.TIME_ZONE)


class ArticleFacts:
    """What guards ask about one article at one moment; each answer is looked up when first asked for."""

    def __init__(self, article: Any, at: datetime) -> None:
        self.article = article
        self.at = at

    @cached_property
    def draft(self) -> ArticleVersion | None:
        return reading.draft_of(self.article)

    @property
    def today(self) -> Any:
        return self.at.astimezone(reporting_zone()).date()

    def duplicates_for(self, person: Any) -> list[Article]:
        """Published articles called almost the same as the draft that this person may read; None reads all."""
        if self.draft is None:
            return []
        read = Article.objects.all() if person is None else reading.articles_readable_by(person)
        return list(called_like(self.draft.title, among=read.shown(), without=self.article.pk))

    @cached_property
    def organization_ids(self) -> set[int]:
        return reading.organization_ids_of(self.article)

    @cached_property
    def sources_narrower_than_audience(self) -> list[Record]:
        return narrower_sources(self.article, self.article.audience, self.organization_ids)

    @cached_property
    def use_count(self) -> int:
        return Link.objects.filter(to_record=self.article.pk, kind=LinkKind.ANSWERED_WITH).count()

    def may_publish(self, person: Any) -> bool:
        return access_of(person).allows_on("article.publish", self.article)

    def is_alone(self, person: Any) -> bool:
        """Whether nobody else may publish this article."""
        roles = [role for role, reach in matrix.rule("article.publish").roles.items() if reach != Relation.OWN]
        covers = Q(organization=None) | Q(organization=self.article.organization_id)
        others = RoleGrant.objects.filter(covers, role__in=roles, user__is_active=True).exclude(user=person)
        return not others.exists()

    def is_read_by_as_many(self, other: Any) -> bool:
        """Whether everybody who may read this article may read the other one."""
        audience, theirs = self.article.audience, other.specific
        if audience == Audience.INTERNAL or theirs.audience == Audience.PUBLIC:
            return True
        if audience == Audience.PUBLIC or theirs.audience == Audience.INTERNAL:
            return False
        return self.organization_ids <= reading.organization_ids_of(theirs)


def called_like(title: str, *, among: ArticleQuerySet, without: int | None = None) -> Any:
    """Those of the articles that have almost the same title, the most alike first."""
    found = among if without is None else among.exclude(pk=without)
    near = found.annotate(alike=TrigramSimilarity("title", title)).filter(alike__gte=ALIKE_ENOUGH)
    return near.order_by("-alike", "pk")[:DUPLICATES_SHOWN]


def sources_of(article: Any) -> Any:
    """The records that the article was drafted from."""
    keys = Link.objects.filter(from_record=article.pk, kind=LinkKind.RAISED_FROM).values("to_record")
    return Record.objects.filter(pk__in=keys).order_by("pk")


def narrower_sources(article: Any, audience: str, organization_ids: set[int]) -> list[Record]:
    """
    Sources that not every reader of the audience belongs to.

    A record of a customer may become an article for that customer; what only the provider sees, one for nobody else.
    """
    if audience == Audience.INTERNAL:
        return []
    return [
        source
        for source in sources_of(article)
        if audience == Audience.PUBLIC
        or not practices.of(source.kind).has_portal_page
        or organization_ids - {source.organization_id}
    ]


def refuse_link(record: Any, other: Any, kind: str, is_new: bool) -> Refusal | None:
    """Why an article does not give up a link: what it was drafted from limits who may read it, as long as it stands."""
    if is_new or kind != LinkKind.RAISED_FROM:
        return None
    if not Link.objects.filter(from_record=record.pk, to_record=other.pk, kind=kind).exists():
        return None
    return Refusal(
        "source",
        _(
            "%(reference)s was drafted from %(other)s, which limits who may read it, so this link stays. Confirm that"
            " nothing of a customer is in it when you publish it."
        )
        % {"reference": record.reference, "other": other.reference},
        "to",
    )


def uses_of(article: Any, user: Any) -> tuple[Any, int]:
    """The latest records answered with it that the viewer may see, and how many those are."""
    keys = Link.objects.filter(to_record=article.pk, kind=LinkKind.ANSWERED_WITH).values("from_record")
    seen = Record.objects.visible_to(user).filter(pk__in=keys)
    return seen.order_by("-pk")[:USES_SHOWN], seen.count()


def votes_by_version(article: Any) -> dict[int, Any]:
    """Votes of each version, by its key."""
    rows = (
        Vote.objects.filter(version__article=article.pk)
        .values("version")
        .annotate(votes=Count("pk"), helpful=Count("pk", filter=Q(is_helpful=True)))
    )
    return {row["version"]: row for row in rows}


def unhelped(article: Any, *, limit: int = 20) -> Any:
    """What readers missed in the version that is shown, the latest first. Says nobody's name."""
    votes = Vote.objects.filter(version=article.published_id, is_helpful=False).exclude(reason="")
    return votes.order_by("-at", "-pk").values_list("reason", "at")[:limit]


def to_review(day: Any) -> Any:
    """Published articles whose review date has come."""
    return Article.objects.to_review(day)


def disliked(*, votes: int, percent: int) -> Any:
    """Published articles that did not help most of those who voted, with so many votes more than the owner knew of."""
    return Article.objects.filter(
        state=State.PUBLISHED,
        vote_count__gte=F("judged_vote_count") + votes,
        helpful_count__lt=F("vote_count") * percent / 100,
    )
