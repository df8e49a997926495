"""Articles for readers, signed in or not: search, read, say whether it helped. Works without script."""

from typing import Any, cast

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from audit import acts
from common.texts import one_line
from people.doors import public
from records.views.base import pressed, see_other

from .. import finding, operations, reading, showing
from ..enums import Place, State
from ..models import Article, ArticleVersion, Vote

MOST_SHOWN = 12
ANSWERS = 4
VOTES_AN_HOUR = 20


def _base(request: HttpRequest) -> str:
    """Visitors see the page without the navigation, which leads to nothing that they may open."""
    return "base.html" if request.user.is_authenticated else "knowledge/visitor.html"


def _who(request: HttpRequest) -> str:
    """A string that tells searchers apart, for a person their account and for a visitor where they come from."""
    if request.user.is_authenticated:
        return f"person:{request.user.pk}"
    return f"visitor:{_network()}"


def _network() -> str:
    """Digest of the address that the visitor comes from, for counting in the cache; it can't be read back."""
    return salted_hmac("knowledge.network", acts.current().address or "").hexdigest()[:32]


def _text(request: HttpRequest) -> str:
    return one_line(request.GET.get("q", ""))[: finding.LONGEST_QUERY]


@public
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What a search finds, or the articles that helped most."""
    text = _text(request)
    context: dict[str, Any] = {"query": text, "base": _base(request)}
    if text:
        found = finding.find(request.user, text)
        operations.note_search(text=text, place=Place.PORTAL, hits=len(found.hits), at=now(), who=_who(request))
        context |= {"found": found, "from": urlencode({"q": text})}
    else:
        articles = reading.articles_readable_by(request.user).shown().select_related("service", "published")
        context["articles"] = articles.order_by("-helpful_count", "-pk")[:MOST_SHOWN]
    return render(request, "knowledge/portal_home.html", context)


@public
@never_cache
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """Articles that may answer what is being typed, as a fragment."""
    text = _text(request) or " ".join(request.GET.get("title", "").split())[: finding.LONGEST_QUERY]
    found = finding.find(request.user, text, limit=ANSWERS)
    return render(request, "knowledge/_answers.html", {"found": found, "query": text, "from": urlencode({"q": text})})


@public
@never_cache
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One article as its readers see it. A retired one leads to what replaces it."""
    record = _readable(request, slug)
    if record is None:
        replacement = _replacement(request, slug)
        if replacement is None:
            raise Http404
        return see_other(request, replacement.portal_address)
    version, moment = _version(record), now()
    if "q" in request.GET:
        operations.note_click(text=request.GET["q"], place=Place.PORTAL, at=moment)
    vote = None
    if request.user.is_authenticated:
        operations.note_visit(article=record, by=request.user, at=moment)
        vote = Vote.objects.filter(version=version, user=request.user).first()
    elif request.session.session_key:
        vote = Vote.objects.filter(version=version, visitor=_visitor(request, version.pk)).first()
    context = {
        "record": record,
        "version": version,
        "parts": showing.parts(version),
        "minutes": showing.minutes(version),
        "vote": vote,
        "base": _base(request),
        "query": _text(request),
        "is_ours": request.user.is_authenticated and reading.works_on(request.user, record),
        "now": moment,
    }
    return render(request, "knowledge/portal_article.html", context)


def _readable(request: HttpRequest, slug: str) -> Article | None:
    """The article as a reader: even those who work with it see here what was published only."""
    readable = reading.articles_readable_by(request.user).shown()
    return readable.select_related("service", "published", "owner").filter(slug=slug).first()


def _version(record: Article) -> ArticleVersion:
    """What readers get; an article that is shown has one."""
    return cast(ArticleVersion, record.published)


def _replacement(request: HttpRequest, slug: str) -> Article | None:
    readable = reading.articles_readable_by(request.user).shown()
    return readable.filter(replaces__slug=slug, replaces__state=State.RETIRED).first()


def _visitor(request: HttpRequest, version_id: int) -> str:
    """Tells visitors of one version apart, and nothing about what else they read."""
    key = f"{request.session.session_key}:{version_id}"
    return salted_hmac("knowledge.vote", key, algorithm="sha256").hexdigest()


@public
@require_POST
def votes(request: HttpRequest, slug: str) -> HttpResponse:
    """It helped, or not and why."""
    record = _readable(request, slug)
    if record is None:
        raise Http404
    said = request.POST.get("helped", "")
    if said not in ("yes", "no"):
        messages.error(request, _("Choose yes or no."))
        return see_other(request, record.portal_address + "#helped")
    by = request.user if request.user.is_authenticated else None
    visitor = ""
    if by is None:
        if _votes_too_often():
            messages.error(request, _("Many votes came from your network just now. Try again in an hour."))
            return see_other(request, record.portal_address + "#helped")
        if not request.session.session_key:
            request.session.create()
        visitor = _visitor(request, _version(record).pk)
    reason = request.POST.get("reason", "")

    def vote() -> None:
        operations.vote(article=record, by=by, at=now(), is_helpful=said == "yes", reason=reason, visitor=visitor)

    return pressed(request, vote, url=record.portal_address + "#helped", said=_("Noted. Thank you."))


def _votes_too_often() -> bool:
    key = f"knowledge:votes:{_network()}"
    cache.add(key, 0, 3600)
    try:
        return cache.incr(key) > VOTES_AN_HOUR
    except ValueError:  # it ran out between the two
        return False


@public
@require_POST
def unanswered(request: HttpRequest) -> HttpResponse:
    """None of the answers fits: remember what was searched for, and lead to the report."""
    text = one_line(request.POST.get("q", ""))[: finding.LONGEST_QUERY]
    operations.note_search(text=text, place=Place.PORTAL, hits=0, at=now(), who=_who(request))
    return see_other(request, f"/portal/new/?{urlencode({'text': text})}")
