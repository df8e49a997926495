"""Service reports: figures of a month for a customer, what lies behind them, and what was said about them."""

from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from common.months import Month
from people.access import access_of
from people.models import Organization

from ..enums import FROZEN, RemarkKind, Rows, State
from ..workflow import ReportWorkflow
from .plans import ReportPlan

PERSON = settings.AUTH_USER_MODEL


class ServiceReportQuerySet(models.QuerySet["ServiceReport"]):
    def frozen(self) -> Self:
        """Issued, whatever the customer said."""
        return self.filter(state__in=FROZEN)

    def latest_editions(self) -> Self:
        """Those that no other issued edition has taken the place of."""
        later = ServiceReport.objects.filter(predecessor=OuterRef("pk"), state__in=FROZEN)
        return self.filter(~Exists(later))

    def visible_to(self, user: Any) -> Self:
        """From inside every report of the customers in reach; for customers the issued ones of their own."""
        access = access_of(user)
        inside = access.rows("report.view", own=Q(pk__in=[]))
        if access.allows("report.view") and not inside:
            return self.all()
        return self.filter(inside | self._to_customer(user, "report.read"))

    def open_to_customer(self, user: Any) -> Self:
        """Issued ones that the person reads for their organization; in the portal, whatever else they may see."""
        return self.filter(self._to_customer(user, "report.read"))

    def answerable_by(self, user: Any) -> Self:
        """Those that the person may accept or dispute for their organization."""
        return self.filter(self._to_customer(user, "report.answer"))

    @staticmethod
    def _to_customer(user: Any, operation: str) -> Q:
        received = ReportPlan.receivers.through.objects.filter(reportplan=OuterRef("plan"), user=user.pk)
        own = Q(organization=user.organization_id) & Q(Exists(received)) if user.is_authenticated else Q(pk__in=[])
        return access_of(user).rows(operation, own=own) & Q(state__in=FROZEN)


class ServiceReport(ReportWorkflow):
    """
    One edition of the report of a month. Until it is issued `document` may be compiled anew; then it is frozen.

    `fingerprint` is SHA-256 over the document, which holds a digest of the rows behind each figure. A corrected
    edition names its predecessor, which stays as it was.
    """

    plan = models.ForeignKey(ReportPlan, on_delete=models.PROTECT, related_name="reports")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, db_index=False, related_name="service_reports",
        verbose_name=_("customer"),
    )  # fmt: skip
    first_day = models.DateField(_("month"))
    zone = models.CharField(_("time zone"), max_length=64)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    predecessor = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="successor", verbose_name=_("corrects")
    )
    correction_reason = models.CharField(_("why it was corrected"), max_length=500, blank=True)
    has_new_terms = models.BooleanField(
        _("service credits by the terms of today"), default=False, db_default=False, editable=False
    )
    document = models.JSONField(default=dict, editable=False)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    summary = models.TextField(_("summary"), blank=True)
    compiled_at = models.DateTimeField(_("compiled"))
    reviewed_at = models.DateTimeField(_("reviewed"), null=True)  # type: ignore[assignment] # set by moves, too
    reviewed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")  # type: ignore[assignment] # set by moves, too
    issued_at = models.DateTimeField(_("issued"), null=True)  # type: ignore[assignment] # set by moves, too
    issued_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)

    objects = ServiceReportQuerySet.as_manager()

    class Meta:
        ordering = ["-first_day", "organization__name", "-edition"]
        verbose_name = _("service report")
        verbose_name_plural = _("service reports")
        constraints = [
            models.UniqueConstraint(fields=["organization", "first_day", "edition"], name="reports_edition_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="reports_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["compiled", "reviewed"], issued_at=None, fingerprint="")
                | Q(state__in=FROZEN, issued_at__isnull=False) & ~Q(fingerprint=""),
                name="reports_issued_with_fingerprint",
            ),
            models.CheckConstraint(
                condition=Q(edition=1, predecessor=None, correction_reason="")
                | Q(edition__gt=1, predecessor__isnull=False) & ~Q(correction_reason=""),
                name="reports_correction_says_of_what_and_why",
            ),
        ]
        indexes = [
            models.Index(fields=["-first_day", "-id"], name="reports_newest"),
            models.Index(fields=["organization", "-first_day", "-id"], name="reports_of_customer"),
        ]

    def __str__(self) -> str:
        said = {"customer": self.organization, "month": self.month.label, "edition": self.edition}
        if self.edition > 1:
            return text("%(customer)s, %(month)s, edition %(edition)s") % said
        return text("%(customer)s, %(month)s") % said

    def get_absolute_url(self) -> str:
        """On the side of the reader, where the query says which one that is."""
        place = "portal_reports" if getattr(self, "is_in_portal", False) else "reports"
        return reverse(f"{place}:report", args=[self.pk])

    @property
    def month(self) -> Month:
        return Month(self.first_day, ZoneInfo(self.zone))

    @property
    def is_frozen(self) -> bool:
        return self.state in FROZEN

    @property
    def is_compiled(self) -> bool:
        return self.state == State.COMPILED

    @property
    def is_reviewed(self) -> bool:
        return self.state == State.REVIEWED

    @property
    def is_issued(self) -> bool:
        """Issued, and not answered yet."""
        return self.state == State.ISSUED

    @property
    def is_accepted(self) -> bool:
        return self.state == State.ACCEPTED

    @property
    def is_disputed(self) -> bool:
        return self.state == State.DISPUTED


