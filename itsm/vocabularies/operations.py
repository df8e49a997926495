"""The acts on vocabularies. Words are screens, not data: no act here touches a record."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused, Stale
from common.slugs import free_slug
from common.texts import one_line
from people.access import require
from people.models import User, Vocabulary
from people.vocabularies.checking import LONGEST_NAME, Words

EDIT = "vocabulary.edit"
MOST = 100


@transaction.atomic
def create(*, by: User, at: datetime, name: str, words: Words) -> Vocabulary:
    """
    Make a vocabulary; nobody speaks it yet.

    :param words: as `checking.words_of` or the form has checked them.
    :raises Refused: no name, one that another has, or too many vocabularies.
    """
    require(by, EDIT)
    name = _name(name)
    if Vocabulary.objects.count() >= MOST:
        raise Refused.because("too_many", _("There are %(most)d vocabularies. Remove one first.") % {"most": MOST})
    slug = free_slug(Vocabulary.objects, name, otherwise="vocabulary", longest=50, reserved=("new", "file"))
    try:
        with transaction.atomic():
            made = Vocabulary.objects.create(name=name, slug=slug, words=words)
    except IntegrityError:
        raise _taken(name) from None
    _say("vocabulary.made", made, by=by, at=at, words=words)
    return made


@transaction.atomic
def change(*, vocabulary: Vocabulary, by: User, at: datetime, name: str, words: Words, seen_version: int) -> Vocabulary:
    """
    Change name and words. Pages speak them from their next request on.

    :param seen_version: what the person read. :raises Stale: somebody changed it meanwhile.
    :raises Refused: it comes with Steward, nothing differs, or the name does not fit.
    """
    require(by, EDIT)
    name, row = _name(name), _locked(vocabulary)
    if row.version != seen_version:
        raise Stale.because("stale", _("Somebody changed this vocabulary meanwhile. Look at it, then save again."))
    if (row.name, row.words) == (name, words):
        raise Refused.because("no_change", _("Nothing is different from what holds. Change something."))
    before = row.words
    row.name, row.words, row.version = name, words, row.version + 1
    try:
        with transaction.atomic():
            row.save(update_fields=["name", "words", "version"])
    except IntegrityError:
        raise _taken(name) from None
    _say("vocabulary.changed", row, by=by, at=at, words=words, before=before)
    return row


@transaction.atomic
def make_default(*, vocabulary: Vocabulary, by: User, at: datetime) -> None:
    """
    Let everybody speak it who has no choice of their own or of their organization.

    :raises Refused: it is the default already.
    """
    require(by, EDIT)
    # All of them in one order, so that two who choose at once come one after the other.
    rows = {row.pk: row for row in Vocabulary.objects.select_for_update().order_by("pk")}
    row = rows.get(vocabulary.pk)
    if row is None:
        raise _gone()
    if row.is_default:
        raise Refused.because("is_default", _("Everybody speaks “%(name)s” by default already.") % {"name": row.name})
    Vocabulary.objects.filter(is_default=True).update(is_default=False)
    Vocabulary.objects.filter(pk=row.pk).update(is_default=True)
    _say("vocabulary.made_default", row, by=by, at=at)


@transaction.atomic
def remove(*, vocabulary: Vocabulary, by: User, at: datetime) -> None:
    """
    Remove an own vocabulary. Who spoke it speaks the words beneath: of their organization, or the default.

    :raises Refused: it comes with Steward, or everybody speaks it by default.
    """
    require(by, EDIT)
    row = _locked(vocabulary)
    if row.is_default:
        raise Refused.because("is_default", _("Everybody speaks it by default. Make another one the default first."))
    _say("vocabulary.removed", row, by=by, at=at, words=row.words)
    row.delete()


def _locked(vocabulary: Vocabulary) -> Vocabulary:
    row = Vocabulary.objects.select_for_update().filter(pk=vocabulary.pk).first()
    if row is None:
        raise _gone()
    if row.is_shipped:
        raise Refused.because("shipped", _("“%(name)s” comes with Steward. Make a copy of it.") % {"name": row.name})
    return row


def _name(name: str) -> str:
    said = one_line(name)
    if not said or len(said) > LONGEST_NAME:
        limit = {"limit": LONGEST_NAME}
        raise Refused.because("name", _("A vocabulary needs a name of at most %(limit)d characters.") % limit, "name")
    return said


def _taken(name: str) -> Refused:
    return Refused.because("name_taken", _("Another vocabulary is called “%(name)s”.") % {"name": name}, "name")


def _gone() -> Refused:
    return Refused.because("gone", _("This vocabulary was removed meanwhile."))


def _say(action: str, row: Vocabulary, *, by: User, at: datetime, **data: Any) -> None:
    log.record(
        action,
        subject_kind="vocabulary",
        subject_id=row.pk,
        subject_label=row.name,
        by=by,
        at=at,
        data={"version": row.version, **data},
    )
