"""Doors for what readers and the desk do with an article: vote, answer with it, say that it does not fit."""

from typing import Any

from django.http import Http404
from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import LARGEST_KEY, Answer
from common.api.filters import Query
from common.api.paging import listing, listing_of
from common.api.views import ApiView
from common.refs import parse_reference
from common.time import now
from records.api.representation import href
from records.models import Record

from .. import finding, lists, operations, queries
from .bodies import ArticleDismissalBody, ArticleUseBody, ArticleVoteBody
from .representation import ArticleSummary, summary
from .views import ArticleDoor

MOST_OFFERS = 10


class ArticleVote(ArticleDoor):
    """The caller's vote on the version that is shown."""

    operations = {"PUT": "article.vote"}

    @describe("Say whether an article helped", takes=ArticleVoteBody, status=204, problems=[404, 409])
    def put(self, request: Any, reference: str) -> Any:
        found = self.readable(reference)
        values = ArticleVoteBody.read(request.data, by=request.user)
        operations.vote(article=found, by=request.user, at=now(), **values)
        return self.answer(status=204)


class ArticleUse(Answer):
    """A record that was answered with the article."""

    reference = serializers.CharField()
    href = serializers.CharField()
    title = serializers.CharField()


class ArticleInsertion(Answer):
    """What to put into the reply."""

    text = serializers.CharField(allow_blank=True, help_text="Markdown; empty when nothing is inserted.")


class Uses(ArticleDoor):
    """Records that were answered with it, as far as the caller may see them."""

    operations = {"GET": "article.view", "POST": "article.use"}

    @describe("List the latest records answered with an article", gives=listing_of(ArticleUse), problems=[404])
    def get(self, request: Any, reference: str) -> Any:
        rows, _count = queries.uses_of(self.worked_on(reference), request.user)
        items = [{"reference": each.reference, "href": href(each.kind, each.pk), "title": each.title} for each in rows]
        return self.answer(listing(items, None))

    @describe(
        "Answer a record with an article",
        takes=ArticleUseBody,
        gives=ArticleInsertion,
        problems=[404, 409],
        description="Links the two and gives the words for the reply. Refused when the requester may not read it.",
    )
    def post(self, request: Any, reference: str) -> Any:
        found = self.readable(reference)
        values = ArticleUseBody.read(request.data, by=request.user)
        text = operations.insert(article=found, by=request.user, at=now(), **values)
        return self.answer({"text": text})


class Dismissals(ArticleDoor):
    """Records that it does not fit."""

    operations = {"POST": "article.use"}

    @describe("Say that an article does not fit a record", takes=ArticleDismissalBody, status=204, problems=[404])
    def post(self, request: Any, reference: str) -> Any:
        found = self.readable(reference)
        values = ArticleDismissalBody.read(request.data, by=request.user)
        operations.dismiss(article=found, by=request.user, at=now(), **values)
        return self.answer(status=204)


class OfferShape(Answer):
    """An article that may answer; beside a record with what goes into the reply."""

    article = ArticleSummary()
    has_all_words = serializers.BooleanField(help_text="False: only similar words.")
    link = serializers.CharField(allow_blank=True, help_text="Markdown; blank when the requester may not read it.")
    text = serializers.CharField(allow_blank=True, help_text="The fix itself, as Markdown; blank as above.")
    is_used = serializers.BooleanField(help_text="The record is answered with it already.")


class OfferList(Answer):
    """The best first. What somebody said does not fit the record is left out."""

    items = OfferShape(many=True)


class OfferQuery(Query):
    """Beside which record, or what is being typed."""

    record = serializers.CharField(required=False, max_length=30, help_text="A reference.")
    title = serializers.CharField(required=False, max_length=200, help_text="A subject, where there is no record yet.")
    service = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY, help_text="Id.")


class Offers(ApiView):
    """Articles beside a record or a subject."""

    operations = {"GET": "article.use"}

    @describe(
        "List articles that may answer a record or a subject", gives=OfferList, problems=[404], parameters=[OfferQuery]
    )
    def get(self, request: Any) -> Any:
        query = OfferQuery.of(request)
        if "record" not in query:
            title, service = query.get("title", ""), query.get("service")
            hits = finding.find(request.user, title, limit=MOST_OFFERS, service_id=service).hits
            return self.answer({"items": [_offer(lists.Offer(hit, "", "", is_used=False)) for hit in hits]})
        record = Record.objects.visible_to(request.user).filter(pk=parse_reference(query["record"]) or 0).first()
        if record is None:
            raise Http404
        offers = lists.offers_beside(request.user, record, limit=MOST_OFFERS)
        return self.answer({"items": [_offer(each) for each in offers]})


def _offer(offer: lists.Offer) -> dict[str, Any]:
    return {
        "article": summary(offer.article),
        "has_all_words": offer.hit.has_all_words,
        "link": offer.link,
        "text": offer.text,
        "is_used": offer.is_used,
    }
