"""What happens without anybody: reviews fall due, people are told, old searches are forgotten; and two at once."""

from datetime import date, timedelta

import pytest

from audit.models import Entry
from audit.outbox import dispatch_due
from knowledge import operations
from knowledge.models import Article, SearchTerm, Vote
from notifications.models import Notice
from records.transitions import TransitionRefused
from tests.conftest import moment
from tests.parallel import at_once

from .conftest import AT, LATER, REVIEW


def told(article):
    while dispatch_due(at=moment("2026-12-31 00:00")):
        pass
    return {(notice.user.username, notice.text) for notice in Notice.objects.filter(record=article.pk)}


def test_a_review_falls_due_on_its_day_once(house, publish):
    article = publish()

    assert operations.call_review_when_due(at=moment("2026-08-31 23:59")) == 0
    assert operations.call_review_when_due(at=moment("2026-09-03 10:00")) == 1
    assert operations.call_review_when_due(at=moment("2026-09-03 10:00")) == 0

    entry = Entry.objects.get(subject_id=article.pk, action="article.review_called")
    assert (entry.at, entry.actor, entry.data) == (moment("2026-09-01 00:00"), None, {"rule": "review_date"})
    assert ("tom", "is due for a review") in told(article)
    told(article)
    assert Notice.objects.filter(record=article.pk, user=house.tom, text="is due for a review").count() == 1


def test_the_day_begins_where_the_reporting_zone_says(publish, settings):
    settings.TIME_ZONE = "America/New_York"
    article = publish()

    assert operations.call_review_when_due(at=moment("2026-09-01 03:59")) == 0
    assert operations.call_review_when_due(at=moment("2026-09-01 04:00")) == 1
    assert Article.objects.get(pk=article.pk).state == "review_due"


def test_an_article_that_does_not_help_is_called_for_review_until_its_owner_has_looked(house, publish):
    article = publish()
    for number in range(5):
        operations.vote(article=article, by=None, at=LATER, is_helpful=number == 0, visitor=f"v{number}")

    assert operations.call_review_when_due(at=LATER) == 1
    article = Article.objects.get(pk=article.pk)
    operations.confirm(article=article, by=house.tom, at=LATER, review_date=date(2027, 1, 1))

    assert operations.call_review_when_due(at=LATER) == 0


def test_those_who_may_publish_hear_of_a_submission_and_the_author_of_the_decision(house, draft):
    article = operations.submit(article=draft(), by=house.tom, at=AT)
    assert told(article) == {("aisha", "waits for its review"), ("ines", "waits for its review")}

    operations.hand_back(article=article, by=house.aisha, at=LATER, reason="Which client?")
    assert ("tom", "was sent back to its author") in told(article)


def test_old_searches_are_forgotten_and_young_ones_stay(db):
    for text, days in (("old words", 181), ("young words", 179)):
        at = LATER - timedelta(days=days)
        SearchTerm.objects.create(text=text, place="desk", first_at=at, latest_at=at)

    assert operations.forget_old(at=LATER) == 1
    assert operations.forget_old(at=LATER) == 0
    assert SearchTerm.objects.get().text == "young words"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_does(house, draft):
    article = operations.submit(article=draft(), by=house.tom, at=AT)

    errors = at_once(
        *[
            lambda by=by: operations.publish(article=article, by=by, at=LATER, review_date=REVIEW)
            for by in (house.aisha, house.ines)
        ]
    )

    assert [type(each) for each in errors if each] == [TransitionRefused]
    assert Article.objects.get(pk=article.pk).versions.get().published_at == LATER
    assert Entry.objects.filter(subject_id=article.pk, action="article.published").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_call_for_a_review_once(publish):
    article = publish()

    errors = at_once(*[lambda: operations.call_review_when_due(at=moment("2026-09-03 10:00"))] * 2)

    assert set(errors) == {None}
    assert Entry.objects.filter(subject_id=article.pk, action="article.review_called").count() == 1


@pytest.mark.django_db(transaction=True)
def test_votes_at_once_are_all_counted(house, publish):
    article = publish()
    people = (house.maria, house.max, house.otto, house.tom)

    errors = at_once(
        *[
            lambda by=by: operations.vote(article=article, by=by, at=LATER, is_helpful=by is not house.otto)
            for by in people
        ]
    )

    fresh = Article.objects.get(pk=article.pk)
    assert set(errors) == {None}
    assert (fresh.vote_count, fresh.helpful_count, Vote.objects.count()) == (4, 3, 4)


@pytest.mark.django_db(transaction=True)
def test_two_who_save_the_same_draft_at_once_do_not_overwrite_each_other(house, draft):
    article = draft()

    errors = at_once(
        *[
            lambda by=by: operations.write(article=article, by=by, at=LATER, values={"fix": by.name}, revision=1)
            for by in (house.tom, house.aisha)
        ]
    )

    assert [type(each).__name__ for each in errors if each] == ["Stale"]
    assert article.versions.get().revision == 2
