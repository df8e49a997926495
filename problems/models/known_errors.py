"""Known errors: symptom, cause, workaround; and what became of them on the records they were offered for."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.refs import format_reference
from records.models import Comment, Record
from services.models import ConfigurationItem, Service

from ..enums import Use
from .problem import Problem

PREFIX = "KE"


class KnownErrorQuerySet(models.QuerySet["KnownError"]):
    def published(self) -> Self:
        return self.filter(withdrawn_at=None)

    def visible_to(self, user: Any) -> Self:
        """Known errors of problems that the person may see."""
        return self.filter(problem__in=Problem.objects.visible_to(user))

    def with_counts(self) -> Self:
        """How often it was used, and how often people said that it worked or did not."""
        used = Q(uses__use__in=[Use.SENT, Use.INSERTED])
        return self.annotate(
            used_count=models.Count("uses", filter=used),
            worked_count=models.Count("uses", filter=Q(uses__worked=True)),
            failed_count=models.Count("uses", filter=Q(uses__worked=False)),
        )


class KnownError(models.Model):
    """
    What is known of a problem that is not fixed yet. Its number is the problem's: `KE-1042` belongs to `PRB-1042`.

    It is published from its declaration on and withdrawn when the problem is closed or cancelled.
    """

    problem = models.OneToOneField(Problem, on_delete=models.CASCADE, primary_key=True, related_name="known_error")
    title = models.CharField(_("title"), max_length=200)
    symptom = models.TextField(_("symptom"))
    cause = models.TextField(_("cause"), blank=True)
    is_cause_confirmed = models.BooleanField(_("the cause is confirmed"), default=False)
    workaround = models.TextField(_("workaround"), blank=True)
    has_workaround = models.BooleanField(_("has a workaround"), default=False)
    services = models.ManyToManyField(Service, blank=True, related_name="known_errors", verbose_name=_("services"))
    items = models.ManyToManyField(
        ConfigurationItem, blank=True, related_name="known_errors", verbose_name=_("configuration items")
    )
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    revised_at = models.DateTimeField(_("text changed"), null=True)
    vector = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="simple")
        + SearchVector("symptom", weight="B", config="simple")
        + SearchVector("cause", weight="D", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = KnownErrorQuerySet.as_manager()

    class Meta:
        verbose_name = _("known error")
        verbose_name_plural = _("known errors")
        constraints = [
            models.CheckConstraint(
                condition=Q(has_workaround=False, workaround="") | Q(has_workaround=True) & ~Q(workaround=""),
                name="problems_workaround_or_none",
            ),
            models.CheckConstraint(condition=~Q(symptom=""), name="problems_symptom_said"),
        ]
        indexes = [
            GinIndex(fields=["vector"], name="problems_ke_words"),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="problems_ke_title_typed"),
            models.Index(fields=["-published_at"], condition=Q(withdrawn_at=None), name="problems_ke_published"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/known-errors/{self.reference}/"

    @property
    def reference(self) -> str:
        return format_reference(PREFIX, self.pk)

    @property
    def is_published(self) -> bool:
        return self.withdrawn_at is None


class KnownErrorUse(models.Model):
    """What became of a known error on one record: who got the workaround, when, and whether it helped."""

    known_error = models.ForeignKey(KnownError, on_delete=models.CASCADE, related_name="uses")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="known_error_uses")
    use = models.CharField(_("use"), max_length=10, choices=Use.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))
    comment = models.ForeignKey(Comment, on_delete=models.SET_NULL, null=True, related_name="+")
    worked = models.BooleanField(_("it worked"), null=True)
    worked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    worked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("use of a known error")
        constraints = [
            models.UniqueConstraint(fields=["known_error", "record"], name="problems_use_once"),
            models.CheckConstraint(
                condition=Q(worked=None, worked_at=None) | Q(worked__isnull=False, worked_at__isnull=False),
                name="problems_use_worked_when_told",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.known_error_id} on {self.record_id}: {self.use}"
