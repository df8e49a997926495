"""Set-up pages of services with their offerings, and of the types of what they run on."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Organization
from services.models import (
    ItemType,
    Offering,
    RelationType,
    Service,
    ServiceDependency,
    TypeAttribute,
)

from .audited import AuditedAdmin, RowsInside
from .site import site


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
    inlines = [Offerings, Dependencies]
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
    fields = ["name", "slug", "verify_days", "is_active"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [Attributes]
    list_display = ["name", "slug", "verify_days", "is_active"]
    search_fields = ["name", "slug"]


@admin.register(RelationType, site=site)
class RelationTypeAdmin(AuditedAdmin):
    fields = ["label", "reverse_label", "slug", "impact", "is_active"]
    list_display = ["label", "reverse_label", "impact", "is_active"]
    search_fields = ["label", "reverse_label", "slug"]
