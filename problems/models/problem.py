"""The problem: what lies, or may lie, behind one or several incidents."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from records.models import Record, RecordQuerySet

from ..enums import Method, Origin, State
from ..workflow import ProblemWorkflow


class ProblemQuerySet(RecordQuerySet):
    def watched(self) -> Self:
        """Fixed, and watched for recurrence."""
        return self.filter(state=State.VERIFYING, watch_until_date__isnull=False)

    def due_for_review(self, day: date) -> Self:
        """Whose accepted risk is to be decided again."""
        return self.filter(state=State.RISK_ACCEPTED, review_date__lte=day)


class Problem(ProblemWorkflow, Record):  # type: ignore[misc] # moves set fields that stand on the record
    """Fields of the domain reference B3 on top of the record's. The assignee of the record is the investigator."""

    origin = models.CharField(_("seen through"), max_length=16, choices=Origin.choices, default=Origin.INCIDENT)
    impact_statement = models.TextField(_("what it does to people"), blank=True)
    method = models.CharField(_("method"), max_length=16, choices=Method.choices, blank=True, editable=False)
    cause_code = models.CharField(_("cause code"), max_length=60, blank=True)
    cause_found_at = models.DateTimeField(  # type: ignore[assignment] # set by moves, too
        _("cause found"), null=True, editable=False
    )
    review_date = models.DateField(  # type: ignore[assignment] # set by moves, too
        _("decide again on"), null=True, editable=False
    )
    fixed_at = models.DateTimeField(  # type: ignore[assignment] # set by moves, too
        _("fix in place"), null=True, editable=False
    )
    watch_until_date = models.DateField(  # type: ignore[assignment] # set by moves, too
        _("watched until"), null=True, editable=False
    )
    loop_count = models.PositiveSmallIntegerField(_("times it came back"), default=0, editable=False)
    lessons = models.TextField(_("what we learned"), blank=True, editable=False)
    risk_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("who accepted the risk"),
    )
    risk_reason = models.TextField(_("why the risk is accepted"), blank=True, editable=False)

    objects = ProblemQuerySet.as_manager()  # type: ignore[misc] # narrower than the record's, on purpose

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        constraints = [
            models.CheckConstraint(
                condition=Q(watch_until_date=None) | Q(fixed_at__isnull=False),
                name="problems_watch_follows_fix",
            ),
        ]
        indexes = [
            models.Index(
                fields=["watch_until_date"], condition=Q(watch_until_date__isnull=False), name="problems_watched"
            ),
            models.Index(fields=["review_date"], condition=Q(review_date__isnull=False), name="problems_reviewed"),
            models.Index(
                fields=["cause_found_at"], condition=Q(cause_found_at__isnull=False), name="problems_cause_found"
            ),
        ]

    @property
    def has_known_error(self) -> bool:
        """Whether a known error was ever declared; reads its row."""
        return hasattr(self, "known_error")

    def get_known_error(self) -> Any:
        """The known error with its texts, None where none was declared."""
        return getattr(self, "known_error", None)

    def get_declared(self, name: str) -> Any:
        """
        `symptom`, `cause`, `workaround` or `is_cause_confirmed` as the latest declaration said them; without one the
        cause is that of the analysis.
        """
        known = self.get_known_error()
        if known is None:
            roots = self.causes.filter(is_root=True).values_list("text", flat=True)
            return "\n".join(roots) if name == "cause" else None
        if name == "workaround" and not known.has_workaround:
            return _now("none")
        return getattr(known, name)
