"""What services run on: configuration items of types that are data, and the directed relations between them."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .service import Criticality, Service


class ItemStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    LIVE = "live", _("live")
    RETIRED = "retired", _("retired")


class AttributeKind(models.TextChoices):
    """What a value of an attribute may be."""

    TEXT = "text", _("text")
    NUMBER = "number", _("number")
    DATE = "date", _("date")
    YES_NO = "yes_no", _("yes or no")
    CHOICE = "choice", _("one of a list")


DEFAULT_VERIFY_DAYS = 365


class ItemType(models.Model):
    """A sort of items, with the attributes that each of them has."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    is_active = models.BooleanField(_("active"), default=True)
    verify_days = models.PositiveSmallIntegerField(
        _("verified within days"), default=DEFAULT_VERIFY_DAYS, null=True, blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Within so many days each live item is looked at again. Empty: there is no need to."),
    )  # fmt: skip

    class Meta:
        ordering = ["name"]
        verbose_name = _("type of items")
        verbose_name_plural = _("types of items")

    def __str__(self) -> str:
        return self.name


class TypeAttribute(models.Model):
    """One thing to know about every item of a type."""

    type = models.ForeignKey(ItemType, on_delete=models.CASCADE, related_name="attributes")
    key = models.SlugField(_("key"), max_length=40, help_text=_("As files and the API call it: serial_number."))
    label = models.CharField(_("label"), max_length=80)
    kind = models.CharField(_("kind"), max_length=8, choices=AttributeKind.choices, default=AttributeKind.TEXT)
    choices = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name=_("choices"),
        help_text=_("For a list, with commas between them."),
    )  # fmt: skip
    is_required = models.BooleanField(_("required"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["type", "position", "id"]
        verbose_name = _("attribute")
        constraints = [models.UniqueConstraint(fields=["type", "key"], name="services_attribute_once")]

    def __str__(self) -> str:
        return self.label


class ItemQuerySet(models.QuerySet["ConfigurationItem"]):
    def in_use(self) -> Self:
        """Planned or live."""
        return self.filter(is_active=True)

    def carrying(self, service: Service | int) -> Self:
        """The items that the service (or the one with this id) runs on, mainly or among others."""
        further = ConfigurationItem.further_services.through.objects.filter(service=service)
        return self.filter(Q(service=service) | Q(pk__in=further.values("configurationitem_id")))

    def with_names(self) -> Self:
        """Fetch everything a row of a list names."""
        return self.select_related("type", "service", "owner", "team")


class ConfigurationItem(models.Model):
    """
    Something a service runs on: what an incident is found on and a change is made to.

    `service` is what an incident on it is about unless somebody says otherwise; it may carry further services.
    `attributes` are the values that its type asks for, by key. `imported` is what the latest import said about it, so
    that the next one can tell a newer value in the file from one that somebody changed here. `entered_at` is None for
    items older than that column.
    """

    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(
        _("kind"), max_length=80, blank=True, editable=False, help_text=_("as it was called before types")
    )
    type = models.ForeignKey(
        ItemType, on_delete=models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("type")
    )
    status = models.CharField(_("status"), max_length=8, choices=ItemStatus.choices, default=ItemStatus.LIVE)
    service = models.ForeignKey(
        Service, on_delete=models.SET_NULL, null=True, blank=True, related_name="items", verbose_name=_("service")
    )
    further_services = models.ManyToManyField(
        Service, blank=True, related_name="further_items", verbose_name=_("further services")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="items_owned",
        verbose_name=_("owner"),
    )  # fmt: skip
    team = models.ForeignKey(
        "people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("team")
    )
    supplier = models.ForeignKey(
        "people.Organization", on_delete=models.PROTECT, null=True, blank=True, related_name="items_supplied",
        verbose_name=_("supplier"),
    )  # fmt: skip
    criticality = models.PositiveSmallIntegerField(
        _("criticality"), choices=Criticality.choices, default=Criticality.USEFUL
    )
    description = models.TextField(_("description"), blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    external_key = models.CharField(_("key in the other tool"), max_length=200, blank=True)
    imported = models.JSONField(default=dict, editable=False)
    entered_at = models.DateTimeField(_("entered"), null=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("configuration item")
        verbose_name_plural = _("configuration items")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ItemStatus.values), name="services_item_status_known"),
            models.CheckConstraint(
                condition=Q(status="retired", is_active=False) | (~Q(status="retired") & Q(is_active=True)),
                name="services_item_active_unless_retired",
            ),
            models.UniqueConstraint(
                "external_key", condition=~Q(external_key=""), name="services_item_external_key_once"
            ),
        ]
        indexes = [GinIndex(fields=["name"], name="services_item_typed", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("configuration:item", args=[self.pk])


class ImpactWay(models.TextChoices):
    """Along a relation “A runs on B”: whom a failure of the one reaches."""

    NONE = "none", _("a failure goes no further")
    TO_SOURCE = "to_source", _("when the second fails, the first is hit")
    TO_TARGET = "to_target", _("when the first fails, the second is hit")
    BOTH = "both", _("when either fails, the other is hit")


class RelationType(models.Model):
    """How two items may hang together, in words for both directions."""

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    label = models.CharField(_("read forward"), max_length=80, help_text=_("The web server … the database: depends on"))
    reverse_label = models.CharField(
        _("read backward"), max_length=80, help_text=_("The database … the web server: is needed by")
    )
    impact = models.CharField(_("impact"), max_length=10, choices=ImpactWay.choices, default=ImpactWay.TO_SOURCE)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["label"]
        verbose_name = _("type of relations")
        verbose_name_plural = _("types of relations")

    def __str__(self) -> str:
        return self.label


class Relation(models.Model):
    """`source` <type> `target`: “portal-web-1 runs on esx-3”. One row tells both directions."""

    source = models.ForeignKey(
        ConfigurationItem, on_delete=models.CASCADE, related_name="relations_out", db_index=False
    )
    target = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, related_name="relations_in", db_index=False)
    type = models.ForeignKey(RelationType, on_delete=models.PROTECT, related_name="relations")

    class Meta:
        ordering = ["type", "id"]
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = [
            models.UniqueConstraint(fields=["source", "type", "target"], name="services_relation_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="services_relation_not_to_itself"),
        ]
        # The unique index serves the walk from the source; this one that from the target.
        indexes = [models.Index(fields=["target", "type", "source"], name="services_relation_target")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.type_id} {self.target_id}"
