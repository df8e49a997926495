"""Writing the draft, which stands beside what is published and is read by nobody else until it is published."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused, Stale
from people.access import require
from records import changing
from records import operations as record_operations
from records.events import EventKind
from records.operations.editing import clean_tags, refuse_if_closed

from .. import reading, vocabulary
from ..models import Article, ArticleVersion
from . import texts

EDITABLE = frozenset({"service", "category", "tags", "owner"})


@transaction.atomic
def write(
    *,
    article: Article,
    by: Any,
    at: datetime,
    values: Mapping[str, Any],
    revision: int | None = None,
    version: int | None = None,
) -> ArticleVersion:
    """
    Save the draft; the first saving after a publication begins the next version with the published words.

    :param values: field -> text, names of `texts.FIELDS`; only those sent are written.
    :param revision: of the draft that the person began from, 0 when there was none; None asks for no comparison.
    :param version: of the record, as in every act.
    :returns: the draft as saved; the same one when nothing is different.
    :raises NotAllowed: :raises Stale: somebody saved another text meanwhile. :raises Refused: retired, waiting for its
        review, or a text does not fit.
    """
    locked = changing.lock(article)
    require(by, "article.edit", locked)
    changing.require_version(locked, version)
    refuse_if_closed(locked)
    _refuse_if_submitted(locked)
    draft = reading.draft_of(locked)
    if revision is not None and revision != (draft.revision if draft else 0):
        raise Stale.because("stale", _("Somebody saved another text since you began. Compare, then save again."))
    said = texts.cleaned({name: value for name, value in values.items() if name in texts.FIELDS})
    is_new = draft is None
    draft = draft or _next_version(locked, at)
    changed = sorted(name for name, value in said.items() if getattr(draft, name) != value)
    if not changed:
        return draft
    for name in changed:
        setattr(draft, name, said[name])
    draft.author, draft.saved_at = by, at
    draft.revision += 0 if is_new else 1
    draft.index_words()
    draft.save()
    vocabulary.learn(draft)
    _show_on_record(locked, draft, at)
    changing.write_down(
        locked,
        kind=EventKind.EDITED,
        action="article.edited",
        by=by,
        at=at,
        data={"version": draft.number, "texts": changed},
    )
    return draft


def _refuse_if_submitted(article: Article) -> None:
    """What was submitted is what gets published: it stays as it is until somebody sends it back."""
    if article.submitted_at is not None:
        raise Refused.because(
            "submitted", _("The draft waits for its review and can't be changed. Send it back first, then change it.")
        )


def _next_version(article: Article, at: datetime) -> ArticleVersion:
    """A draft with the words of the published version, not saved yet."""
    published = article.published
    assert published is not None, "an article has a draft until it is published"
    same = {name: getattr(published, name) for name in ("title", "symptom", "cause", "fix", "sections")}
    return ArticleVersion(article=article, number=published.number + 1, started_at=at, **same)


def _show_on_record(article: Article, draft: ArticleVersion, at: datetime) -> None:
    """Until it is published the record is called what the draft is called."""
    if article.published_id is None:
        article.title, article.description = draft.title, draft.body
    changing.save(article, ("title", "description"), at)


@transaction.atomic
def discard(*, article: Article, by: Any, at: datetime, version: int | None = None) -> Article:
    """
    Throw away the draft beside the published version, which stays.

    :raises Refused: there is none, it waits for its review, or nothing else is there.
    """
    locked = changing.lock(article)
    require(by, "article.edit", locked)
    changing.require_version(locked, version)
    refuse_if_closed(locked)
    _refuse_if_submitted(locked)
    draft = reading.draft_of(locked)
    if draft is None:
        raise Refused.because("no_draft", _("There is no draft to throw away."))
    if locked.published_id is None:
        raise Refused.because("only_version", _("The draft is all there is of this article. Retire it instead."))
    draft.delete()
    changing.save(locked, (), at)
    changing.write_down(
        locked, kind=EventKind.EDITED, action="article.draft_discarded", by=by, at=at, data={"version": draft.number}
    )
    return locked


def edit(
    *,
    article: Article,
    by: Any,
    at: datetime,
    values: Mapping[str, Any],
    reason: str = "",
    version: int | None = None,
) -> Article:
    """
    Change what stands beside the texts: service, category, tags, owner. Texts are written by `write`.

    :raises NotAllowed: :raises Stale: :raises Refused: a field that can't be changed this way, or does not fit.
    """
    values = dict(values)
    if "tags" in values:
        values["tags"] = clean_tags(values["tags"])
    return record_operations.edit(
        record=article,
        by=by,
        at=at,
        values=values,
        allowed=EDITABLE,
        operation="article.edit",
        reason=reason,
        version=version,
    )
