"""The incident: something is broken, or worse than agreed, and somebody waits for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.enums import Source
from records.models import Record, RecordQuerySet

from .enums import ResolutionCode, State
from .workflow import IncidentWorkflow

CONTACT_SOURCES = frozenset({Source.PHONE, Source.MAIL, Source.PORTAL, Source.WALK_IN, Source.CHAT})


class IncidentQuerySet(RecordQuerySet):
    def resolved_before(self, moment: object) -> "IncidentQuerySet":
        """Resolved and not closed since before the moment."""
        return self.filter(state=State.RESOLVED, resolved_at__lt=moment)


class Incident(IncidentWorkflow, Record):  # type: ignore[misc] # moves set fields that stand on the record
    """Fields of the domain reference B1 on top of the record's."""

    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    affected_count = models.PositiveIntegerField(_("people affected"), null=True, blank=True)
    symptom = models.CharField(_("symptom"), max_length=200, blank=True)
    outage_from = models.DateTimeField(_("service down from"), null=True, blank=True)
    outage_to = models.DateTimeField(_("service up again"), null=True, blank=True)
    is_security_related = models.BooleanField(_("security incident"), default=False)
    supplier_reference = models.CharField(_("supplier's reference"), max_length=120, blank=True)

    resolution_code = models.CharField(
        _("resolution code"), max_length=20, choices=ResolutionCode.choices, blank=True, editable=False
    )
    resolution_text = models.TextField(_("what was done"), blank=True, editable=False)
    cause_code = models.CharField(_("cause"), max_length=60, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    is_first_contact = models.BooleanField(_("resolved at first contact"), default=False, editable=False)

    objects = IncidentQuerySet.as_manager()  # type: ignore[misc] # narrower than the record's, on purpose

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        constraints = [
            models.CheckConstraint(
                condition=Q(outage_from=None) | Q(outage_to=None) | Q(outage_to__gte=models.F("outage_from")),
                name="incidents_outage_ends_after_it_began",
            )
        ]

    @property
    def is_by_contact(self) -> bool:
        """Whether a person reported it through a contact channel, monitoring excluded."""
        return self.source in CONTACT_SOURCES
