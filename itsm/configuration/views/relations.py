"""Doors of an item's relations: add one, remove one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.refusals import Refused
from common.time import now
from people.doors import requires
from records.views.base import pressed
from services import operations
from services.models import ConfigurationItem, Relation
from services.queries import items_open_to

from ..forms import RelationForm
from ..page import item_page
from .items import item_or_404


@requires("item.edit")
@require_POST
def add(request: HttpRequest, key: int) -> HttpResponse:
    """Relate this item to another one, in either direction."""
    found = item_or_404(request, key)
    form = RelationForm(request.POST)
    if form.is_valid():
        other = _other(request.user, form)
        if other is None:
            form.add_error("other_text", _("There is no item with this name. Choose one from the list."))
        else:
            kind, is_backward = form.relation()
            source, target = (other, found) if is_backward else (found, other)
            try:
                operations.relate(source=source, type=kind, target=target, by=request.user, at=now())
            except Refused as refused:
                for refusal in refused.refusals:
                    form.add_error("type" if refusal.field == "type" else "other_text", str(refusal))
            else:
                messages.success(request, _("Relation added."))
                return redirect("configuration:item", key)
    return item_page(request, found, relating=form, status=422)


@requires("item.edit")
@require_POST
def remove(request: HttpRequest, key: int, relation: int) -> HttpResponse:
    """Remove one of this item's relations."""
    found = item_or_404(request, key)
    row = Relation.objects.filter(pk=relation).first() if relation < 2**63 else None
    if row is None or found.pk not in (row.source_id, row.target_id):
        raise Http404
    return pressed(
        request, lambda: operations.unrelate(relation=row, by=request.user, at=now()),
        url=reverse("configuration:item", args=[key]), said=_("Relation removed."),
    )  # fmt: skip


def _other(user: Any, form: RelationForm) -> ConfigurationItem | None:
    rows = items_open_to(user)
    chosen, typed = form.cleaned_data.get("other"), form.cleaned_data.get("other_text", "").strip()
    found: ConfigurationItem | None = None
    if chosen and 0 < chosen < 2**63:
        found = rows.filter(pk=chosen).first()
    if found is None and typed:
        found = rows.filter(name=typed).first() or rows.filter(name__iexact=typed).first()
    return found
