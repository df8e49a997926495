"""Doors for articles: list and search, draft, read, change, choose readers."""

from typing import Any

from django.http import Http404
from rest_framework import serializers

from common.api.describing import IDEMPOTENCY_KEY, IF_MATCH, describe
from common.api.filters import PageQuery, Several
from common.api.paging import Sort, listing, listing_of, page
from common.api.preconditions import seen_version
from common.api.views import ApiView
from common.refs import parse_reference
from common.time import now
from records.api.idempotency import once
from records.api.records import RecordDoor
from records.api.representation import href

from .. import finding, operations, reading
from ..enums import Audience, State
from ..models import Article
from .bodies import (
    ArticleAudienceBody,
    ArticleChange,
    ArticleDraftBody,
    NewArticle,
)
from .representation import RELATED, ArticleShape, ArticleSummary, ArticleVersionShape, article, summary, version_of

SORTS = {
    "-number": Sort(is_descending=True),
    "number": Sort(),
    "-updated": Sort("updated_at", is_descending=True, is_moment=True),
}
EXAMPLES = (
    ("The shortest draft", {"title": "Reset your VPN profile"}),
    (
        "From an incident",
        {
            "title": "Reset your VPN profile",
            "symptom": "The VPN client drops every 20 minutes.",
            "fix": "1. Open the client\n2. Choose **Reset profile**\n3. Sign in again",
            "service": "vpn",
        },
    ),
)


class ArticleQuery(PageQuery):
    """Filters add up; values with commas between them are alternatives. With `q` the best answers come first."""

    sort = serializers.ChoiceField(choices=list(SORTS), default="-number", help_text="Without q.")
    state = Several(among=State.values, help_text="For example published,review_due.")
    audience = Several(among=Audience.values)
    service = Several(numbers=True, help_text="Ids.")
    q = serializers.CharField(
        required=False, max_length=200, help_text="Words, typing errors forgiven; the first page only."
    )


class Articles(ApiView):
    """The articles that the caller may read."""

    operations = {"GET": "article.read", "POST": "article.create"}

    @describe("List or search articles", gives=listing_of(ArticleSummary), parameters=[ArticleQuery])
    def get(self, request: Any) -> Any:
        query = ArticleQuery.of(request)
        rows = reading.articles_readable_by(request.user).select_related(*RELATED)
        for name in ("state", "service"):
            if name in query:
                rows = rows.filter(**{f"{name}__in": query[name]})
        if "audience" in query:
            # Readers are not told whom else an article is for, so they can't ask either.
            rows = rows.filter(audience__in=query["audience"], pk__in=Article.objects.visible_to(request.user))
        if "q" in query:
            hits = finding.find(request.user, query["q"], limit=query["limit"], only_shown=False).hits
            found = rows.in_bulk([hit.article.pk for hit in hits])
            items = [summary(found[hit.article.pk]) for hit in hits if hit.article.pk in found]
            return self.answer(listing(items, None))
        shown, following = page(
            rows, request=request, sorts=SORTS, sort=query["sort"], cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([summary(each) for each in shown], following))

    @describe(
        "Draft an article",
        takes=NewArticle,
        gives=ArticleShape,
        status=201,
        problems=[409],
        parameters=[IDEMPOTENCY_KEY],
        examples=EXAMPLES,
        description="Nobody but the provider's people reads it before it is published.",
    )
    def post(self, request: Any) -> Any:
        at = now()
        values = NewArticle.read(request.data, by=request.user)

        def act() -> Any:
            made = operations.create(by=request.user, at=at, **values)
            body = article(made, by=request.user, at=at)
            return self.answer(body, status=201, version=made.version, location=href("article", made.pk))

        return once(request, at=at, act=act)


class ArticleDoor(RecordDoor):
    """A door below one article."""

    kind = "article"
    also = ()  # type: ignore[assignment] # readers see no records

    def readable(self, reference: str) -> Article:
        """:raises Http404: unknown, or not for the eyes of the caller; nobody can tell which."""
        number = parse_reference(reference)
        rows = reading.articles_readable_by(self.request.user).select_related(*RELATED)
        found = None if number is None else rows.filter(pk=number).first()
        if found is None:
            raise Http404
        return found

    def worked_on(self, reference: str) -> Article:
        """:raises Http404: as `readable`, or the caller is a reader only."""
        found = self.readable(reference)
        if not reading.works_on(self.request.user, found):
            raise Http404
        return found

    def current(self, record: Any) -> dict[str, Any]:
        return article(record, by=self.request.user, at=now())

    def shown(self, record: Any) -> Any:
        fresh = Article.objects.select_related(*RELATED).get(pk=record.pk)
        return self.answer(article(fresh, by=self.request.user, at=now()), version=fresh.version)