class Evidence(models.Model):
    """The rows that a figure was counted from, as they were then. `kind` says rows of what."""

    report = models.ForeignKey(ServiceReport, on_delete=models.CASCADE, db_index=False, related_name="evidence")
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Rows.choices)
    ids = ArrayField(models.BigIntegerField())

    class Meta:
        ordering = ["report", "key"]
        verbose_name = _("rows behind a figure")
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="reports_evidence_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.key}"


class Remark(models.Model):
    """What the customer said about an issued report, and what they were answered. Written once."""

    report = models.ForeignKey(ServiceReport, on_delete=models.CASCADE, related_name="remarks")
    kind = models.CharField(max_length=10, choices=RemarkKind.choices)
    text = models.TextField(_("comment"), blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["report", "id"]
        verbose_name = _("remark about a report")
        constraints = [
            models.CheckConstraint(condition=Q(kind="accepted") | ~Q(text=""), name="reports_remark_says_something")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.report_id}"


class ReportFile(models.Model):
    """
    The PDF of an issued edition. Its content lies under its own SHA-256 in the media folder; made once by a worker.

    `retry_at` says when to make it, or to try again; empty once it is there.
    """

    report = models.OneToOneField(ServiceReport, on_delete=models.CASCADE, related_name="file")
    sha256 = models.CharField(max_length=64, blank=True)
    size_bytes = models.BigIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("file of a report")
        constraints = [
            models.CheckConstraint(
                condition=Q(made_at=None, sha256="") | Q(made_at__isnull=False) & ~Q(sha256=""),
                name="reports_file_made_with_hash",
            )
        ]
        indexes = [models.Index(fields=["retry_at"], condition=Q(retry_at__isnull=False), name="reports_file_due")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What the file is called where it is saved."""
        edition = f"-edition-{self.report.edition}" if self.report.edition > 1 else ""
        return f"service-report-{self.report.organization.slug}-{self.report.first_day:%Y-%m}{edition}.pdf"

    @property
    def is_made(self) -> bool:
        return self.made_at is not None


class ReportMail(models.Model):
    """A mail with an issued report to one receiver: to be sent, sent, or given up."""

    report = models.ForeignKey(ServiceReport, on_delete=models.CASCADE, related_name="mails")
    user = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    retry_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=2000, blank=True)

    class Meta:
        verbose_name = _("mail with a report")
        constraints = [models.UniqueConstraint(fields=["report", "user"], name="reports_mail_once")]
        indexes = [models.Index(fields=["retry_at"], condition=Q(retry_at__isnull=False), name="reports_mail_due")]

    def __str__(self) -> str:
        return f"{self.report_id} to {self.user_id}"
