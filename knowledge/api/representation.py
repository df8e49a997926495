"""Articles as the API shows them: what readers get, and more for those who work with them."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from common.api.fields import Answer, Named
from records.api.moves import AllowedMove, allowed_moves
from records.api.representation import href, person_of, row_of

from .. import reading
from ..enums import Audience, State
from ..models import Article, ArticleVersion

RELATED = ("service", "category", "organization", "owner", "requester", "published__author", "published__published_by")


class ArticleSection(Answer):
    """A further part of an article."""

    heading = serializers.CharField()
    text = serializers.CharField(help_text="Markdown, as typed.")


class ArticleTexts(Answer):
    """The words of one version. Texts are Markdown, as typed."""

    title = serializers.CharField()
    symptom = serializers.CharField(allow_blank=True)
    cause = serializers.CharField(allow_blank=True)
    fix = serializers.CharField(allow_blank=True)
    sections = ArticleSection(many=True)


class ArticleVersionShape(ArticleTexts):
    """A version. A draft has no moment of publication; `revision` counts how often it was saved."""

    number = serializers.IntegerField()
    note = serializers.CharField(allow_blank=True, help_text="What is new in it.")
    author = Named(allow_null=True)
    saved_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    published_by = Named(allow_null=True)
    revision = serializers.IntegerField()


class ArticleSummary(Answer):
    """An article in a list."""

    reference = serializers.CharField()
    number = serializers.IntegerField()
    href = serializers.CharField(help_text="Address of the article in this API.")
    page = serializers.CharField(allow_blank=True, help_text="Where readers read it; empty before it is published.")
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    state_label = serializers.CharField()
    is_under_review = serializers.BooleanField(help_text="Readers are told that it may be out of date.")
    service = Named(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True, help_text="Of the version that is shown.")
    vote_count = serializers.IntegerField(help_text="Of the version that is shown.")
    helpful_count = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


class ArticleShape(ArticleSummary):
    """An article. Readers get what was published; who works with it also gets the rest."""

    texts = ArticleTexts(allow_null=True, help_text="Of the version that is shown, or of the first draft.")
    version = serializers.IntegerField(help_text="Also in the ETag; send it back in If-Match.")
    audience = serializers.ChoiceField(choices=Audience.choices, required=False)
    organizations = Named(many=True, required=False, help_text="For the audience of chosen organizations.")
    organization = Named(required=False)
    category = Named(required=False, allow_null=True)
    tags = serializers.ListField(child=serializers.CharField(), required=False)
    author = Named(required=False, allow_null=True)
    owner = Named(required=False, allow_null=True)
    review_date = serializers.DateField(required=False, allow_null=True)
    submitted_at = serializers.DateTimeField(required=False, allow_null=True)
    draft = ArticleVersionShape(required=False, allow_null=True, help_text="What is being written.")
    allowed_moves = AllowedMove(many=True, required=False)


def texts(version: ArticleVersion) -> dict[str, Any]:
    """The dictionary of `ArticleTexts`."""
    return {name: getattr(version, name) for name in ("title", "symptom", "cause", "fix", "sections")}


def version_of(version: ArticleVersion) -> dict[str, Any]:
    """The dictionary of a `ArticleVersionShape`."""
    return texts(version) | {
        "number": version.number,
        "note": version.note,
        "author": person_of(version.author),
        "saved_at": version.saved_at,
        "published_at": version.published_at,
        "published_by": person_of(version.published_by),
        "revision": version.revision,
    }


def summary(article: Article) -> dict[str, Any]:
    """The dictionary of an `ArticleSummary`. :param article: read with its service and published version."""
    published = article.published
    return {
        "reference": article.reference,
        "number": article.pk,
        "href": href("article", article.pk),
        "page": article.portal_address if article.is_shown else "",
        "title": article.title,
        "state": article.state,
        "state_label": str(article.state_label),
        "is_under_review": article.is_under_review,
        "service": row_of(article.service),
        "published_at": published.published_at if published else None,
        "vote_count": article.vote_count,
        "helpful_count": article.helpful_count,
        "updated_at": article.updated_at,
    }


def article(record: Article, *, by: Any, at: datetime, comments: bool = False) -> dict[str, Any]:
    """The dictionary of an `ArticleShape`, for a reader or for somebody who works with it."""
    found = summary(record)
    is_ours = reading.works_on(by, record)
    draft = reading.draft_of(record) if is_ours else None
    shown = record.published or draft
    found |= {"texts": texts(shown) if shown else None, "version": record.version}
    if not is_ours:
        return found
    return found | {
        "audience": record.audience,
        "organizations": [{"id": each.pk, "name": each.name} for each in record.organizations.order_by("name")],
        "organization": row_of(record.organization),
        "category": row_of(record.category),
        "tags": record.tags,
        "author": person_of(record.requester),
        "owner": person_of(record.owner),
        "review_date": record.review_date,
        "submitted_at": record.submitted_at,
        "draft": version_of(draft) if draft else None,
        "allowed_moves": allowed_moves(record, by=by, at=at, address=href("article", record.pk)),
    }
