"""Drafting an article."""

from datetime import datetime
from typing import Any

from django.db import transaction

from people.access import require
from records import changing
from records import operations as record_operations
from records.enums import LinkKind, Priority
from records.homes import home_of
from records.models import Record
from records.operations.editing import check_fields, clean_tags

from .. import vocabulary
from ..enums import State
from ..models import Article, ArticleVersion, SearchTerm
from ..workflow import PHASES
from . import texts

DETAILS = frozenset({"service", "category"})


@transaction.atomic
def create(
    *,
    by: Any,
    at: datetime,
    title: str,
    symptom: str = "",
    cause: str = "",
    fix: str = "",
    sections: Any = (),
    tags: tuple[str, ...] | list[str] = (),
    source: Record | None = None,
    search: SearchTerm | None = None,
    is_sample: bool = False,
    **details: Any,
) -> Article:
    """
    Draft an article; nobody but the provider's people reads it before it is published. Its author owns it.

    :param sections: further parts, each with `heading` and `text`.
    :param source: the record that it comes out of; it gets linked, and limits who may read the article.
    :param search: the search that found nothing and that this article answers.
    :param details: more fields, those of `DETAILS`.
    :raises NotAllowed: the person may not draft articles, or not link the source. :raises Refused: a text does not fit.
    """
    require(by, "article.create")
    unknown = set(details) - DETAILS
    if unknown:
        raise TypeError(f"articles have no {sorted(unknown)}")
    said = texts.cleaned({"title": title, "symptom": symptom, "cause": cause, "fix": fix, "sections": sections})
    article = Article(
        kind="article",
        title=said["title"],
        requester=by,
        organization_id=home_of(by, ["article.create"]),
        owner=by,
        assignee=by,
        priority=Priority.P5,
        tags=clean_tags(tags),
        state=State.DRAFT,
        phase=PHASES[State.DRAFT],
        created_at=at,
        opened_at=at,
        updated_at=at,
        is_sample=is_sample,
        **details,
    )
    version = ArticleVersion(number=1, author=by, started_at=at, saved_at=at, **said)
    version.index_words()
    article.description = version.body
    check_fields(article, {"title", *details})
    changing.create(
        article,
        action="article.created",
        by=by,
        at=at,
        changes={name: (None, getattr(article, name)) for name in ("title", "service_id", "organization_id", "state")},
        data={"version": 1},
    )
    version.article = article
    version.save(force_insert=True)
    if source is not None:
        record_operations.link(record=article, to=source, kind=LinkKind.RAISED_FROM, by=by, at=at)
    vocabulary.learn(version)
    if search is not None:
        SearchTerm.objects.filter(pk=search.pk).update(article=article)
    return Article.objects.get(pk=article.pk)
