"""The specification of a service: what is in force, its versions, writing the next one."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.refusals import NotAllowed, Refused, Stale
from common.time import now
from people.access import can
from people.doors import requires
from records.views.base import pressed, see_other
from services.models import Service
from services.queries import services_visible_to
from services.specifications import comparing, operations, queries
from services.specifications.models import Specification, Statement
from services.specifications.terms import terms_of

from ..forms import Editor, ForceForm
from ..tracing import agreements_of, checked, shared_availability

VIEW, WRITE, PUT_IN_FORCE = "specification.view", "specification.write", "specification.put_in_force"


def _service(request: HttpRequest, slug: str) -> Service:
    return get_object_or_404(services_visible_to(request.user).select_related("owner"), slug=slug)


def _versions(service: Service) -> Any:
    statements = Statement.objects.select_related("offering")
    rows = service.specifications.select_related("written_by", "decided_by")
    return rows.prefetch_related(Prefetch("statements", statements)).order_by("-number")


def _may(request: HttpRequest, service: Service) -> dict[str, bool]:
    return {
        "may_write": operations.may(request.user, WRITE, service),
        "may_put_in_force": operations.may(request.user, PUT_IN_FORCE, service),
    }


@requires(VIEW)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every service with the version in force and the draft; three statements for any number of them."""
    services = list(queries.specified_services(request.user).select_related("owner").order_by("name"))
    on = operations.local_day(now())
    keys = [each.pk for each in services]
    in_force = {each.service_id: each for each in Specification.objects.in_force(on).filter(service__in=keys)}
    drafts_ = {each.service_id: each for each in Specification.objects.drafts().filter(service__in=keys)}
    rows = [{"service": each, "standing": in_force.get(each.pk), "draft": drafts_.get(each.pk)} for each in services]
    return render(request, "slm/specifications/overview.html", {"rows": rows})


@requires(VIEW)
@require_safe
def specification(request: HttpRequest, slug: str) -> HttpResponse:
    """The four cells in force, how agreements keep them, and every version."""
    service = _service(request, slug)
    versions = list(_versions(service))
    on = operations.local_day(now())
    standing = Specification.objects.in_force(on).filter(service=service).values_list("pk", flat=True).first()
    shown = next((each for each in versions if each.pk == standing), None)
    check = (
        checked(shown, agreements_of(service), shared=shared_availability())
        if can(request.user, "agreement.view")
        else None
    )
    context = {
        "service": service,
        "shown": shown,
        "cells": queries.cells(shown.statements.all()) if shown else [],
        "check": check,
        "findings": list(check.findings) if check else [],
        "versions": versions,
        "draft": next((each for each in versions if each.is_draft), None),
        "today": on,
        **_may(request, service),
    }
    return render(request, "slm/specifications/specification.html", context)


@requires(VIEW)
@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version: what it says, and what is different from the one before it, or from the one in force."""
    return _version_page(request, _service(request, slug), number)


def _version_page(
    request: HttpRequest, service: Service, number: int, *, form: ForceForm | None = None, status: int = 200
) -> HttpResponse:
    shown = _versions(service).filter(number=number).first()
    if shown is None:
        raise Http404
    at = now()
    on = operations.local_day(at)
    standing = Specification.objects.in_force(on).filter(service=service).values_list("pk", flat=True).first()
    other = _versions(service).decided().filter(number__lt=number).first()
    may = _may(request, service)
    if form is None and shown.is_draft and may["may_put_in_force"]:
        form = ForceForm(initial={"valid_from": on, "revision": shown.revision})
    context = {
        "service": service,
        "version": shown,
        "is_in_force": shown.pk == standing,
        "is_ahead": shown.valid_from is not None and shown.valid_from > on,
        "other": other,
        "differences": comparing.sentences(terms_of(other), terms_of(shown)),
        "cells": queries.cells(shown.statements.all()),
        "findings": list(checked(shown, agreements_of(service), shared=shared_availability()).findings)
        if shown.is_draft and can(request.user, "agreement.view")
        else [],
        "form": form,
        **may,
    }
    return render(request, "slm/specifications/version.html", context, status=status)


@requires(WRITE)
@require_POST
def drafts(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a draft, or go on with the one that is there: a double click finds it."""
    service = _service(request, slug)
    try:
        operations.begin_draft(service=service, by=request.user, at=now())
    except NotAllowed:
        raise
    except Refused as refused:
        messages.info(request, str(refused))
    return redirect("specifications:draft", slug)


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit the draft."""
    service = _service(request, slug)
    found = _versions(service).drafts().first()
    if found is None or not operations.may(request.user, WRITE, service):
        messages.info(request, _("No draft that you may write is there."))
        return redirect("specifications:specification", slug)
    found.service = service
    if request.method != "POST":
        return _ask(request, Editor(found))
    editor = Editor(found, request.POST)
    if "more" in request.POST:
        return _ask(request, editor, is_growing=True)
    if not editor.is_valid():
        return _ask(request, editor, status=422)
    try:
        operations.save_draft(
            draft=found, by=request.user, at=now(), terms=editor.terms(), revision=editor.revision
        )  # fmt: skip
    except NotAllowed:
        raise
    except Stale as stale:
        editor.non_field_errors.append(str(stale))
        return _ask(request, editor, status=stale.status)
    except Refused as refused:
        editor.tell(refused.refusals)
        return _ask(request, editor, status=422)
    messages.success(request, _("Draft saved."))
    return see_other(request, _address(service, found.number))


def _ask(request: HttpRequest, editor: Editor, *, status: int = 200, is_growing: bool = False) -> HttpResponse:
    context = {
        "editor": editor,
        "draft": editor.draft,
        "service": editor.draft.service,
        "errors": [] if is_growing else editor.errors,
    }
    return render(request, "slm/specifications/draft.html", context, status=status)


@requires(WRITE)
@require_POST
def dropping(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Give a draft up."""
    service = _service(request, slug)
    found = get_object_or_404(_versions(service), number=number)
    return pressed(
        request, lambda: operations.drop_draft(draft=found, by=request.user, at=now()),
        url=reverse("specifications:specification", args=[slug]), said=_("Draft dropped."),
    )  # fmt: skip


@requires(PUT_IN_FORCE)
@require_POST
def force(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Put a draft in force from a day on."""
    service = _service(request, slug)
    found = get_object_or_404(_versions(service), number=number)
    form = ForceForm(request.POST)
    if not form.is_valid():
        return _version_page(request, service, number, form=form, status=422)
    try:
        operations.put_in_force(draft=found, by=request.user, at=now(), **form.cleaned_data)
    except NotAllowed:
        raise
    except Refused as refused:
        if not found.is_draft:
            messages.error(request, str(refused))
            return redirect("specifications:version", slug, number)
        form.tell(refused.refusals)
        return _version_page(
            request, service, number, form=form, status=refused.status if isinstance(refused, Stale) else 422
        )
    messages.success(request, _("Version %(number)d is decided.") % {"number": number})
    return redirect("specifications:specification", slug)


def _address(service: Service, number: int) -> str:
    return f"/services/{service.slug}/specification/versions/{number}/"
