"""The article: what one of us knows, written down so that others can use it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.models import Record, RecordQuerySet

from ..enums import SHOWN, Audience, State
from ..workflow import ArticleWorkflow


class ArticleQuerySet(RecordQuerySet):
    def shown(self) -> "ArticleQuerySet":
        """Those that readers of their audience may read."""
        return self.filter(state__in=SHOWN)

    def to_review(self, day: Any) -> "ArticleQuerySet":
        """Published, and their review date has come."""
        return self.filter(state=State.PUBLISHED, review_date__lte=day)


class Article(ArticleWorkflow, Record):  # type: ignore[misc] # moves set fields that stand on the record
    """
    Its words stand in versions. Subject and description of the record are those of the version that is shown.

    The requester of the record is who drafted it, the owner who answers for it. Seen as a record it is the provider's
    only; what readers get goes through `reading.articles_readable_by`.
    """

    slug = models.SlugField(_("address"), max_length=80, null=True, unique=True, editable=False)
    audience = models.CharField(_("audience"), max_length=10, choices=Audience.choices, default=Audience.INTERNAL)
    organizations = models.ManyToManyField(
        "people.Organization",
        through="AudienceOrganization",
        related_name="articles_to_read",
        verbose_name=_("organizations that read it"),
    )
    published = models.ForeignKey(
        "ArticleVersion", on_delete=models.RESTRICT, null=True, editable=False, related_name="+"
    )
    # The types that mypy reads out of the moves don't know of the time before.
    published_at = models.DateTimeField(  # type: ignore[assignment]
        _("first published"), null=True, editable=False
    )
    review_date = models.DateField(_("review on"), null=True, editable=False)  # type: ignore[assignment]
    submitted_at = models.DateTimeField(  # type: ignore[assignment]
        _("submitted"), null=True, editable=False
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    replaced_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, editable=False, related_name="replaces"
    )
    cleared_number = models.PositiveIntegerField(
        null=True, editable=False, help_text=_("version of which somebody said that nothing of a customer is in it")
    )
    # Of the version that is shown; counted along so that ranking reads no votes.
    vote_count = models.PositiveIntegerField(_("votes"), default=0, editable=False)
    helpful_count = models.PositiveIntegerField(_("helpful votes"), default=0, editable=False)
    judged_vote_count = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("votes that the owner knew of when they confirmed it")
    )

    objects = ArticleQuerySet.as_manager()  # type: ignore[misc] # narrower than the record's, on purpose

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="knowledge_audience_known"),
            models.CheckConstraint(
                condition=Q(published=None)
                | Q(published_at__isnull=False, review_date__isnull=False, slug__isnull=False),
                name="knowledge_published_with_review_date",
            ),
            models.CheckConstraint(
                condition=Q(helpful_count__lte=models.F("vote_count")), name="knowledge_helpful_among_votes"
            ),
        ]
        indexes = [models.Index(fields=["review_date"], name="knowledge_review_date")]

    @property
    def is_shown(self) -> bool:
        return self.state in SHOWN

    @property
    def is_under_review(self) -> bool:
        return self.state == State.REVIEW_DUE

    @property
    def helpful_percent(self) -> int | None:
        """Share of readers whom the shown version helped; None before the first vote."""
        return round(100 * self.helpful_count / self.vote_count) if self.vote_count else None

    @property
    def portal_address(self) -> str:
        """Where readers read it; nothing before it is published."""
        return f"/portal/kb/{self.slug}/" if self.slug else ""


class AudienceOrganization(models.Model):
    """An organization whose people may read an article with the audience of chosen organizations."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey("people.Organization", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "organization"], name="knowledge_audience_organization_once")
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} reads {self.article_id}"
