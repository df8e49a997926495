"""Doors of vocabularies: those of the installation, and which of them one speaks."""

from collections.abc import Callable
from typing import Any

import yaml
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.time import now
from frameworks.forms import PackForm
from people import operations as people_operations
from people.doors import person_of, requires
from people.models import Vocabulary
from people.vocabularies import checking
from records.views.base import pressed, saved

from . import operations, presenting
from .forms import NewForm, WordsForm

EDIT = operations.EDIT
DIFFERENCES_SHOWN = 6


@require_safe
@requires(EDIT)
def vocabularies(request: HttpRequest) -> HttpResponseBase:
    """Every vocabulary, with how many have chosen it."""
    people = Count("people", filter=Q(people__is_active=True), distinct=True)
    rows = Vocabulary.objects.annotate(people_count=people, organization_count=Count("organizations", distinct=True))
    lines = [(row, presenting.other_words(presenting.words_of(row))[:DIFFERENCES_SHOWN]) for row in rows]
    return render(request, "vocabularies/list.html", {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def new(request: HttpRequest) -> HttpResponseBase:
    """Make a vocabulary, empty or with the words of another; its words are typed on its page."""
    if request.method != "POST":
        return render(request, "vocabularies/new.html", {"form": NewForm(initial={"start": request.GET.get("from")})})
    form = NewForm(request.POST)

    def make(said: dict[str, Any]) -> Vocabulary:
        words = presenting.words_of(said["start"]) if said["start"] else {}
        return operations.create(by=person_of(request), at=now(), name=said["name"], words=words)

    return _made(request, form, make, "vocabularies/new.html")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def new_from_file(request: HttpRequest) -> HttpResponseBase:
    """Hand in a vocabulary as a file."""
    if request.method != "POST":
        return render(request, "vocabularies/new_from_file.html", {"form": PackForm()})
    form = PackForm(request.POST, request.FILES)

    def make(said: dict[str, Any]) -> Vocabulary:
        file = checking.words_of(said["given"])
        return operations.create(by=person_of(request), at=now(), name=file.name, words=file.words)

    return _made(request, form, make, "vocabularies/new_from_file.html")


def _made(
    request: HttpRequest, form: Any, make: Callable[[dict[str, Any]], Vocabulary], template: str
) -> HttpResponseBase:
    return saved(
        request, form, make, said=_("Vocabulary made."),
        url=lambda row: reverse("vocabularies:vocabulary", args=[row.slug]),
        ask=lambda status: render(request, template, {"form": form}, status=status),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def vocabulary(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The words of one vocabulary. A POST with `preview` shows how texts would read and saves nothing."""
    row = get_object_or_404(Vocabulary, slug=slug)
    words = presenting.words_of(row)
    if request.method != "POST":
        form = WordsForm(words=words, initial={"name": row.name, "seen_version": row.version})
        return _page(request, row, form, presenting.preview(words))
    form = WordsForm(request.POST, words=words)
    if "preview" in request.POST and form.is_valid():
        return _page(request, row, form, presenting.preview(form.words()))
    return saved(
        request, form, over=("seen_version", row), said=_("Vocabulary saved. Pages speak it from now on."),
        url=reverse("vocabularies:vocabulary", args=[slug]),
        act=lambda said: operations.change(
            vocabulary=row, by=person_of(request), at=now(), name=said["name"], words=form.words(),
            seen_version=said["seen_version"],
        ),
        ask=lambda status: _page(request, row, form, [], status=status),
    )  # fmt: skip


def _page(
    request: HttpRequest, row: Vocabulary, form: WordsForm, preview: list[tuple[str, str]], *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"vocabulary": row, "form": form, "tables": form.tables(), "preview": preview}
    return render(request, "vocabularies/vocabulary.html", context, status=status)


@require_safe
@requires(EDIT)
def file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The vocabulary as a file that can be handed in at another installation."""
    row = get_object_or_404(Vocabulary, slug=slug)
    said = {"format": 1, "name": row.name, "words": presenting.words_of(row)}
    return HttpResponse(
        yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=120),
        content_type="application/yaml; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{row.slug}.yaml"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_POST
@requires(EDIT)
def default(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Let everybody speak it who has no other choice."""
    return _act(request, slug, operations.make_default, _("Everybody speaks “%(name)s” now who chose no other."))


@require_POST
@requires(EDIT)
def removal(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Remove an own vocabulary."""
    return _act(request, slug, operations.remove, _("Vocabulary “%(name)s” removed."))


def _act(request: HttpRequest, slug: str, act: Callable[..., None], done: str) -> HttpResponse:
    row = get_object_or_404(Vocabulary, slug=slug)
    person, name = person_of(request), row.name
    return pressed(
        request, lambda: act(vocabulary=row, by=person, at=now()),
        url=reverse("vocabularies:list"), said=done % {"name": name},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@requires("people.profile")
def mine(request: HttpRequest) -> HttpResponseBase:
    """Choose in which words pages speak to oneself; nothing chosen follows one's organization."""
    person = person_of(request)
    if request.method != "POST":
        rows = Vocabulary.objects.all()
        lines = [(row, presenting.other_words(presenting.words_of(row))[:DIFFERENCES_SHOWN]) for row in rows]
        beneath = person.organization.vocabulary or rows.filter(is_default=True).first()
        context = {"lines": lines, "beneath": beneath, "chosen": person.vocabulary_id}
        return render(request, "vocabularies/mine.html", context)
    slug = request.POST.get("vocabulary", "")
    chosen = get_object_or_404(Vocabulary, slug=slug) if slug else None
    people_operations.set_profile(by=person, values={"vocabulary": chosen})
    messages.success(request, _("Saved. Pages speak to you in these words."))
    return redirect("people:words")
