"""The words of an article: published versions, which nobody changes any more, and one draft beside them at most."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .article import Article

LONGEST_HEADING = 600


class ArticleVersion(models.Model):
    """
    One version. Texts are Markdown, kept as typed and cleaned when shown.

    `heading` and `body` hold the same words for searching: what the article is called and how one recognizes its
    trouble, and everything else.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    symptom = models.TextField(_("symptom"), blank=True)
    cause = models.TextField(_("cause"), blank=True)
    fix = models.TextField(_("fix"), blank=True)
    sections = models.JSONField(_("further sections"), default=list, blank=True)
    note = models.CharField(_("what is new"), max_length=200, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField(_("saved"))
    revision = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(_("published"), null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    heading = models.TextField(editable=False)
    body = models.TextField(editable=False)
    vector = models.GeneratedField(
        expression=SearchVector("heading", weight="A", config="simple")
        + SearchVector("body", weight="C", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["-number"]
        verbose_name = _("version of an article")
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="knowledge_version_once"),
            models.UniqueConstraint(fields=["article"], condition=Q(published_at=None), name="knowledge_one_draft"),
        ]
        indexes = [
            GinIndex(fields=["vector"], name="knowledge_version_words"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    def index_words(self) -> None:
        """Gather the words that are searched; called before each save of a draft."""
        self.heading = "\n".join([self.title, " ".join(self.symptom.split())])[:LONGEST_HEADING]
        self.body = "\n\n".join(text for _label, text in self.parts())

    def parts(self) -> list[tuple[Any, str]]:
        """The filled parts in reading order: their headings, and their Markdown."""
        named = [(_("Symptom"), self.symptom), (_("Cause"), self.cause), (_("Fix"), self.fix)]
        further = [(each["heading"], each["text"]) for each in self.sections]
        return [(label, text) for label, text in [*named, *further] if text.strip()]


SHOWN_VERSION = Q(article__published=F("pk"))
