"""Doors for what readers and the desk do with an article: vote, answer with it, say that it does not fit."""

from typing import Any

from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer
from common.api.paging import listing, listing_of
from common.time import now
from records.api.representation import href

from .. import operations, queries
from .bodies import ArticleDismissalBody, ArticleUseBody, ArticleVoteBody
from .views import ArticleDoor


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
