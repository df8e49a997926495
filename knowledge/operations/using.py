"""Answering with an article: putting it into a reply, or noting that it did not fit."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import require
from records import changing
from records.enums import LinkKind
from records.events import EventKind
from records.models import Link, Record

from .. import reading
from ..models import Article, ArticleVersion, Dismissal

LINK, TEXT, MENTION = "link", "text", "none"
WAYS = (LINK, TEXT, MENTION)


@transaction.atomic
def insert(*, article: Article, record: Record, by: Any, at: datetime, way: str) -> str:
    """
    Note that the record is answered with the article, and give what to put into the reply.

    :param way: `link`: a line that leads to it; `text`: the fix itself; `none`: nothing, it helped the agent alone.
    :returns: Markdown; empty for `none`.
    :raises NotAllowed: the record is not the person's to answer. :raises Refused: no such way, the article is not
        published, or the requester's organization may not read it.
    """
    if way not in WAYS:
        raise Refused.because("unfit", _("Choose to insert a link, the text, or nothing."), "way")
    source, target = changing.lock_all(record, article)
    require(by, "article.use", source)
    if not reading.articles_readable_by(by).shown().filter(pk=target.pk).exists():
        raise Refused.because(
            "not_shown", _("%(article)s is not published.") % {"article": target.reference}, "article"
        )
    if way != MENTION and not reading.may_be_read_by_organization(target, source.organization_id):
        raise Refused.because(
            "not_for_them",
            _("%(organization)s may not read %(article)s. Have its audience widened, or answer in your own words.")
            % {"organization": source.organization, "article": target.reference},
            "article",
        )
    _link, is_new = Link.objects.get_or_create(
        from_record_id=source.pk, to_record_id=target.pk, kind=LinkKind.ANSWERED_WITH, defaults={"by": by, "at": at}
    )
    if is_new:
        Dismissal.objects.filter(article=target, record_id=source.pk).delete()
        for each, other in ((source, target), (target, source)):
            changing.save(each, (), at)
            changing.write_down(
                each,
                kind=EventKind.EDITED,
                action=f"{each.kind}.linked",
                by=by,
                at=at,
                data={
                    "link": LinkKind.ANSWERED_WITH,
                    "other": other.pk,
                    # Without the title: who reads the one may not always read the other.
                    "other_label": other.reference,
                    "is_source": each is source,
                },
            )
    return words(target, target.published, way)


def words(article: Article, version: ArticleVersion, way: str) -> str:
    if way == MENTION:
        return ""
    address = f"{settings.BASE_URL.rstrip('/')}{article.portal_address}"
    title = version.title.replace("[", "(").replace("]", ")")
    link = f"[{title}]({address})"
    if way == LINK:
        return link
    parts = [version.fix, *(f"**{each['heading']}**\n\n{each['text']}" for each in version.sections)]
    return "\n\n".join([*(part for part in parts if part.strip()), _("From: %(link)s") % {"link": link}])


def dismiss(*, article: Article, record: Record, by: Any, at: datetime) -> Dismissal:
    """
    Note that the article does not fit the record; it is not offered there again. Doing it twice changes nothing.

    :raises NotAllowed: the record is not the person's to answer.
    """
    require(by, "article.use", record)
    kept, _is_new = Dismissal.objects.get_or_create(article=article, record_id=record.pk, defaults={"by": by, "at": at})
    return kept
