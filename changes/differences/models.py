"""That an item was compared with what is really there, and in what it turned out to be other than written down."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from records.models import Record
from services.models import ConfigurationItem, ItemImport, Service
from services.queries import items_open_to

from ..models import Change


class VerificationQuerySet(models.QuerySet["Verification"]):
    def visible_to(self, user: Any) -> Self:
        """Those of items that the person may look into."""
        return self.filter(item__in=items_open_to(user))


class Verification(models.Model):
    """
    One comparison of one item with what is really there.

    :ivar run: the import that compared it; None where a person looked. :ivar note: what the person saw.
    """

    item = models.ForeignKey(
        ConfigurationItem, on_delete=models.CASCADE, related_name="verifications", db_index=False
    )  # fmt: skip
    at = models.DateTimeField(_("verified"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("verified by")
    )
    run = models.ForeignKey(ItemImport, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    note = models.TextField(_("what was seen"), blank=True)

    is_measured_alone = True  # no record stands behind the rows of a measure
    measured_with = ("item__service", "run", "by")
    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "item"], condition=Q(run__isnull=False), name="changes_verification_once_an_import"
            )
        ]
        indexes = [
            models.Index(fields=["item", "-at"], name="changes_verification_latest"),
            models.Index(fields=["at"], name="changes_verification_day"),
        ]

    def __str__(self) -> str:
        return self.item.name

    def get_absolute_url(self) -> str:
        return self.item.get_absolute_url()

    @property
    def service(self) -> Service | None:
        """For the rows behind a measure, as the two below."""
        return self.item.service

    @property
    def measured_at(self) -> datetime:
        return self.at

    @property
    def measured_note(self) -> str:
        return self.run.file_name if self.run else str(self.by or "")


class DifferenceQuerySet(models.QuerySet["Difference"]):
    def visible_to(self, user: Any) -> Self:
        """Those of items that the person may look into."""
        return self.filter(verification__item__in=items_open_to(user))

    def open(self) -> Self:
        """Those that nobody has explained."""
        return self.filter(explained_at=None)

    def with_names(self) -> Self:
        """Fetch everything a row of a list names."""
        return self.select_related(
            "verification__item__type", "verification__run", "verification__by", "change", "follow_up", "explained_by"
        )


class Difference(models.Model):
    """
    One thing in which an item was other than written down. Unauthorized until it is explained.

    :ivar field: as imports name it (`status`, `attributes.memory_gb`); empty where a person said it in words.
    :ivar before: what was written down. :ivar after: what was found.
    :ivar change: the change that explains it. :ivar reason: why it is in order without one.
    :ivar explained_by: None where it was found by itself: a change was under way on the item since the look before.
    :ivar follow_up: the change that was written down because of it.
    """

    verification = models.ForeignKey(Verification, on_delete=models.CASCADE, related_name="differences")
    field = models.CharField(_("what"), max_length=60, blank=True)
    before = models.JSONField(_("written down"), default=None, null=True)
    after = models.JSONField(_("found"), default=None, null=True)
    change = models.ForeignKey(Change, on_delete=models.SET_NULL, null=True, related_name="differences")
    reason = models.TextField(_("why it is in order"), blank=True)
    explained_at = models.DateTimeField(_("explained"), null=True)
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    follow_up = models.ForeignKey(Record, on_delete=models.SET_NULL, null=True, related_name="+")

    is_measured_alone = True  # no record stands behind the rows of a measure
    measured_with = ("verification__item__service",)
    objects = DifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        constraints = [
            models.CheckConstraint(
                condition=Q(explained_at__isnull=False) | Q(change=None, reason="", explained_by=None),
                name="changes_difference_explained_when",
            )
        ]
        indexes = [models.Index(fields=["-id"], condition=Q(explained_at=None), name="changes_difference_open")]

    def __str__(self) -> str:
        return str(self.verification.item)

    def get_absolute_url(self) -> str:
        asked = urlencode({"state": "all", "q": self.verification.item.name})
        return f"{reverse('differences:differences')}?{asked}#difference-{self.pk}"

    @property
    def item(self) -> ConfigurationItem:
        return self.verification.item

    @property
    def is_open(self) -> bool:
        return self.explained_at is None

    @property
    def service(self) -> Service | None:
        """For the rows behind a measure, as the two below."""
        return self.item.service

    @property
    def measured_at(self) -> datetime:
        return self.verification.at

    @property
    def measured_note(self) -> str:
        return self.field.removeprefix("attributes.") or str(self.after)


class StandingQuerySet(models.QuerySet["Standing"]):
    def visible_to(self, user: Any) -> Self:
        """Those of items that the person may look into."""
        return self.filter(item__in=items_open_to(user))


class Standing(models.Model):
    """
    How an item in use stood in the books from one look over all items to another.

    Where an item belongs is kept as it was, so that what a day came to does not change with it.

    :ivar until_at: None for the one that holds. :ivar is_complete: it has an owner, and a way to a service.
    :ivar is_overdue: it was live, and its verification overdue.
    """

    item = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, related_name="standings", db_index=False)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    service = models.ForeignKey(Service, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    team = models.ForeignKey("people.Team", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    is_sample = models.BooleanField(default=False)
    is_live = models.BooleanField()
    is_complete = models.BooleanField()
    is_overdue = models.BooleanField()

    is_measured_alone = True  # no record stands behind the rows of a measure
    measured_with = ("item", "service")
    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing of an item")
        verbose_name_plural = _("standings of items")
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(until_at=None), name="changes_standing_one_holds"),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")), name="changes_standing_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["from_at"], name="changes_standing_from"),
            models.Index(fields=["until_at"], condition=Q(until_at__isnull=False), name="changes_standing_until"),
            models.Index(fields=["item"], name="changes_standing_item"),
        ]

    def __str__(self) -> str:
        return self.item.name

    def get_absolute_url(self) -> str:
        return self.item.get_absolute_url()

    @property
    def measured_at(self) -> datetime:
        """For the rows behind a measure, as below."""
        return self.from_at

    @property
    def measured_note(self) -> str:
        lacks = [
            *([] if self.is_complete else [text("without an owner or a way to a service")]),
            *([text("verification overdue")] if self.is_overdue else []),
        ]
        return ", ".join(lacks)
