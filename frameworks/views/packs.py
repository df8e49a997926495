"""Packs: the list, one of them, handing in one's own, and the acts."""

from collections.abc import Callable
from typing import Any

import yaml
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.numbers import version_in
from common.refusals import NotAllowed, Refused
from common.time import now
from people.access import access_of
from people.doors import person_of, requires

from .. import operations, shipped_packs
from ..certifying.keeping import Interfered
from ..differences import differences
from ..forms import PackForm
from ..models import Certificate, Pack

EDIT = "framework_pack.edit"
LATEST = 10


@require_safe
@requires("practice_map.view")
def packs(request: HttpRequest) -> HttpResponseBase:
    """Packs that are loaded, and those that come with the product and are not."""
    loaded = {each.slug: each for each in Pack.objects.defer("document")}
    context = {
        "packs": [(pack, _later(pack)) for pack in loaded.values()],
        "offered": [shipped_packs.document_of(slug) for slug in shipped_packs.ORDER if slug not in loaded],
        "can_edit": access_of(request.user).allows(EDIT),
    }
    return render(request, "frameworks/packs.html", context)


def _later(pack: Pack) -> int | None:
    """The later edition of it that comes with the product, if there is one."""
    if pack.slug not in shipped_packs.ORDER:
        return None
    edition = shipped_packs.document_of(pack.slug)["edition"]
    return int(edition) if edition > pack.edition else None


@require_safe
@requires("practice_map.view")
def pack(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One pack: what it is, what is done with it, what was certified."""
    found = get_object_or_404(Pack, slug=slug)
    later = _later(found)
    context = {
        "pack": found,
        "later": later,
        "changes": differences(found.document, shipped_packs.document_of(slug)) if later else [],
        "certificates": list(Certificate.objects.filter(pack_slug=slug).select_related("by")[:LATEST]),
        "practice_count": len(found.document["practices"]),
        "can_edit": access_of(request.user).allows(EDIT),
    }
    return render(request, "frameworks/pack.html", context)


@require_safe
@requires("practice_map.view")
def file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The pack as a file that can be changed and handed in again."""
    found = get_object_or_404(Pack, slug=slug)
    return HttpResponse(
        as_yaml(found.document),
        content_type="application/yaml; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{found.slug}.yaml"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def as_yaml(document: dict[str, Any]) -> str:
    """A document as a pack is written, without what is empty; reading it gives the same document."""

    def told(values: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in values.items() if value or name == "steps"}

    practices = [told(each) for each in document["practices"]]
    said = {"format": 1} | told(document) | {"practices": practices}
    return str(yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=120))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def new(request: HttpRequest) -> HttpResponseBase:
    """Hand in a pack: look at what it would do, then load it."""
    if request.method != "POST":
        return render(request, "frameworks/new_pack.html", {"form": PackForm()})
    form = PackForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "frameworks/new_pack.html", {"form": form}, status=422)
    given = form.cleaned_data["given"]
    try:
        plan = operations.plan(given)
        if request.POST.get("act") != "load":
            return render(request, "frameworks/new_pack.html", {"form": form, "plan": plan})
        person, at = person_of(request), now()
        if plan.loaded is None:
            done, certificate = operations.adopt(by=person, at=at, text=given)
        else:
            done, certificate = operations.upgrade(pack=plan.loaded, by=person, at=at, text=given)
    except NotAllowed:
        raise
    except Interfered as interfered:
        messages.error(request, str(interfered))
        return redirect(interfered.certificate)
    except Refused as refused:
        form.tell(refused.refusals)
        return render(request, "frameworks/new_pack.html", {"form": form}, status=refused.status)
    _tell(request, certificate)
    return redirect("frameworks:pack", slug=done.slug)


def _tell(request: HttpRequest, certificate: Certificate) -> None:
    said = {"pack": certificate.pack_name, "act": certificate.get_act_display(), "number": certificate.pk}
    messages.success(request, _("“%(pack)s” %(act)s. Certificate %(number)s: nothing else changed.") % said)


def _acted(request: HttpRequest, do: Callable[[], operations.Done], slug: str) -> HttpResponseBase:
    try:
        done, certificate = do()
    except NotAllowed:
        raise
    except Interfered as interfered:
        messages.error(request, str(interfered))
        return redirect(interfered.certificate)
    except Refused as refused:
        messages.error(request, str(refused))
        is_here = Pack.objects.filter(slug=slug).exists()
        return redirect("frameworks:pack", slug=slug) if is_here else redirect("frameworks:packs")
    _tell(request, certificate)
    return redirect("frameworks:pack", slug=slug) if done.pk else redirect("frameworks:packs")


@require_POST
@requires(EDIT)
def adoption(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Load a pack that comes with the product."""
    if slug not in shipped_packs.ORDER:
        raise Http404
    text = shipped_packs.text_of(slug)
    return _acted(request, lambda: operations.adopt(by=person_of(request), at=now(), text=text), slug)


@require_POST
@requires(EDIT)
def upgrade(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Load the later edition that comes with the product."""
    found = get_object_or_404(Pack, slug=slug)
    if slug not in shipped_packs.ORDER:
        raise Http404
    text, version = shipped_packs.text_of(slug), _seen(request)
    return _acted(
        request,
        lambda: operations.upgrade(pack=found, by=person_of(request), at=now(), text=text, version=version),
        slug,
    )


def _simple(act: Callable[..., operations.Done]) -> Callable[[HttpRequest, str], HttpResponseBase]:
    def view(request: HttpRequest, slug: str) -> HttpResponseBase:
        found = get_object_or_404(Pack, slug=slug)
        return _acted(
            request, lambda: act(pack=found, by=person_of(request), at=now(), version=_seen(request)), slug
        )  # fmt: skip

    return view


switching_off = require_POST(requires(EDIT)(_simple(operations.switch_off)))
switching_on = require_POST(requires(EDIT)(_simple(operations.switch_on)))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def removal(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Ask, then take the pack away."""
    if request.method == "POST":
        return _simple(operations.remove)(request, slug)
    found = get_object_or_404(Pack, slug=slug)
    context = {"pack": found, "practice_count": len(found.document["practices"])}
    return render(request, "frameworks/remove_pack.html", context)


def _seen(request: HttpRequest) -> int | None:
    """The version that the person saw, if the form says it."""
    typed = request.POST.get("seen_version", "")
    return version_in(typed)
