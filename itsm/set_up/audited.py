"""A page of the set-up whose every change stands in the audit log, with who, when and what before and after."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin, TabularInline
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from audit import log
from audit.models import Entry
from common.time import now

from . import freshness

SECRET = frozenset({"password", "digest"})
KINDS = {"user": "person", "configurationitem": "item", "prioritycell": "priority_cell", "savedview": "view"}
ENTRIES_SHOWN = 100


def subject_kind(model: type[Model]) -> str:
    """What rows of the model are called in the log."""
    name = str(model._meta.model_name)
    return KINDS.get(name, name)


def values_of(row: Model) -> dict[str, Any]:
    """The columns of a row as they are logged; secrets and the row's own key are left out."""
    return {
        field.attname: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in SECRET
    }


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}


def write_down(action: str, row: Model, request: HttpRequest, **details: Any) -> None:
    """Log what was done to a row of the set-up."""
    own_organization = row.pk if subject_kind(type(row)) == "organization" else None
    log.record(
        action,
        subject_kind=subject_kind(type(row)),
        subject_id=row.pk,
        subject_label=row,
        organization_id=getattr(row, "organization_id", own_organization),
        by=request.user,
        at=now(),
        **details,
    )


class _Fresh:
    """A form or set of forms that is refused when what it was made from has changed. `refuse` raises why."""

    refuse: Any

    def clean(self) -> Any:
        said = super().clean()  # type: ignore[misc]
        self.refuse()
        return said


def _foreign_key(inside: Any, parent: type[Model]) -> str:
    return str(_get_foreign_key(parent, inside.model, fk_name=inside.fk_name).name)


class AuditedAdmin(ModelAdmin):  # type: ignore[type-arg]
    """
    Logs additions, changes and removals as `admin.added`, `admin.changed` and `admin.removed`.

    Rows with a version get the next one, so that readers of the API notice. Django's own history is not written: the
    log is the one place to look. Who saves a page that somebody else changed meanwhile is shown what (`freshness`).
    """

    show_full_result_count = False
    list_per_page = 50

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id) if object_id else None
        seen = freshness.latest(self._subjects(request, row)) if row is not None else None
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), "seen_entry": seen})

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        kind = subject_kind(self.model)
        seen = freshness.latest([(kind, None)]) if self.list_editable else None
        return super().changelist_view(request, {**(extra_context or {}), "seen_entry": seen})

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        made = super().get_form(request, obj, change=change, **options)
        if not change or request.method != "POST":
            return made

        def refuse() -> None:
            # Locked until the save: two who save at once come one after the other.
            self.model._default_manager.select_for_update(of=("self",)).get(pk=obj.pk)
            freshness.refuse_stale(
                self._subjects(request, obj),
                seen=request.POST.get(freshness.FIELD, ""),
                models=self._models(request, obj),
            )

        return type(made.__name__, (_Fresh, made), {"refuse": staticmethod(refuse)})

    def get_changelist_formset(self, request: HttpRequest, **options: Any) -> Any:
        made = super().get_changelist_formset(request, **options)
        kind = subject_kind(self.model)

        def refuse() -> None:
            seen = request.POST.get(freshness.FIELD, "")
            freshness.refuse_stale([(kind, None)], seen=seen, models={kind: self.model})

        return type(made.__name__, (_Fresh, made), {"refuse": staticmethod(refuse)})

    def _subjects(self, request: HttpRequest, row: Any) -> freshness.Subjects:
        """The row, and the rows edited on its page."""
        found: list[tuple[str, Any]] = [(subject_kind(self.model), [row.pk])]
        for inside in self.get_inline_instances(request, row):
            name = _foreign_key(inside, self.model)
            inner = inside.model._default_manager.filter(**{name: row}).values_list("pk", flat=True)
            found.append((subject_kind(inside.model), list(inner)))
        return found

    def _models(self, request: HttpRequest, row: Any) -> dict[str, type[Model]]:
        models = [self.model, *(inside.model for inside in self.get_inline_instances(request, row))]
        return {subject_kind(model): model for model in models}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with transaction.atomic():
            stored = type(obj)._default_manager.select_for_update(of=("self",)).get(pk=obj.pk) if change else None
            if stored is not None and hasattr(obj, "version"):
                obj.version = stored.version + 1
            before = values_of(stored) if stored is not None else {}
            super().save_model(request, obj, form, change)
            changes = differences(before, values_of(obj))
            if set(changes) - {"version"}:
                write_down("admin.changed" if change else "admin.added", obj, request, changes=changes)

    def save_related(self, request: HttpRequest, form: Any, formsets: Sequence[Any], change: bool) -> None:
        with transaction.atomic():
            before = self._related_keys(form)
            super().save_related(request, form, formsets, change)
            changes = differences(before, self._related_keys(form))
            if changes:
                write_down("admin.changed", form.instance, request, changes=changes)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        initial = {row.instance.pk: dict(row.initial) for row in formset.initial_forms}
        super().save_formset(request, form, formset, change)
        for row in formset.new_objects:
            write_down("admin.added", row, request, changes=differences({}, values_of(row)))
        for row, names in formset.changed_objects:
            fields = [row._meta.get_field(name) for name in names]
            changes = {each.attname: (initial[row.pk].get(each.name), each.value_from_object(row)) for each in fields}
            write_down("admin.changed", row, request, changes=changes)
        # Their keys are gone from the objects; what they were about is told by the row they belonged to.
        for row in formset.deleted_objects:
            write_down("admin.removed", form.instance, request, data={"removed": str(row)})

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with transaction.atomic():
            write_down("admin.removed", obj, request, data={"values": values_of(obj)})
            super().delete_model(request, obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except ProtectedError:
            messages.error(request, _("This is in use and was not removed. Make it inactive instead."))
            return redirect(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Show the row's entries of the audit log, newest first."""
        row = get_object_or_404(self.get_queryset(request), pk=object_id)
        entries = Entry.objects.filter(subject_kind=subject_kind(self.model), subject_id=row.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(name)s") % {"name": row},
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": row,
            "opts": self.opts,
            "entries": entries.select_related("actor").order_by("-id")[:ENTRIES_SHOWN],
        }
        return render(request, "admin/history_from_log.html", context)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the audit log has it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the audit log has it."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Nothing: the audit log has it."""

    def _related_keys(self, form: Any) -> dict[str, list[Any]]:
        return {
            field.name: sorted(field.value_from_object(form.instance), key=lambda each: each.pk)
            for field in form.instance._meta.many_to_many
            if field.name in form.cleaned_data
        }


class RowsInside(TabularInline):  # type: ignore[type-arg]
    """Rows edited on the page of what they belong to."""

    extra = 0
    show_change_link = False


class ReadOnly:
    """For rows that only acts make and change."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
