"""Articles for agents: the list, articles to write, and articles beside what they work on."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common.numbers import number_in
from common.refs import parse_reference
from common.refusals import Refused
from common.texts import one_line
from people.access import can
from people.doors import person_of, requires
from records.models import Record
from records.views.base import pressed, record_or_404, see_other

from .. import finding, lists, operations, reading
from ..enums import Place
from ..models import SearchTerm
from ..operations import using

ROWS = 50
BESIDE = 5
TABS = {
    "published": gettext_lazy("Published"),
    "review": gettext_lazy("To review"),
    "drafts": gettext_lazy("Drafts"),
    "mine": gettext_lazy("Yours"),
    "retired": gettext_lazy("Retired"),
}


@requires("article.view")
@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """All articles by what is to be done with them, or what a search finds among them."""
    text = one_line(request.GET.get("q", ""))[: finding.LONGEST_QUERY]
    show = request.GET.get("show", "published")
    show = show if show in TABS else "published"
    counts = lists.counts(request.user)
    context: dict[str, Any] = {
        "query": text,
        "tabs": [
            {
                "label": label,
                "count": counts[name],
                "url": f"?show={name}",
                "is_current": name == show and not text,
            }
            for name, label in TABS.items()
        ],
        "gap_count": lists.gaps().count(),
        "can_create": can(request.user, "article.create"),
        "show": show,
        "now": now(),
    }
    if text:
        found = finding.find(request.user, text, limit=ROWS, only_shown=False)
        operations.note_search(
            text=text, place=Place.DESK, hits=len(found.hits), at=now(), who=f"person:{person_of(request).pk}"
        )
        context |= {"found": found, "from": urlencode({"q": text})}
    else:
        page = Paginator(lists.of(request.user, show), ROWS).get_page(request.GET.get("page"))
        context |= {"page": page, "articles": page.object_list}
    return render(request, "knowledge/list.html", context)


@requires("article.view")
@require_safe
def opened(request: HttpRequest, slug: str) -> HttpResponse:
    """An article by its readers' address: its page for those who work with it. Counts that a search led here."""
    article = reading.articles_readable_by(request.user).filter(slug=slug).first()
    if article is None:
        raise Http404
    if "q" in request.GET:
        operations.note_click(text=request.GET["q"], place=Place.DESK, at=now())
    is_ours = reading.works_on(request.user, article)
    return see_other(request, article.get_absolute_url() if is_ours else article.portal_address)


@requires("article.create")
@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """Searches that found nothing, or nothing that anybody opened: articles to write."""
    page = Paginator(lists.gaps(), ROWS).get_page(request.GET.get("page"))
    return render(request, "knowledge/gaps.html", {"page": page, "terms": page.object_list})


@requires("article.create")
@require_POST
def gap_removal(request: HttpRequest, key: int) -> HttpResponse:
    """No article should answer this."""
    term = SearchTerm.objects.filter(pk=key).first()
    if term is None:
        raise Http404
    return pressed(
        request, lambda: operations.dismiss_search(search=term, by=request.user, at=now()),
        url="/kb/gaps/", said=_("“%(text)s” is off the list.") % {"text": term.text},
    )  # fmt: skip


@requires("article.use")
@require_safe
def beside(request: HttpRequest, number: int) -> HttpResponse:
    """Articles that may answer a record, with what can be put into the reply."""
    return _beside(request, record_or_404(request.user, number))


def _beside(request: HttpRequest, record: Any, *, refusal: Refused | None = None) -> HttpResponse:
    offers = lists.offers_beside(request.user, record, limit=BESIDE)
    context = {
        "record": record,
        "offers": offers,
        "refusal": refusal,
        "can_use": can(request.user, "article.use", record),
    }
    return render(request, "knowledge/_beside.html", context)


@requires("article.use")
@require_safe
def beside_new(request: HttpRequest) -> HttpResponse:
    """Articles that may answer what is being typed into a new ticket."""
    service = request.GET.get("service", "")
    found = finding.find(
        request.user,
        request.GET.get("title", ""),
        limit=BESIDE,
        service_id=number_in(service),
    )
    return render(request, "knowledge/_beside_new.html", {"found": found})


@requires("article.use")
@require_POST
def uses(request: HttpRequest, number: int) -> HttpResponse:
    """Note that a record is answered with the article; the words were put into the reply by the page."""
    article, record = _article_and_record(request, number)
    try:
        operations.insert(
            article=article, record=record, by=request.user, at=now(), way=request.GET.get("way", using.MENTION)
        )
    except Refused as refused:
        return _beside(request, record, refusal=refused) if _is_swap(request) else _back(request, record, refused)
    return _beside(request, record) if _is_swap(request) else _back(request, record)


@requires("article.use")
@require_POST
def dismissals(request: HttpRequest, number: int) -> HttpResponse:
    """The article does not fit this record."""
    article, record = _article_and_record(request, number)
    operations.dismiss(article=article, record=record, by=request.user, at=now())
    return _beside(request, record) if _is_swap(request) else _back(request, record)


def _is_swap(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _back(request: HttpRequest, record: Record, refused: Refused | None = None) -> HttpResponse:
    if refused is not None:
        messages.error(request, str(refused))
    return see_other(request, record.get_absolute_url())


def _article_and_record(request: HttpRequest, number: int) -> tuple[Any, Any]:
    """:raises Http404: the person may not read the one, or not see the other."""
    article = reading.articles_readable_by(request.user).filter(pk=number).first()
    known = parse_reference(request.GET.get("record", ""))
    if article is None or not known:
        raise Http404
    return article, record_or_404(request.user, known)
