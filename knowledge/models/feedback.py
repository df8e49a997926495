"""What readers make of articles: votes, visits, suggestions that were not wanted, searches that found nothing."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from records.models import Record

from ..enums import Place
from .article import Article
from .version import ArticleVersion


class CountedQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Of articles that the person may see from the inside. None of them says whose it is."""
        return self.filter(record__in=Record.objects.visible_to(user))


class Vote(models.Model):
    """
    Whether a version helped, once a reader.

    Readers who signed in are known by their account; others by a digest of session and version, which tells nothing
    about what else they read.
    """

    record = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="votes")
    version = models.ForeignKey(ArticleVersion, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    visitor = models.CharField(max_length=64, blank=True)
    is_helpful = models.BooleanField(_("helped"))
    reason = models.CharField(_("what was missing"), max_length=500, blank=True)
    at = models.DateTimeField()

    objects = CountedQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        constraints = [
            models.UniqueConstraint(fields=["version", "user"], condition=~Q(user=None), name="knowledge_vote_once"),
            models.UniqueConstraint(
                fields=["version", "visitor"], condition=~Q(visitor=""), name="knowledge_vote_of_visitor_once"
            ),
            models.CheckConstraint(
                condition=Q(user=None) & ~Q(visitor="") | Q(user__isnull=False, visitor=""),
                name="knowledge_vote_of_one",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="knowledge_vote_at")]

    def __str__(self) -> str:
        return _now("helped") if self.is_helpful else _now("did not help")


class Visit(models.Model):
    """The first article that a signed-in requester read in the portal on a day; for measuring self-help only."""

    record = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    at = models.DateTimeField()

    objects = CountedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="knowledge_visit_once")]
        indexes = [models.Index(fields=["at"], name="knowledge_visit_at")]

    def __str__(self) -> str:
        return f"{self.day}"


class Dismissal(models.Model):
    """An article that did not fit a record, so that it is not offered there again."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="dismissals")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "record"], name="knowledge_dismissal_once")]

    def __str__(self) -> str:
        return f"{self.article_id} not for {self.record_id}"


class SearchTerm(models.Model):
    """
    What was searched for, and whether it led anywhere. Nobody's name: words, counts and the latest moment.

    :ivar hit_count: of the latest search. :ivar article: what was drafted to answer it.
    """

    text = models.CharField(_("searched for"), max_length=100)
    place = models.CharField(_("where"), max_length=10, choices=Place.choices)
    search_count = models.PositiveIntegerField(_("searches"), default=0)
    click_count = models.PositiveIntegerField(_("articles opened"), default=0)
    hit_count = models.PositiveIntegerField(_("found"), default=0)
    first_at = models.DateTimeField(_("first"))
    latest_at = models.DateTimeField(_("latest"))
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.SET_NULL, null=True, related_name="answers_searches")
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("search")
        constraints = [models.UniqueConstraint(fields=["text", "place"], name="knowledge_search_once")]
        indexes = [models.Index(fields=["latest_at"], name="knowledge_search_latest")]

    def __str__(self) -> str:
        return self.text
