"""Set-up pages of services with their specifications and offerings, and of the types of what they run on."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Organization
from services.models import (
    ItemType,
    Offering,
    RelationType,
    Service,
    ServiceDependency,
    ServiceSpecification,
    TypeAttribute,
)

from .audited import AuditedAdmin, RowsInside
from .site import site


class SpecificationForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new version gets the number after the latest one."""

    def save(self, commit: bool = True) -> ServiceSpecification:
        if not self.instance.pk:
            known = ServiceSpecification.objects.filter(service=self.instance.service)
            self.instance.number = (known.aggregate(latest=Max("number"))["latest"] or 0) + 1
        return super().save(commit)


class Specifications(RowsInside):
    """What was agreed stays as it was; a change is a new version."""

    model = ServiceSpecification
    form = SpecificationForm
    max_num = 100
    fields = [
        "number",
        "facility_functionality",
        "facility_functioning",
        "support_functionality",
        "support_functioning",
        "valid_from",
    ]
    readonly_fields = ["number"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Offerings(RowsInside):
    model = Offering
    autocomplete_fields = ["organizations"]
    verbose_name_plural = gettext_lazy("offerings")


class ServiceForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Service
        fields = ["parent", "supplier"]

    def clean_parent(self) -> Service | None:
        """A service is not a part of itself, however many steps up."""
        parent: Service | None = self.cleaned_data["parent"]
        above = parent
        while above is not None:
            if self.instance.pk and above.pk == self.instance.pk:
                raise ValidationError(_("This service would be a part of itself. Choose another one."))
            above = above.parent
        return parent

    def clean_supplier(self) -> Organization | None:
        """The provider delivers by its teams, and is no supplier of its own."""
        supplier: Organization | None = self.cleaned_data["supplier"]
        if supplier is not None and supplier.is_provider:
            raise ValidationError(_("A supplier is somebody else. Name the team that supports it."))
        return supplier


class Dependencies(RowsInside):
    """Which other services it needs: when one of them fails, so does this one."""

    model = ServiceDependency
    fk_name = "service"
    autocomplete_fields = ["needs"]
    verbose_name_plural = gettext_lazy("services it needs")


@admin.register(Service, site=site)
class ServiceAdmin(AuditedAdmin):
    form = ServiceForm
    fields = ["name", "slug", "description", "parent", "owner", "support_team", "supplier", "criticality", "stage"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["parent", "owner", "support_team", "supplier"]
    inlines = [Specifications, Offerings, Dependencies]
    list_display = ["name", "owner", "support_team", "criticality", "stage"]
    list_filter = ["stage", "criticality"]
    list_select_related = ["owner", "support_team"]
    search_fields = ["name", "slug"]


class Attributes(RowsInside):
    """What to know about each item of the type. Values that items have stay when an attribute goes."""

    model = TypeAttribute
    fields = ["position", "key", "label", "kind", "choices", "is_required"]
    verbose_name_plural = gettext_lazy("attributes")


@admin.register(ItemType, site=site)
class ItemTypeAdmin(AuditedAdmin):
    fields = ["name", "slug", "is_active"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [Attributes]
    list_display = ["name", "slug", "is_active"]
    search_fields = ["name", "slug"]


@admin.register(RelationType, site=site)
class RelationTypeAdmin(AuditedAdmin):
    fields = ["label", "reverse_label", "slug", "impact", "is_active"]
    list_display = ["label", "reverse_label", "impact", "is_active"]
    search_fields = ["label", "reverse_label", "slug"]
