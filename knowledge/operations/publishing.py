"""From draft to reader: review, publication, the next review, the end."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from common.time import start_of_day
from measurement.models import Mark
from records import changing, transitions

from .. import queries, reading
from ..enums import State
from ..models import Article, ArticleVersion

REVIEW_AFTER_VOTES = 5
REVIEW_BELOW_PERCENT = 50
LONGEST_SLUG = 60


def submit(
    *,
    article: Article,
    by: Any,
    at: datetime,
    confirm_no_duplicate: bool = False,
    reason: str = "",
    version: int | None = None,
) -> Article:
    """
    Hand the draft in for review; it can't be changed until it is published or sent back.

    Readers of an article that was published before go on reading the published version.

    :param confirm_no_duplicate: the author looked at the articles with almost the same title.
    :raises TransitionRefused: no draft, no symptom, nothing to do about it, or it reads like another article.
    """
    return transitions.apply(
        record=article,
        name="submit",
        by=by,
        at=at,
        reason=reason,
        version=version,
        confirm_no_duplicate=confirm_no_duplicate,
    )


def hand_back(*, article: Article, by: Any, at: datetime, reason: str, version: int | None = None) -> Article:
    """Give what was submitted back to its author, saying why. :raises TransitionRefused: nothing was, or no reason."""
    return transitions.apply(record=article, name="hand_back", by=by, at=at, reason=reason, version=version)


@transaction.atomic
def publish(
    *,
    article: Article,
    by: Any,
    at: datetime,
    review_date: date,
    confirm_nothing_of_customer: bool = False,
    reason: str = "",
    version: int | None = None,
) -> Article:
    """
    Let its audience read what was submitted. The version can't be changed any more; its votes begin at zero.

    :param review_date: day of the reporting zone on which a review falls due; later than today.
    :param confirm_nothing_of_customer: `by` vouches that nothing of the customer whose record it was drafted from is in
        this version; logged, and asked again for each version.
    :raises TransitionRefused: not submitted, one's own work while others could publish it, no later review date, an
        audience of nobody, or one wider than the source.
    """
    before = article.review_date
    published = transitions.apply(
        record=article,
        name="publish",
        by=by,
        at=at,
        reason=reason,
        version=version,
        data={"version": _draft_number(article), "nothing_of_customer": confirm_nothing_of_customer},
        review_date=review_date,
        confirm_nothing_of_customer=confirm_nothing_of_customer,
    )
    draft = ArticleVersion.objects.select_for_update().get(article=published, published_at=None)
    ArticleVersion.objects.filter(pk=draft.pk).update(published_at=at, published_by=by)
    Article.objects.filter(pk=published.pk).update(
        published=draft,
        title=draft.title,
        description=draft.body,
        slug=published.slug or _free_slug(published, draft.title),
        cleared_number=draft.number if confirm_nothing_of_customer else None,
        vote_count=0,
        helpful_count=0,
        judged_vote_count=0,
    )
    _count_again(published, before, at)
    return Article.objects.get(pk=published.pk)


def _draft_number(article: Article) -> int | None:
    draft = reading.draft_of(article)
    return draft.number if draft else None


def _free_slug(article: Article, title: str) -> str:
    """The address that readers see, from the first published title; it stays when the title changes."""
    wanted = slugify(title)[:LONGEST_SLUG].strip("-") or "article"
    return f"{wanted}-{article.pk}" if Article.objects.filter(slug=wanted).exists() else wanted


def _count_again(article: Article, review_date: date | None, at: datetime) -> None:
    """Have the day on which the review was due before counted again, since the article has left it."""
    if review_date is not None:
        left = start_of_day(review_date, queries.reporting_zone())
        Mark.objects.create(record_id=article.pk, moments=[left], marked_at=at)


def call_review(*, article: Article, by: Any, at: datetime, reason: str, version: int | None = None) -> Article:
    """
    Say that the article has to be looked at again. Readers go on reading it, with a notice that it is under review.

    :raises TransitionRefused: not published, or no reason.
    """
    return transitions.apply(record=article, name="call_review", by=by, at=at, reason=reason, version=version)


@transaction.atomic
def confirm(
    *, article: Article, by: Any, at: datetime, review_date: date, reason: str = "", version: int | None = None
) -> Article:
    """
    Say that the published version is still right, and when to look again.

    :raises TransitionRefused: not published, not the owner nor a publisher, or no later date.
    """
    before = article.review_date
    confirmed = transitions.apply(
        record=article, name="confirm", by=by, at=at, reason=reason, version=version, review_date=review_date
    )
    _count_again(confirmed, before, at)
    return confirmed


def retire(
    *,
    article: Article,
    by: Any,
    at: datetime,
    reason: str,
    replacement: Any = None,
    confirm_no_replacement: bool = False,
    version: int | None = None,
) -> Article:
    """
    Take the article away from its readers for good; its address leads to the replacement, if there is one.

    :param replacement: a published article that at least the same people may read.
    :param confirm_no_replacement: needed when tickets were answered with it and nothing replaces it.
    :raises TransitionRefused: no reason, or the replacement does not fit.
    """
    return transitions.apply(
        record=article,
        name="retire",
        by=by,
        at=at,
        reason=reason,
        version=version,
        replacement=replacement,
        confirm_no_replacement=confirm_no_replacement,
    )


def call_review_when_due(*, at: datetime, rows: int = 200) -> int:
    """
    Call for the review of articles whose date has come, as of the beginning of that day, and of those that did not help
    most of those who voted; a bounded number. Returns how many.

    Several workers may do this at once, and it may run twice: each article is locked and looked at afresh.
    """
    zone = queries.reporting_zone()
    called = 0
    with transaction.atomic():
        due = queries.to_review(at.astimezone(zone).date()).order_by("review_date", "id")
        for article in changing.take(due)[:rows]:
            day = start_of_day(article.review_date, zone)
            _call(
                article, at=max(day, article.resolved_at or day), rule="review_date", why=_("Its review date has come.")
            )
            called += 1
        disliked = queries.disliked(votes=REVIEW_AFTER_VOTES, percent=REVIEW_BELOW_PERCENT).order_by("id")
        for article in changing.take(disliked)[: rows - called]:
            _call(article, at=at, rule="votes", why=_("It did not help most of those who said so."))
            called += 1
    return called


def _call(article: Article, *, at: datetime, rule: str, why: str) -> None:
    if article.state == State.PUBLISHED:
        transitions.apply(record=article, name="call_review", by=None, at=at, reason=why, data={"rule": rule})


REVIEW_USUALLY_AFTER = timedelta(days=180)
