"""Who decides for whom, and when."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Deputy(models.Model):
    """
    From one date up to another, which is not included, `deputy` may decide what `person` was asked to.

    Dates are those of the person's own time zone. One deputy at a time, as the database sees to.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deputies", verbose_name=_("person")
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deputy_for", verbose_name=_("deputy")
    )
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("back on"), help_text=_("The first day on which the deputy no longer decides."))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-valid_from", "-id"]
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        constraints = [
            models.CheckConstraint(condition=Q(valid_from__lt=F("valid_to")), name="approvals_deputy_period"),
            models.CheckConstraint(condition=~Q(person=F("deputy")), name="approvals_deputy_not_oneself"),
            ExclusionConstraint(
                name="approvals_deputy_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (
                        models.Func("valid_from", "valid_to", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [models.Index(fields=["deputy", "valid_to"], name="approvals_deputy_for")]

    def __str__(self) -> str:
        return f"{self.deputy_id} for {self.person_id}"