class OneArticle(ArticleDoor):
    """One article, as a reader or as somebody who works with it."""

    operations = {"GET": "article.read", "PATCH": "article.edit"}

    @describe("Get an article", gives=ArticleShape, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        found = self.readable(reference)
        return self.answer(article(found, by=request.user, at=now()), version=found.version)

    @describe(
        "Change what stands beside the texts",
        takes=ArticleChange,
        gives=ArticleShape,
        problems=[404, 409, 412, 428],
        parameters=[IF_MATCH],
        description="Writes the fields that are sent and no others. If-Match is required. Texts are written as draft.",
    )
    def patch(self, request: Any, reference: str) -> Any:
        at, found = now(), self.worked_on(reference)
        version = seen_version(request, is_required=True)
        values = ArticleChange.read(request.data, by=request.user)
        said: dict[str, Any] = {"article": found, "by": request.user, "at": at, "reason": values.pop("reason", "")}
        return self.shown(self.or_current(found, lambda: operations.edit(**said, values=values, version=version)))


class OneDraft(ArticleDoor):
    """The draft of an article."""

    operations = {"GET": "article.view", "PATCH": "article.edit", "DELETE": "article.edit"}

    @describe("Get the draft", gives=ArticleVersionShape, problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        draft = reading.draft_of(self.worked_on(reference))
        if draft is None:
            raise Http404
        return self.answer(version_of(draft))

    @describe(
        "Write the draft",
        takes=ArticleDraftBody,
        gives=ArticleShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
        examples=[("A better fix", {"fix": "Choose **Renew profile**.", "note": "New client"})],
        description="Begins the next version when the latest one was published. `revision` guards against overwriting.",
    )
    def patch(self, request: Any, reference: str) -> Any:
        at, found = now(), self.worked_on(reference)
        version = seen_version(request, is_required=False)
        values = ArticleDraftBody.read(request.data, by=request.user)
        said: dict[str, Any] = {
            "article": found,
            "by": request.user,
            "at": at,
            "revision": values.pop("revision", None),
        }
        self.or_current(found, lambda: operations.write(**said, values=values, version=version))
        return self.shown(found)

    @describe("Throw the draft away; the published version stays", status=204, problems=[404, 409])
    def delete(self, request: Any, reference: str) -> Any:
        operations.discard(article=self.worked_on(reference), by=request.user, at=now())
        return self.answer(status=204)


class Versions(ArticleDoor):
    """All versions, the newest first."""

    operations = {"GET": "article.view"}

    @describe(
        "List versions of an article", gives=listing_of(ArticleVersionShape), problems=[404], parameters=[PageQuery]
    )
    def get(self, request: Any, reference: str) -> Any:
        query = PageQuery.of(request)
        rows = self.worked_on(reference).versions.select_related("author", "published_by").order_by()
        found, following = page(
            rows,
            request=request,
            sorts={"-number": Sort(is_descending=True)},
            sort="-number",
            cursor=query["cursor"],
            limit=query["limit"],
        )
        return self.answer(listing([version_of(each) for each in found], following))


class ArticleAudience(ArticleDoor):
    """Who may read it."""

    operations = {"PUT": "article.edit"}

    @describe(
        "Choose who may read an article",
        takes=ArticleAudienceBody,
        gives=ArticleShape,
        problems=[404, 409, 412],
        parameters=[IF_MATCH],
        examples=[("Everybody", {"audience": "public"})],
        description="Of a published article only by those who may publish; never wider than its source unconfirmed.",
    )
    def put(self, request: Any, reference: str) -> Any:
        found, version = self.worked_on(reference), seen_version(request, is_required=False)
        values = ArticleAudienceBody.read(request.data, by=request.user)
        said: dict[str, Any] = {"article": found, "by": request.user, "at": now(), "version": version}
        return self.shown(self.or_current(found, lambda: operations.set_audience(**said, **values)))
