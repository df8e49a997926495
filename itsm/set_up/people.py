"""Set-up pages of people, organizations, teams and API tokens."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.refusals import Refused
from common.time import now
from people import operations as people_operations
from people.doors import person_of
from people.enums import Role
from people.models import ApiToken, Membership, Organization, RoleGrant, Team, User

from . import operations
from .audited import AuditedAdmin, ReadOnly, RowsInside
from .site import site


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new person has no password; one is set on its own page."""

    acting: User

    class Meta:
        model = User
        fields = ["username", "name", "email", "organization", "is_active"]

    def clean_is_active(self) -> bool:
        is_active = bool(self.cleaned_data["is_active"])
        if self.instance.pk and not is_active and "is_active" in self.changed_data:
            try:
                people_operations.require_may_deactivate(by=self.acting, user=self.instance)
            except Refused as refused:
                raise ValidationError(str(refused)) from refused
        return is_active

    def save(self, commit: bool = True) -> User:
        if not self.instance.pk:
            self.instance.set_unusable_password()
        return super().save(commit)


class RoleFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Says beside the roles why one may not be given or taken."""

    acting: User

    def clean(self) -> None:
        super().clean()
        try:
            for row in self.forms:
                grant, said = row.instance, getattr(row, "cleaned_data", {})
                if row in self.deleted_forms and grant.pk:
                    people_operations.require_may_grant(
                        by=self.acting, user=self.instance, role=grant.role, organization=grant.organization
                    )
                    if grant.role == Role.ADMINISTRATOR and grant.organization_id is None:
                        people_operations.require_another_administrator(than=self.instance)
                elif not grant.pk and said.get("role"):
                    people_operations.require_may_grant(
                        by=self.acting, user=self.instance, role=said["role"], organization=said.get("organization")
                    )
        except Refused as refused:
            raise ValidationError(str(refused)) from refused


class Roles(RowsInside):
    model = RoleGrant
    fk_name = "user"
    formset = RoleFormSet
    fields = ["role", "organization", "granted_by", "granted_at"]
    readonly_fields = ["granted_by", "granted_at"]
    verbose_name_plural = gettext_lazy("roles")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a role is given or taken, never rewritten

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        made = super().get_formset(request, obj, **options)
        return type("RolesOf", (made,), {"acting": request.user})


class TeamsOfPerson(RowsInside):
    model = Membership
    autocomplete_fields = ["team"]
    verbose_name_plural = gettext_lazy("teams")


class MembersOfTeam(RowsInside):
    model = Membership
    autocomplete_fields = ["user"]
    verbose_name_plural = gettext_lazy("members")


@admin.register(User, site=site)
class PersonAdmin(AuditedAdmin, UserAdmin):  # type: ignore[type-arg]
    """People are deactivated, never removed: what they did keeps their name."""

    form = PersonForm  # type: ignore[assignment]
    add_form = PersonForm  # type: ignore[assignment]
    add_form_template = None
    inlines = [Roles, TeamsOfPerson]
    fieldsets = [
        (None, {"fields": ["name", "username", "email", "organization", "is_active", "password_page", "is_staff"]}),
        (gettext_lazy("How to reach them"), {"fields": ["phone", "job_title", "location", "time_zone", "is_vip"]}),
        (gettext_lazy("Absence"), {"fields": ["absent_until", "deputy"]}),
        (gettext_lazy("Known since"), {"fields": ["joined_at", "last_login"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["name", "username", "email", "organization", "phone", "job_title", "time_zone"]}),
    ]
    readonly_fields = ["password_page", "is_staff", "joined_at", "last_login"]
    autocomplete_fields = ["organization", "deputy"]
    filter_horizontal = ()
    list_display = ["name", "username", "email", "organization", "is_active"]
    list_filter = ["is_active", "is_vip", "role_grants__role"]
    list_select_related = ["organization"]
    search_fields = ["name", "username", "email", "phone"]
    ordering = ["name", "id"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        made = super().get_form(request, obj, change=change, **options)
        return type("PersonFormOf", (made,), {"acting": request.user})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is not RoleGrant:
            super().save_formset(request, form, formset, change)
            return
        given = formset.save(commit=False)
        for grant in formset.deleted_objects:
            operations.withdraw_role(by=person_of(request), at=now(), grant=grant)
        for grant in given:
            operations.grant_role(
                by=person_of(request), at=now(), user=grant.user, role=grant.role, organization=grant.organization
            )

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Only the page for a new password comes without anything that was logged before."""
        if request.resolver_match is not None and request.resolver_match.url_name == "auth_user_password_change":
            operations.set_password(by=person_of(request), at=now(), user=obj)

    @admin.display(description=gettext_lazy("password"))
    def password_page(self, person: User) -> SafeString | str:
        if not person.pk:
            return "–"
        said = _("Set a new password") if person.has_usable_password() else _("None yet: set one")
        return format_html(
            '<a href="{}">{}</a>', reverse(f"{site.name}:auth_user_password_change", args=[person.pk]), said
        )


@admin.register(Organization, site=site)
class OrganizationAdmin(AuditedAdmin):
    fields = ["name", "slug", "is_provider", "is_active", "vocabulary"]
    prepopulated_fields = {"slug": ["name"]}
    list_display = ["name", "slug", "is_provider", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "slug"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Team, site=site)
class TeamAdmin(AuditedAdmin):
    fields = ["name", "slug", "lead", "calendar", "is_first_line", "is_active"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["lead"]
    inlines = [MembersOfTeam]
    list_display = ["name", "lead", "is_first_line", "is_active"]
    list_filter = ["is_active", "is_first_line"]
    list_select_related = ["lead"]
    search_fields = ["name", "slug"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ApiToken, site=site)
class ApiTokenAdmin(ReadOnly, AuditedAdmin):
    """Who has a token for what. The token itself is known to nobody; its hash is not shown."""

    fields = ["name", "user", "scopes", "created_at", "expires_at", "used_at", "revoked_at"]
    list_display = ["name", "user", "scopes", "expires_at", "used_at", "revoked_at"]
    list_filter = ["revoked_at"]
    list_select_related = ["user"]
    search_fields = ["name", "user__name", "user__username"]
    actions = ["revoke"]

    @admin.action(description=gettext_lazy("Revoke the tokens marked"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        count = 0
        for token in queryset.select_related("user").filter(revoked_at=None):
            operations.revoke_token(by=person_of(request), at=now(), token=token)
            count += 1
        messages.info(request, _("Tokens revoked: %(count)s.") % {"count": count})
