"""Writing: a new article, the next version of one, what it will look like, and which articles read alike."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST

from common.forms import tell
from common.numbers import number_in
from common.refs import parse_reference
from common.refusals import NotAllowed, Refused, Stale
from common.texts import one_line
from people.doors import person_of, requires
from records import once
from records import operations as record_operations
from records.models import Draft, Record
from records.views.base import see_other
from records.views.making import made_once

from .. import diff, operations, prefilling, queries, reading, showing
from ..forms import NewArticleForm, TextsForm, initial_of
from ..models import Article, ArticleVersion, SearchTerm
from ..operations import texts
from .article import ArticlePage

COMPOSER, NEW_COMPOSER = "article", "new_article"


@method_decorator(requires("article.create"), name="dispatch")
class NewArticle(View):
    """GET the template, prefilled from a record (`from`) or a search (`search`); POST drafts exactly one article."""

    def get(self, request: HttpRequest) -> HttpResponse:
        kept = _kept(request, None, NEW_COMPOSER)
        source = _source(request, request.GET.get("from", ""))
        search = _search(request.GET.get("search", ""))
        initial: dict[str, Any] = dict(kept.content) if kept and not request.GET else {}
        if source is not None:
            initial = prefilling.from_record(source) | {"source": source.reference}
        elif search is not None:
            initial = {"title": search.text.capitalize(), "search": search.pk}
        form = NewArticleForm(initial=initial, viewer=request.user)
        return self._ask(request, form, source=source, token=once.new_token(), kept=kept if initial else None)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewArticleForm(request.POST, viewer=request.user)
        source = _source(request, request.POST.get("source", ""))

        def ask(token: str, status: int) -> HttpResponse:
            return self._ask(request, form, source=source, token=token, status=status)

        return made_once(request, form, lambda: self._draft(request, form, source), ask=ask)

    def _draft(self, request: HttpRequest, form: NewArticleForm, source: Record | None) -> str:
        article = operations.create(
            by=request.user,
            at=now(),
            source=source,
            search=_search(form.cleaned_data["search"]),
            service=form.cleaned_data["service"],
            **form.texts(),
        )
        record_operations.discard_draft(user=request.user, record=None, composer=NEW_COMPOSER)
        messages.success(request, _("Drafted. Submit it for review when it is ready."))
        return article.get_absolute_url()

    def _ask(
        self,
        request: HttpRequest,
        form: NewArticleForm,
        *,
        source: Record | None,
        token: str,
        status: int = 200,
        kept: Draft | None = None,
    ) -> HttpResponse:
        preview = _preview(request, form)
        context = {"form": form, "source": source, "token": token, "kept": kept, **preview}
        return render(request, "knowledge/new.html", context, status=status)


@method_decorator(requires("article.edit"), name="dispatch")
class Editor(View):
    """The draft of an article. What was typed and not saved comes back in any browser of the same person."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        article = ArticlePage.worked_on(request.user, number)
        if article.submitted_at is not None or article.closed_at is not None:
            messages.error(request, _("The draft can't be changed now: it waits for its review, or it was retired."))
            return see_other(request, article.get_absolute_url())
        draft, kept = reading.draft_of(article), _kept(request, article, COMPOSER)
        version = draft or article.published
        initial = initial_of(version) | {"revision": draft.revision if draft else 0}
        if draft is None:
            initial["note"] = ""
        form = TextsForm(initial=dict(kept.content) if kept else initial)
        return self._ask(request, article, form, kept=kept)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        article = ArticlePage.worked_on(request.user, number)
        if "forget" in request.POST:
            record_operations.discard_draft(user=request.user, record=article, composer=COMPOSER)
            return see_other(request, f"{article.get_absolute_url()}draft/")
        form = TextsForm(request.POST)
        if not form.is_valid():
            return self._ask(request, article, form, status=422)
        try:
            operations.write(
                article=article,
                by=request.user,
                at=now(),
                values=form.texts(),
                revision=form.cleaned_data["revision"] or 0,
            )
        except NotAllowed:
            raise
        except Stale:
            return self._compare(request, article, form)
        except Refused as refused:
            tell(form, refused.refusals)
            return self._ask(request, article, form, status=422)
        record_operations.discard_draft(user=request.user, record=article, composer=COMPOSER)
        messages.success(request, _("Draft saved."))
        return see_other(request, article.get_absolute_url())

    def _compare(self, request: HttpRequest, article: Article, form: TextsForm) -> HttpResponse:
        """Nothing was saved: both texts, and the form with one's own, ready to be saved over theirs."""
        theirs = reading.latest_version(article)
        mine = ArticleVersion(number=theirs.number, **texts.cleaned(form.texts()))
        again = request.POST.copy()
        again["revision"] = str(0 if theirs.published_at else theirs.revision)
        context = {
            "theirs": theirs,
            "conflict": [each for each in diff.between(theirs, mine) if each.is_changed],
        }
        return self._ask(request, article, TextsForm(again), status=409, **context)

    def _ask(
        self, request: HttpRequest, article: Article, form: TextsForm, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        context |= {"record": article, "form": form, **_preview(request, form, without=article.pk)}
        return render(request, "knowledge/editor.html", context, status=status)


def _kept(request: HttpRequest, article: Article | None, composer: str) -> Draft | None:
    return Draft.objects.filter(user=person_of(request), record=article, composer=composer).first()


def _source(request: HttpRequest, text: str) -> Record | None:
    number = parse_reference(text)
    return Record.objects.visible_to(request.user).filter(pk=number).first() if number else None


def _search(text: Any) -> SearchTerm | None:
    return SearchTerm.objects.filter(pk=number_in(str(text)) or 0).first()


def _preview(request: HttpRequest, form: TextsForm, *, without: int | None = None) -> dict[str, Any]:
    """What the texts of the form will look like, and published articles that are called almost the same."""
    values = {
        name: str(form[name].value() or "")[: texts.LONGEST[name]] for name in ("title", "symptom", "cause", "fix")
    }
    sections = [
        {"heading": str(heading.value() or ""), "text": str(text.value() or "")} for heading, text in form.sections
    ]
    version = ArticleVersion(sections=[each for each in sections if each["heading"] or each["text"]], **values)
    title = one_line(values["title"])
    read = reading.articles_readable_by(request.user)
    alike = queries.called_like(title, among=read, without=without) if len(title) > 3 else []
    return {"preview_title": title, "preview_parts": showing.parts(version), "alike": alike}


@requires("article.create")
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The article as readers would see it, while it is being typed."""
    without = request.POST.get("article", "")
    key = number_in(without)
    return render(request, "knowledge/_preview.html", _preview(request, TextsForm(request.POST), without=key))


@requires("article.create")
@require_POST
def keep_new(request: HttpRequest) -> HttpResponse:
    """Keep what is being typed into a new article."""
    return _keep(request, None, NEW_COMPOSER)


@requires("article.edit")
@require_POST
def keep(request: HttpRequest, number: int) -> HttpResponse:
    """Keep what is being typed into a draft; nobody else sees it."""
    return _keep(request, ArticlePage.worked_on(request.user, number), COMPOSER)


def _keep(request: HttpRequest, article: Article | None, composer: str) -> HttpResponse:
    known = set(TextsForm(request.POST).fields) | {"service", "source", "search"}
    content = {name: value for name, value in request.POST.items() if name in known}
    has_words = any(str(value).strip() for name, value in content.items() if name not in ("revision", "source"))
    try:
        record_operations.save_draft(
            user=request.user, record=article, composer=composer, content=content if has_words else {}, at=now()
        )
    except Refused as refused:
        return HttpResponse(str(refused), status=422, content_type="text/plain")
    return HttpResponse(status=204)
