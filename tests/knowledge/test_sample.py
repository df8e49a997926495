"""The sample's articles: at every stage, and gone in one act."""

import pytest
from django.contrib.auth.models import AnonymousUser

from itsm.sample.articles import ARTICLES, Shelf
from itsm.sample.cast import assemble
from itsm.sample.story import Story
from knowledge.enums import Audience, State
from knowledge.models import Article, Vote
from knowledge.reading import articles_readable_by
from records.models import Link, Record
from tests.conftest import moment


@pytest.mark.django_db
@pytest.mark.parametrize("present", ["2026-10-25 00:30"])
def test_there_is_an_article_at_every_stage_for_every_audience(present):
    at = moment(present)
    cast = assemble(password="x", at=at)
    Story(cast, at=at).tell(60)

    told = Shelf(cast, at=at).tell()

    assert told == len(ARTICLES) == 8
    assert set(Article.objects.values_list("state", flat=True)) == set(State.values)
    assert set(Article.objects.values_list("audience", flat=True)) == set(Audience.values)
    assert not Record.objects.filter(updated_at__gt=at).exists()
    assert Link.objects.filter(kind="answered_with").exists()
    assert Vote.objects.filter(is_helpful=False).exists()
    assert articles_readable_by(AnonymousUser()).count() == 3
