"""Who is told of what happens to an article: its owner, its author, those who may publish it."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from audit.models import Entry
from audit.subscriptions import subscribe
from notifications.models import NoticeKind
from notifications.subscriptions import record_of, tell
from people import matrix
from people.models import User
from records.models import Record

from .models import Article


def register() -> None:
    """Called when the app is ready."""
    subscribe("knowledge.review", to=["article.review_called"], handler=review_called)
    subscribe("knowledge.submitted", to=["article.submitted"], handler=submitted)
    subscribe("knowledge.decided", to=["article.published", "article.sent_back"], handler=decided)


def review_called(entry: Entry) -> None:
    """Tell the owner that somebody, or the calendar, asks whether it is still right."""
    record = record_of(entry)
    if record is not None and record.owner is not None:
        _tell(entry, record, {record.owner: lambda: _("because you own it")}, lambda: _("is due for a review"))


def submitted(entry: Entry) -> None:
    """Tell those who may publish it, of whom the author is none."""
    record = record_of(entry)
    if record is None:
        return
    roles = list(matrix.rule("article.publish").roles)
    people = User.objects.active().filter(role_grants__role__in=roles).distinct().order_by("id")
    _tell(
        entry,
        record,
        {person: lambda: _("because you may publish it") for person in people},
        lambda: _("waits for its review"),
    )


def decided(entry: Entry) -> None:
    """Tell owner and author what came of the review."""
    record = record_of(entry)
    if record is None:
        return
    people: dict[User, Callable[[], Any]] = {}
    article = Article.objects.get(pk=record.pk)
    latest = article.versions.select_related("author").first()
    if latest is not None and latest.author is not None:
        people[latest.author] = lambda: _("because you wrote it")
    if record.owner is not None:
        people[record.owner] = lambda: _("because you own it")
    was_published = entry.action == "article.published"
    _tell(entry, record, people, lambda: _("was published") if was_published else _("was sent back to its author"))


def _tell(entry: Entry, record: Record, people: dict[User, Callable[[], Any]], text: Callable[[], str]) -> None:
    tell(entry, record, NoticeKind.CHANGED, people, text)
