"""Doors of the list of items, and of the picker that finds one."""

from collections.abc import Collection

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from changes.differences.forms import NoteForm
from changes.differences.operations import verify_all
from changes.differences.operations.verifying import MOST
from common.numbers import numbers_in
from common.time import now
from people import access
from people.doors import requires
from records import once
from records.views.making import made_once
from services.queries import items_open_to

from ..asking import COUNTED_AT_MOST, Choices, Question
from ..queue import queue_url

OFFERED = 20


@requires("item.view")
@require_GET
def item_list(request: HttpRequest) -> HttpResponse:
    """Items by name, a page at a time, narrowed by text, type, service, status and what they lack."""
    return _page(request, NoteForm())


@requires("item.edit")
@require_POST
def verifications(request: HttpRequest) -> HttpResponse:
    """Say of the ticked items that somebody looked at them, and that each is as written down."""
    form = NoteForm(request.POST)
    keys = numbers_in(request.POST.getlist("item")[:MOST])
    chosen = list(items_open_to(request.user).filter(pk__in=keys))

    def make() -> str:
        count = verify_all(items=chosen, by=request.user, at=now(), **form.cleaned_data)
        said = ngettext("%(count)d item verified.", "%(count)d items verified.", count)
        messages.success(request, said % {"count": count})
        return reverse("configuration:list") + (f"?{request.GET.urlencode()}" if request.GET else "")

    def ask(token: str, status: int) -> HttpResponse:
        return _page(request, form, chosen=keys, token=token, status=status)

    if not chosen and form.is_valid():
        form.add_error(None, _("None is selected. Tick those that you looked at."))
    return made_once(request, form, make, ask=ask)


def _page(
    request: HttpRequest, form: NoteForm, *, chosen: Collection[int] = (), token: str = "", status: int = 200
) -> HttpResponse:
    """:param form: about the rows `chosen`, where it failed with the token it was sent with."""
    question = Question.read(request.GET)
    choices = Choices.for_person(request.user)
    after, before = (request.GET.get(name, "").replace("\x00", "")[:200] for name in ("after", "before"))
    page = question.page(request.user, at=now(), after=after, before=before)
    if page.count > COUNTED_AT_MOST:
        position = _("more than 1,000 items")
    else:
        position = ngettext("%(count)d item", "%(count)d items", page.count) % {"count": page.count}
    may_edit = access.can(request.user, "item.edit")
    context = {
        "page": page,
        "rows": [(each, page.open_work.get(each.pk, 0), queue_url(each)) for each in page.rows],
        "typed": question.typed,
        "choices": choices,
        "chips": question.chips(choices),
        "position": position,
        "newer_url": question.address(before=page.before) if page.before else "",
        "older_url": question.address(after=page.after) if page.after else "",
        "may_edit": may_edit,
        "may_import": access.can(request.user, "item.import"),
        "form": form if may_edit and any(each.is_active for each in page.rows) else None,
        "failed": form if form.errors else None,
        "chosen": chosen,
        "token": token or once.new_token(),
        "query": f"?{request.GET.urlencode()}" if request.GET else "",
    }
    return render(request, "configuration/list.html", context, status=status)


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
