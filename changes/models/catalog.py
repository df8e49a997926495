"""Approved models of standard changes: what may be done without asking each time, and within which limits."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.models import Service

from ..enums import ModelState


class ChangeModelQuerySet(models.QuerySet["ChangeModel"]):
    def usable(self, day: object) -> Self:
        """Approved, and not past the day on which the approval ends."""
        return self.filter(state=ModelState.APPROVED).filter(Q(expires_date=None) | Q(expires_date__gt=day))


class ChangeModel(models.Model):
    """
    A repeatable change with its plans written beforehand.

    It has an approval of its own, ends on a day, counts its uses, and is suspended by itself when too few of its latest
    changes succeed: fewer than `least_success_percent` of the last `judged_uses`.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    description = models.TextField(_("what it is for"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ModelState.choices, default=ModelState.PROPOSED)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="change_models", verbose_name=_("owner")
    )
    team = models.ForeignKey(
        "people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("team that implements it"),
    )  # fmt: skip
    services = models.ManyToManyField(
        Service, related_name="change_models", verbose_name=_("services"), blank=True,
        help_text=_("Only changes of these services; all when empty."),
    )  # fmt: skip
    longest_minutes = models.PositiveIntegerField(_("longest window, minutes"), default=240)
    implementation_plan = models.TextField(_("implementation plan"))
    test_plan = models.TextField(_("test plan"), blank=True)
    back_out_plan = models.TextField(_("back-out plan"))
    communication_plan = models.TextField(_("communication plan"), blank=True)
    steps = models.JSONField(_("steps"), default=list, blank=True, help_text=_("Titles of the steps, in order."))

    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    expires_date = models.DateField(_("approval ends"), null=True, blank=True)
    least_success_percent = models.PositiveSmallIntegerField(_("least share of successes, %"), default=90)
    judged_uses = models.PositiveSmallIntegerField(_("judged over the latest uses"), default=10)
    state_reason = models.CharField(_("why suspended or retired"), max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)

    objects = ChangeModelQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("model of standard changes")
        verbose_name_plural = _("models of standard changes")
        constraints = [
            models.CheckConstraint(
                condition=Q(least_success_percent__lte=100, judged_uses__gte=1), name="changes_model_threshold_in_range"
            ),
            models.CheckConstraint(
                condition=~Q(state=ModelState.APPROVED) | Q(approved_at__isnull=False),
                name="changes_model_approved_at_some_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.name
