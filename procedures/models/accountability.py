"""Who answers for a step of a process, and who else has a part in it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import Role
from records.practices import PROCESSES

from ..enums import Part


class Duty(models.Model):
    """
    The one role that is accountable for a step; there is a row for every step of every process.

    `person` names one of its holders where several have the role.
    """

    process = models.CharField(_("process"), max_length=12, choices=PROCESSES)
    step = models.CharField(_("step"), max_length=20)
    accountable = models.CharField(_("accountable"), max_length=24, choices=Role.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("person"), help_text=_("Who of them, where several have the role."),
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["process", "id"]
        verbose_name = _("accountability")
        verbose_name_plural = _("accountabilities")
        constraints = [
            models.UniqueConstraint(fields=["process", "step"], name="procedures_one_accountable_role"),
            models.CheckConstraint(condition=Q(accountable__in=Role.values), name="procedures_accountable_known"),
        ]

    def __str__(self) -> str:
        return f"{self.process} {self.step}: {self.accountable}"


class DutyPart(models.Model):
    """A further role at the step: responsible, consulted or informed."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="parts")
    part = models.CharField(_("part"), max_length=12, choices=Part.choices)
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)

    class Meta:
        ordering = ["part", "role"]
        verbose_name = _("part in a step")
        verbose_name_plural = _("parts in steps")
        constraints = [
            models.UniqueConstraint(fields=["duty", "role"], name="procedures_one_part_a_role"),
            models.CheckConstraint(
                condition=Q(part__in=Part.values, role__in=Role.values), name="procedures_part_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.part}"
