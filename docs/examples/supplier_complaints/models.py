"""The complaint: what a supplier promised, what came, what they say about it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.models import Record, RecordQuerySet

from .enums import Remedy
from .workflow import ComplaintWorkflow


class Complaint(ComplaintWorkflow, Record):  # type: ignore[misc] # moves set fields that stand on the record
    """On top of the record's fields, which say who, what, when, for which service and how urgent."""

    supplier = models.CharField(_("supplier"), max_length=120)
    promised = models.TextField(_("what was agreed"), blank=True)
    answer = models.TextField(_("answer"), blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)
    remedy = models.CharField(_("remedy"), max_length=10, choices=Remedy.choices, blank=True, editable=False)

    objects = RecordQuerySet.as_manager()  # type: ignore[misc] # of this kind only

    class Meta:
        verbose_name = _("supplier complaint")
        verbose_name_plural = _("supplier complaints")
        constraints = [
            models.CheckConstraint(
                condition=Q(remedy="") | Q(answered_at__isnull=False), name="supplier_complaints_remedy_follows_answer"
            ),
        ]
