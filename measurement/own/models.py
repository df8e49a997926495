"""Measures that people made, and every version of what they mean."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..declarations import Direction, Unit

LONGEST = 500
UNITS = [(each.value, each.label) for each in Unit if each != Unit.PER_DAY]


class OwnMeasure(models.Model):
    """A measure that people made. Its short name begins with “own-” and never changes; no declared one does."""

    slug = models.SlugField(max_length=60, unique=True)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1)
    is_sample = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("own measure")
        verbose_name_plural = _("own measures")
        constraints = [models.CheckConstraint(condition=Q(slug__startswith="own-"), name="own_kpis_slug")]

    def __str__(self) -> str:
        return self.slug


class OwnVersion(models.Model):
    """
    What an own measure meant from some moment on; the highest number counts. Never changed: readings name it.

    :ivar expression: as `expressions.parse` reads it, over declared counts.
    """

    measure = models.ForeignKey(OwnMeasure, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField(_("definition version"))
    name = models.CharField(_("name"), max_length=120)
    question = models.CharField(_("question"), max_length=200)
    expression = models.CharField(_("formula"), max_length=LONGEST)
    unit = models.CharField(_("unit"), max_length=10, choices=UNITS)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("who")
    )
    made_at = models.DateTimeField(_("made"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("version of an own measure")
        ordering = ["measure", "-number"]
        constraints = [models.UniqueConstraint(fields=["measure", "number"], name="own_kpis_version_once")]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"
