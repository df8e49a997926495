"""Doors of the list of items, and of the picker that finds one."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from people import access
from people.doors import requires
from services.queries import items_open_to

from ..asking import COUNTED_AT_MOST, Choices, Question
from ..queue import queue_url

OFFERED = 20


@requires("item.view")
@require_GET
def item_list(request: HttpRequest) -> HttpResponse:
    """Items by name, a page at a time, narrowed by text, type, service and status."""
    question = Question.read(request.GET)
    choices = Choices.for_person(request.user)
    after, before = (request.GET.get(name, "").replace("\x00", "")[:200] for name in ("after", "before"))
    page = question.page(request.user, after=after, before=before)
    if page.count > COUNTED_AT_MOST:
        position = _("more than 1,000 items")
    else:
        position = ngettext("%(count)d item", "%(count)d items", page.count) % {"count": page.count}
    context = {
        "page": page,
        "rows": [(each, page.open_work.get(each.pk, 0), queue_url(each)) for each in page.rows],
        "typed": question.typed,
        "choices": choices,
        "chips": question.chips(choices),
        "position": position,
        "newer_url": question.address(before=page.before) if page.before else "",
        "older_url": question.address(after=page.after) if page.after else "",
        "may_edit": access.can(request.user, "item.edit"),
        "may_import": access.can(request.user, "item.import"),
    }
    return render(request, "configuration/list.html", context)


@requires("item.view")
@require_GET
def choices(request: HttpRequest) -> JsonResponse:
    """Items in use whose name holds `q`, for pickers; those that begin with it first."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    rows = items_open_to(request.user).in_use().select_related("type").order_by("name")
    found = list(rows.filter(name__istartswith=text)[:OFFERED])
    if len(found) < OFFERED and text:
        others = rows.filter(name__icontains=text).exclude(pk__in=[each.pk for each in found])
        found += others[: OFFERED - len(found)]
    answer = [{"id": each.pk, "label": each.name, "detail": str(each.type or "")} for each in found]
    return JsonResponse(answer, safe=False)
