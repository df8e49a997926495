"""
Who may read what was published: the one rule that page, search, API, suggestions and the insert into a reply ask.

Published articles go to their audience: everybody, signed in or not; the people of chosen organizations; or the
provider's people. What is being written, waits for review or was retired is seen only by those who work with it.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from people.access import access_of

from .enums import SHOWN, Audience
from .models import Article, ArticleVersion
from .models.article import ArticleQuerySet, AudienceOrganization


def articles_readable_by(user: Any) -> ArticleQuerySet:
    """
    The articles that this person, or a visitor who did not sign in, may read.

    Those who work with articles also get what is not published; `readable_version` says which words are shown.
    """
    is_public = Q(state__in=SHOWN, audience=Audience.PUBLIC)
    articles: ArticleQuerySet = Article.objects.all()
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return articles.filter(is_public)
    worked_on = access_of(user).rows("article.view", own=Q(pk__in=[]))
    if not worked_on:  # no condition: everything
        return articles
    chosen = AudienceOrganization.objects.filter(article=OuterRef("pk"), organization__in=organizations_of(user))
    is_chosen = Q(state__in=SHOWN, audience=Audience.CUSTOMERS) & Q(Exists(chosen))
    return articles.filter(is_public | is_chosen | worked_on)


def organizations_of(user: Any) -> set[int]:
    """The person's own organization, and those that their roles cover one by one."""
    covered = [reach for reach in access_of(user).reach.values() if reach is not None]
    return {user.organization_id}.union(*covered)


def works_on(user: Any, article: Any) -> bool:
    """Whether the person sees drafts, history and uses of this article."""
    return access_of(user).allows_on("article.view", article)


def may_be_read_by_organization(article: Any, organization_id: int, chosen: set[int] | None = None) -> bool:
    """
    Whether what goes to this organization may carry the article: before it is put into a reply.

    :param chosen: the organizations of its audience, if they were looked up before.
    """
    if not article.is_shown:
        return False
    if article.audience == Audience.PUBLIC:
        return True
    if article.audience != Audience.CUSTOMERS:
        return False
    keys = chosen if chosen is not None else organization_ids_of(article)
    return organization_id in keys


def organization_ids_of(article: Any) -> set[int]:
    return set(AudienceOrganization.objects.filter(article=article.pk).values_list("organization_id", flat=True))


def draft_of(article: Any) -> ArticleVersion | None:
    """The version that is being written, if there is one."""
    return ArticleVersion.objects.filter(article_id=article.pk, published_at=None).select_related("author").first()


def latest_version(article: Any) -> ArticleVersion:
    """The draft, or else the published version; there is always one of them."""
    return draft_of(article) or article.published
