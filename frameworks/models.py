"""Framework packs as they are loaded, certificates that loading them changed nothing else, and what gaps led to."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from measurement import declarations
from people.access import access_of
from records.models import Record

from .enums import Act, Verdict

PERSON = settings.AUTH_USER_MODEL


class PackQuerySet(models.QuerySet["Pack"]):
    def active(self) -> Self:
        """Those that the map shows."""
        return self.filter(is_active=True)


class Pack(models.Model):
    """
    A framework as data: its practices, and the steps at which they plug in.

    :ivar slug: the id that the pack gives itself. :ivar edition: of the pack; `release` is that of the framework.
    :ivar document: what was loaded, whole; `fingerprint` is SHA-256 over it.
    :ivar is_shipped: whether it is one that comes with the product, word for word.
    """

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=160)
    release = models.CharField(_("version of the framework"), max_length=60)
    edition = models.PositiveIntegerField(_("edition of the pack"))
    owner = models.CharField(_("owner of the framework"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    document = models.JSONField(editable=False)
    fingerprint = models.CharField(max_length=64, editable=False)
    is_shipped = models.BooleanField(default=False, editable=False)
    is_active = models.BooleanField(_("switched on"), default=True)
    is_sample = models.BooleanField(default=False, editable=False)
    adopted_at = models.DateTimeField(_("adopted"))
    changed_at = models.DateTimeField(_("changed"))
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PackQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("framework pack")
        verbose_name_plural = _("framework packs")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("frameworks:framework", args=[self.slug])


class Practice(models.Model):
    """
    What a framework calls by a name of its own.

    :ivar key: the pack's id for it. :ivar is_heading: it says nothing of its own, only its parts do.
    """

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="practices", db_index=False)
    key = models.CharField(max_length=60)
    ref = models.CharField(_("reference"), max_length=30, blank=True)
    name = models.CharField(_("name"), max_length=160)
    group = models.CharField(_("group"), max_length=160)
    purpose = models.CharField(_("purpose"), max_length=1000)
    part_of = models.CharField(max_length=60, blank=True)
    is_heading = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()
    steps = ArrayField(models.CharField(max_length=160), default=list)
    measures = ArrayField(models.CharField(max_length=60), default=list)

    class Meta:
        ordering = ["pack", "position"]
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        constraints = [models.UniqueConstraint(fields=["pack", "key"], name="frameworks_practice_once")]

    def __str__(self) -> str:
        return f"{self.ref} {self.name}" if self.ref else self.name

    def get_absolute_url(self) -> str:
        return reverse("frameworks:practice", args=[self.pack.slug, self.key])


class Picture(models.Model):
    """How the product was put together at some moment: machines, rights, routes, screens, tables. Kept once each."""

    fingerprint = models.CharField(max_length=64, unique=True)
    document = models.JSONField()
    first_seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("picture of the product")

    def __str__(self) -> str:
        return self.fingerprint[:12]


class Certificate(models.Model):
    """
    That an act on a pack changed nothing but the pack, or that it was rolled back because it did. Written once.

    :ivar pack_before: fingerprint of the pack's document before the act; empty before it was there.
    :ivar before: fingerprint of the picture of the product before the act, `after` right after it.
    :ivar parts: part -> [fingerprint before, after, number of entries].
    :ivar written: table -> rows written by the act. :ivar differences: what was not as before, in words.
    :ivar seal: SHA-256 over all of the above; the log of acts holds it, too.
    """

    pack_slug = models.CharField(max_length=60)
    pack_name = models.CharField(max_length=160)
    act = models.CharField(_("act"), max_length=12, choices=Act.choices)
    edition_before = models.PositiveIntegerField(null=True)
    edition_after = models.PositiveIntegerField(null=True)
    pack_before = models.CharField(max_length=64, blank=True)
    pack_after = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"))
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices)
    before = models.CharField(max_length=64)
    after = models.CharField(max_length=64)
    parts = models.JSONField()
    written = models.JSONField()
    differences = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    seal = models.CharField(max_length=64)
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="equal", before=F("after"), differences=[]) | Q(verdict="different"),
                name="frameworks_equal_means_equal",
            )
        ]
        indexes = [models.Index(fields=["pack_slug", "-id"], name="frameworks_cert_of_pack")]

    def __str__(self) -> str:
        return f"{self.pack_name} {self.get_act_display()}"

    def get_absolute_url(self) -> str:
        return reverse("frameworks:certificate", args=[self.pk])

    @property
    def is_equal(self) -> bool:
        return self.verdict == Verdict.EQUAL

    @property
    def sealed(self) -> dict[str, Any]:
        """All that the seal covers, as plain values."""
        names = ("pack_slug", "pack_name", "act", "edition_before", "edition_after", "pack_before", "pack_after",
                 "verdict", "before", "after", "parts", "written", "differences")  # fmt: skip
        said = {name: getattr(self, name) for name in names}
        return said | {"by": self.by_id, "at": self.at.isoformat(), "act": str(self.act), "verdict": str(self.verdict)}


class GapImprovement(models.Model):
    """The improvement that a gap became. By names, not keys: it outlives an upgrade of the pack."""

    pack_slug = models.CharField(max_length=60)
    practice_key = models.CharField(max_length=60)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("improvement of a gap")
        constraints = [models.UniqueConstraint(fields=["pack_slug", "practice_key"], name="frameworks_gap_once")]

    def __str__(self) -> str:
        return f"{self.pack_slug} {self.practice_key}"


class SignalQuerySet(models.QuerySet["Signal"]):
    def open(self) -> Self:
        """Whose measure still misses, and that nobody called a false alarm."""
        return self.filter(cleared_at=None, dismissed_at=None)

    def dismissed(self) -> Self:
        """False alarms whose measure still misses."""
        return self.filter(cleared_at=None, dismissed_at__isnull=False)

    def visible_to(self, user: Any) -> Self:
        """Open ones, for whom the practice map is shown: what is settled leaves inboxes by itself."""
        return self.open() if access_of(user).allows("practice_map.view") else self.none()


class Signal(models.Model):
    """
    A measure that practices carry missed its target in a whole month.

    Raised once, and open until the measure holds its target again; whatever number of practices carry it. A false alarm
    is dismissed and remembered with the reason: it stays silent until a month misses by more than what was dismissed.

    :ivar first_day: of the latest month that missed. :ivar record: the improvement that it led to.
    :ivar dismissed_number: the value that was called a false alarm.
    """

    kpi = models.CharField(_("measure"), max_length=60)
    first_day = models.DateField(_("month"))
    number = models.FloatField(_("value"))
    target = models.FloatField(_("target"))
    months = models.PositiveSmallIntegerField(_("months in a row"), default=1)
    raised_at = models.DateTimeField(_("raised"))
    cleared_at = models.DateTimeField(_("held again"), null=True)
    record = models.ForeignKey(Record, on_delete=models.SET_NULL, null=True, related_name="+")
    dismissed_at = models.DateTimeField(_("dismissed"), null=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    dismissed_number = models.FloatField(null=True)
    reason = models.CharField(_("why it is a false alarm"), max_length=300, blank=True)
    is_sample = models.BooleanField(default=False, editable=False)

    objects = SignalQuerySet.as_manager()

    class Meta:
        ordering = ["-first_day", "kpi"]
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        constraints = [
            models.UniqueConstraint(fields=["kpi"], condition=Q(cleared_at=None), name="frameworks_one_open_signal"),
            models.CheckConstraint(
                condition=Q(dismissed_at=None, dismissed_number=None, reason="")
                | Q(dismissed_at__isnull=False, dismissed_number__isnull=False) & ~Q(reason=""),
                name="frameworks_dismissed_with_reason",
            ),
        ]

    def __str__(self) -> str:
        try:
            return str(declarations.kpi(self.kpi).name)
        except KeyError:  # people made it
            return self.kpi

    def get_absolute_url(self) -> str:
        return f"{reverse('frameworks:signals')}#signal-{self.pk}"
