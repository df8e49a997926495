"""Set-up pages of what tickets are sorted by: categories, the priority matrix, shared views of the queue."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from records.models import Category, PriorityCell, SavedView
from records.query import QueryProblem, parse

from .audited import AuditedAdmin
from .site import site


class CategoryForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Category
        fields = ["name", "parent", "is_active"]

    def clean_parent(self) -> Category | None:
        """Keep the tree at two levels."""
        parent: Category | None = self.cleaned_data["parent"]
        if parent is None:
            return None
        if parent.parent_id is not None or parent.pk == self.instance.pk:
            raise ValidationError(_("Categories have two levels. Choose one of the upper level."))
        if self.instance.pk and self.instance.children.exists():
            raise ValidationError(_("This category has others below it, so it must stay on the upper level."))
        return parent


@admin.register(Category, site=site)
class CategoryAdmin(AuditedAdmin):
    form = CategoryForm
    list_display = ["name", "parent", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["parent"]
    search_fields = ["name"]


@admin.register(PriorityCell, site=site)
class PriorityCellAdmin(AuditedAdmin):
    """Nine cells, edited in the list. Open tickets keep their priority until somebody changes impact or urgency."""

    fields = ["impact", "urgency", "priority"]
    readonly_fields = ["impact", "urgency"]
    list_display = ["__str__", "impact", "urgency", "priority"]
    list_editable = ["priority"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SharedViewForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = SavedView
        fields = ["name", "query", "position"]

    def clean_query(self) -> str:
        query = " ".join(self.cleaned_data["query"].split())
        try:
            parse(query)
        except QueryProblem as problem:
            raise ValidationError(str(problem.message)) from problem
        return query


@admin.register(SavedView, site=site)
class SharedViewAdmin(AuditedAdmin):
    """Views of teams and of all; they are made in the queue. Views of one person are theirs alone."""

    form = SharedViewForm
    list_display = ["name", "team", "query", "position"]
    list_select_related = ["team"]
    search_fields = ["name", "query"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SavedView]:
        return super().get_queryset(request).filter(owner=None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
