"""Several people at the same article at the same moment, on real connections."""

from datetime import date
from typing import Any

import pytest

from audit.models import Entry
from common.refusals import Refused, Stale
from knowledge import operations
from knowledge.models import Article, ArticleVersion, Vote
from tests.conftest import moment
from tests.knowledge.conftest import LATER, REVIEW
from tests.parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def submitted(draft: Any, house: Any) -> Article:
    article: Article = operations.submit(article=draft(), by=house.tom, at=LATER, confirm_no_duplicate=True)
    return article


def test_two_reviewers_publish_a_version_once(submitted: Article, house: Any) -> None:
    other_date = date(2026, 10, 1)

    raised = at_once(
        lambda: operations.publish(article=submitted, by=house.aisha, at=LATER, review_date=REVIEW),
        lambda: operations.publish(article=submitted, by=house.ines, at=LATER, review_date=other_date),
    )

    assert sorted(isinstance(each, Refused) for each in raised) == [False, True]
    article = Article.objects.get()
    assert article.state == "published"
    assert article.review_date == (REVIEW if raised[0] is None else other_date)
    version = ArticleVersion.objects.get()
    assert version.published_by == (house.aisha if raised[0] is None else house.ines)
    assert Entry.objects.filter(action="article.published").count() == 1


def test_of_a_publication_and_a_handing_back_at_once_one_counts(submitted: Article, house: Any) -> None:
    raised = at_once(
        lambda: operations.publish(article=submitted, by=house.aisha, at=LATER, review_date=REVIEW),
        lambda: operations.hand_back(article=submitted, by=house.ines, at=LATER, reason="The fix is missing a step."),
    )

    assert sorted(isinstance(each, Refused) for each in raised) == [False, True]
    is_published = raised[0] is None
    assert Article.objects.get().state == ("published" if is_published else "draft")
    assert (ArticleVersion.objects.get().published_at is not None) == is_published
    assert Entry.objects.filter(action__in=["article.published", "article.sent_back"]).count() == 1


def test_a_reviewer_who_read_an_earlier_text_publishes_nothing(submitted: Article, house: Any) -> None:
    """Sent back, changed and submitted again while somebody reads: their version is not the one that is there."""
    operations.hand_back(article=submitted, by=house.ines, at=LATER, reason="The fix is missing a step.")
    operations.write(article=submitted, by=house.tom, at=LATER, values={"fix": "Delete the profile."})
    operations.submit(article=submitted, by=house.tom, at=LATER, confirm_no_duplicate=True)

    with pytest.raises(Stale):
        operations.publish(article=submitted, by=house.aisha, at=LATER, review_date=REVIEW, version=submitted.version)

    assert ArticleVersion.objects.get().published_at is None


def test_two_who_begin_the_next_version_at_once_write_one_draft(publish: Any, house: Any) -> None:
    article = publish()

    raised = at_once(
        *(
            lambda who=person, said=text: operations.write(
                article=article, by=who, at=moment("2026-03-04 09:00"), values={"fix": said}, revision=0
            )
            for person, text in ((house.tom, "Restart it."), (house.aisha, "Reset it."))
        )
    )

    assert sorted(isinstance(each, Stale) for each in raised) == [False, True]
    drafted = ArticleVersion.objects.get(published_at=None)
    assert drafted.fix == ("Restart it." if raised[0] is None else "Reset it.")


def test_two_votes_of_one_reader_at_once_are_one(publish: Any, house: Any) -> None:
    article = publish()

    raised = at_once(
        *[lambda: operations.vote(article=article, by=house.maria, at=moment("2026-03-04 09:00"), is_helpful=True)] * 3
    )

    assert [each for each in raised if each] == []
    assert Vote.objects.count() == 1
    assert (Article.objects.get().vote_count, Article.objects.get().helpful_count) == (1, 1)
