"""Doors of one item: its page, entering and changing it, taking it out of use and back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from changes.differences.forms import VerificationForm
from changes.differences.operations import verify
from common.refusals import Refused, Stale
from common.time import now
from people import access
from people.doors import person_of, requires
from records.views.making import made_once
from services import operations
from services.models import ConfigurationItem, ItemType
from services.queries import items_open_to

from ..forms import PREFIX, ItemForm, RetirementForm, initial_of
from ..page import item_page


def item_or_404(request: HttpRequest, key: int) -> ConfigurationItem:
    """The item as far as this person may look into it. :raises Http404: unknown and foreign ones alike."""
    found: ConfigurationItem | None = None
    if key < 2**63:
        found = items_open_to(request.user).with_names().filter(pk=key).first()
    if found is None:
        raise Http404
    return found


@requires("item.view")
@require_GET
def item(request: HttpRequest, key: int) -> HttpResponse:
    """What is known about an item, how it hangs together, what is going on with it."""
    return item_page(request, item_or_404(request, key))


@requires("item.edit")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter an item; relations follow on its page."""
    if request.method == "GET":
        kind = _type_named(request.GET.get("type", ""))
        form = ItemForm(
            initial={"type": kind.slug if kind else "", "name": request.GET.get("name", "")[:200]}, type=kind
        )
        return _form(request, form)
    form = ItemForm(request.POST, type=_type_named(request.POST.get("type", "")))
    if form.is_valid():
        try:
            made = operations.create_item(by=request.user, at=now(), values=form.values())
        except Refused as refused:
            form.tell(refused.refusals)
        else:
            messages.success(request, _("%(name)s entered. Say what it runs on or depends on.") % {"name": made.name})
            return redirect("configuration:item", made.pk)
    return _form(request, form, status=422)


@requires("item.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """Change what is said about an item."""
    found = item_or_404(request, key)
    if request.method == "GET":
        return _form(request, ItemForm(initial=initial_of(found), item=found, type=found.type), item=found)
    form = ItemForm(request.POST, item=found, type=_type_named(request.POST.get("type", "")))
    if form.is_valid():
        try:
            operations.edit_item(
                item=found,
                by=request.user,
                at=now(),
                values=form.values(),
                version=form.cleaned_data["seen_version"],
            )
        except Stale as stale:
            # The next try is made in knowledge of it: over the version as it is now.
            form.data = {**form.data.dict(), "seen_version": str(found.version)}  # type: ignore[attr-defined]
            form.tell(stale.refusals)
            return _form(request, form, item=found, theirs=found, status=stale.status)
        except Refused as refused:
            form.tell(refused.refusals)
        else:
            messages.success(request, _("Saved."))
            return redirect("configuration:item", found.pk)
    return _form(request, form, item=found, status=422)


@requires("item.edit")
@require_GET
def fields(request: HttpRequest) -> HttpResponse:
    """The fields of a type's attributes, for the form whose type was just changed; typed values stay."""
    typed = {name: value for name, value in request.GET.items() if name.startswith(PREFIX)}
    form = ItemForm(initial=typed, type=_type_named(request.GET.get("type", "")))
    return render(request, "configuration/_attributes.html", {"form": form})


@requires("item.edit")
@require_POST
def retirement(request: HttpRequest, key: int) -> HttpResponse:
    """Take an item out of use."""
    form = RetirementForm(request.POST)
    if not form.is_valid():
        return item_page(request, item_or_404(request, key), retiring=form, status=422)
    said = form.cleaned_data

    def act(**who: Any) -> Any:
        return operations.retire(reason=said["reason"], confirm=said["confirm"], **who)

    return _act(request, key, act, _("Retired. It is no longer offered, and no failure passes through it."), form)


@requires("item.edit")
@require_POST
def use(request: HttpRequest, key: int) -> HttpResponse:
    """Put a planned or a retired item to use."""
    return _act(request, key, operations.put_live, _("Live."))


@requires("item.edit")
@require_POST
def verification(request: HttpRequest, key: int) -> HttpResponse:
    """Say that the item was looked at, and what is other than written down."""
    found = item_or_404(request, key)
    form = VerificationForm(request.POST)

    def make() -> str:
        verify(item=found, by=request.user, at=now(), **form.cleaned_data)
        messages.success(request, _("Verified."))
        return found.get_absolute_url()

    def ask(token: str, status: int) -> HttpResponse:
        return item_page(request, found, verifying=form, token=token, status=status)

    return made_once(request, form, make, ask=ask)


def _act(
    request: HttpRequest, key: int, act: Callable[..., Any], done: str, retiring: RetirementForm | None = None
) -> HttpResponse:
    found = item_or_404(request, key)
    try:
        act(item=found, by=person_of(request), at=now())
    except Refused as refused:
        if retiring is None:
            messages.error(request, str(refused))
            return redirect("configuration:item", key)
        for refusal in refused.refusals:
            retiring.add_error(refusal.field if refusal.field in retiring.fields else None, str(refusal))
        return item_page(request, found, retiring=retiring, status=refused.status)
    messages.success(request, done)
    return redirect("configuration:item", key)


def _type_named(slug: str) -> ItemType | None:
    return ItemType.objects.prefetch_related("attributes").filter(slug=slug[:80]).first() if slug else None


def _form(
    request: HttpRequest,
    form: ItemForm,
    *,
    item: ConfigurationItem | None = None,
    theirs: ConfigurationItem | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "item": item, "theirs": theirs, "may_set_up": access.can(request.user, "setup.edit")}
    return render(request, "configuration/form.html", context, status=status)
