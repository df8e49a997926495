"""Notes that people write beside the days of a measure."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.access import access_of
from people.models import Organization, Team

from .enums import Audience

LONGEST = 300


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: Any) -> Self:
        """One's own, and what the author means for the person, as long as they may see measures."""
        access = access_of(user)
        if not access.allows("kpi.view"):
            return self.none()
        return self.filter(
            Q(author=user.pk)
            | Q(audience=Audience.TEAM, team__in=access.team_ids)
            | Q(audience=Audience.ORGANIZATION, organization=user.organization_id)
            | Q(audience=Audience.EVERYBODY)
        )


class Note(models.Model):
    """
    What somebody knows of some days. :ivar day_to: the day after the last one; a single day ends with itself.

    :ivar organization: of the author, when it was written.
    """

    kpi = models.CharField(_("measure"), max_length=80)
    text = models.CharField(_("note"), max_length=LONGEST)
    day_from = models.DateField(_("from"))
    day_to = models.DateField(_("to"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    audience = models.CharField(_("who reads it"), max_length=8, choices=Audience.choices, default=Audience.OWN)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("team"))
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False, editable=False)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["day_from", "id"]
        verbose_name = _("note on a measure")
        verbose_name_plural = _("notes on measures")
        constraints = [
            models.CheckConstraint(condition=Q(day_from__lt=F("day_to")), name="kpi_notes_day_before_day"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="kpi_notes_audience_known"),
            models.CheckConstraint(
                condition=Q(audience="team", team__isnull=False) | (~Q(audience="team") & Q(team=None)),
                name="kpi_notes_team_where_needed",
            ),
        ]
        indexes = [models.Index(fields=["kpi", "-day_to"], name="kpi_notes_days")]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("kpi_notes:note", args=[self.pk])
