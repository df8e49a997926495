"""The words that articles are written in, for those who spell one otherwise."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_WORD = 40


class Word(models.Model):
    """
    A word of any version of any article, drafts included.

    It is never shown by itself: what a reader gets to know of it comes out of an article that they may read.
    """

    text = models.CharField(max_length=LONGEST_WORD, primary_key=True)

    class Meta:
        verbose_name = _("word of articles")
        indexes = [GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], name="knowledge_word_typed")]

    def __str__(self) -> str:
        return self.text
