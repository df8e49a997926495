"""What we deliver: services, their offerings, and the services they need."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Criticality(models.IntegerChoices):
    """How much harm a failure of the service does to its customers."""

    VITAL = 1, _("vital")
    IMPORTANT = 2, _("important")
    USEFUL = 3, _("useful")


class Stage(models.TextChoices):
    PIPELINE = "pipeline", _("in preparation")
    LIVE = "live", _("live")
    RETIRED = "retired", _("retired")


class ServiceQuerySet(models.QuerySet["Service"]):
    def live(self) -> "ServiceQuerySet":
        return self.filter(stage=Stage.LIVE)


class Service(models.Model):
    """A supported facility (USM): something customers get to use, and the support that keeps it usable."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    description = models.TextField(_("description"), blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="services_owned",
    )
    support_team = models.ForeignKey(
        "people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="services_supported"
    )
    supplier = models.ForeignKey(
        "people.Organization", on_delete=models.PROTECT, null=True, blank=True, related_name="services_supplied",
        verbose_name=_("supplier"), help_text=_("Who delivers it to us. Empty: our own teams do."),
    )  # fmt: skip
    criticality = models.PositiveSmallIntegerField(
        _("criticality"), choices=Criticality.choices, default=Criticality.USEFUL
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.LIVE)
    is_sample = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("service")
        verbose_name_plural = _("services")
        constraints = [
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="services_service_no_own_parent")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """On the side of the reader, where the query says which one that is."""
        return f"/portal/services/{self.slug}/" if getattr(self, "is_in_portal", False) else f"/services/{self.slug}/"


class Offering(models.Model):
    """A part of a service that a customer can choose: a package with its own audience."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="offerings")
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    organizations = models.ManyToManyField(
        "people.Organization", blank=True, related_name="offerings", verbose_name=_("offered to")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["service", "name"]
        verbose_name = _("offering")
        constraints = [models.UniqueConstraint(fields=["service", "name"], name="services_offering_once")]

    def __str__(self) -> str:
        return f"{self.service}: {self.name}"


class ServiceDependency(models.Model):
    """`service` needs `needs`: when the one needed fails, so does the other."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="dependencies")
    needs = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="dependents", db_index=False, verbose_name=_("needs")
    )

    class Meta:
        ordering = ["service", "needs"]
        verbose_name = _("dependency between services")
        verbose_name_plural = _("dependencies between services")
        constraints = [
            models.UniqueConstraint(fields=["service", "needs"], name="services_dependency_once"),
            models.CheckConstraint(condition=~models.Q(service=models.F("needs")), name="services_dependency_no_self"),
        ]
        indexes = [models.Index(fields=["needs", "service"], name="services_dependency_needed")]

    def __str__(self) -> str:
        return f"{self.service} → {self.needs}"
