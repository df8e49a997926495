"""Searches that led nowhere: the articles to write."""

from typing import Any

from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import LARGEST_KEY, Answer, Nothing
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.views import ApiView, one_of
from common.time import now

from .. import lists, operations
from ..enums import Place
from ..models import SearchTerm

SORTS = {"-searches": Sort(is_descending=True)}


class FailedSearch(Answer):
    """What was searched for. Words and counts, nobody's name."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    place = serializers.ChoiceField(choices=Place.choices)
    search_count = serializers.IntegerField()
    hit_count = serializers.IntegerField(help_text="Found by the latest search.")
    click_count = serializers.IntegerField(help_text="How often an article was opened from it.")
    first_at = serializers.DateTimeField()
    latest_at = serializers.DateTimeField()


def search(term: SearchTerm) -> dict[str, Any]:
    """The dictionary of a `FailedSearch`."""
    return {
        "id": term.pk,
        "text": term.text,
        "place": term.place,
        "search_count": term.search_count,
        "hit_count": term.hit_count,
        "click_count": term.click_count,
        "first_at": term.first_at,
        "latest_at": term.latest_at,
    }


class FailedSearches(ApiView):
    """Searches that found nothing, or nothing that anybody opened."""

    operations = {"GET": "article.create"}

    @describe("List searches that no article answers", gives=listing_of(FailedSearch), parameters=[PageQuery])
    def get(self, request: Any) -> Any:
        query = PageQuery.of(request)
        found, following = page(
            lists.gaps().order_by(),
            request=request,
            sorts=SORTS,
            sort="-searches",
            cursor=query["cursor"],
            limit=query["limit"],
        )
        return self.answer(listing([search(each) for each in found], following))


class SearchRemoval(ApiView):
    """Taking a search off the list."""

    operations = {"POST": "article.create"}

    @describe("Say that no article should answer a search", takes=Nothing, gives=FailedSearch, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        term = one_of(SearchTerm.objects.all(), min(number, LARGEST_KEY))
        Nothing.read(request.data, by=request.user)
        return self.answer(search(operations.dismiss_search(search=term, by=request.user, at=now())))
