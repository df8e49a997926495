"""The readiness checklist: what every release is asked, and what was signed for one of them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import Role

from ..enums import Type
from .release import Release


class ChecklistItem(models.Model):
    """One line of the template. New releases of its types take a copy; those that exist keep theirs."""

    key = models.SlugField(_("short name"), max_length=40, unique=True)
    text = models.CharField(_("what has to be true"), max_length=200)
    role = models.CharField(_("signed by"), max_length=24, choices=Role.choices)
    types = ArrayField(
        models.CharField(max_length=12, choices=Type.choices), default=list, blank=True, verbose_name=_("for types"),
        help_text=_("all when none is chosen"),
    )  # fmt: skip
    is_required = models.BooleanField(_("must be signed"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("asked"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("line of the readiness checklist")
        verbose_name_plural = _("readiness checklist")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="releases_checklist_item_says_what")]

    def __str__(self) -> str:
        return self.text


class ReadinessItem(models.Model):
    """One line of a release's checklist, with who signed it and when."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="checklist")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    role = models.CharField(_("signed by"), max_length=24, choices=Role.choices)
    is_required = models.BooleanField(_("must be signed"), default=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("line of the checklist")
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_by=None, signed_at=None) | Q(signed_by__isnull=False, signed_at__isnull=False),
                name="releases_signed_by_somebody_at_some_moment",
            )
        ]

    def __str__(self) -> str:
        return self.text
