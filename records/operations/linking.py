"""Linking records to each other, without circles."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused
from people.access import require

from .. import changing
from ..enums import LinkKind
from ..events import EventKind, RecordEvent, tell
from ..models import Link, Record

DEEPEST_TREE = 20
ONLY_ONE = (LinkKind.CHILD_OF, LinkKind.DUPLICATE_OF)


@transaction.atomic
def link(*, record: Any, to: Any, kind: str, by: Any, at: datetime) -> Link:
    """
    Say that `record` is <kind> `to`. Both get a log entry, which names the other by its reference alone: who reads the
    one may not always read the other.

    :param by: None for Steward itself, which links what an act makes of another record.
    :raises NotAllowed: the person may not link one of the two.
    :raises Refused: to itself, twice, a second parent or original, in a circle, or one of the two takes no such link.
    """
    source, target = changing.lock_all(record, to)
    for each in (source, target) if by is not None else ():
        require(by, "record.link", each)
    kind = LinkKind(kind)
    if source.pk == target.pk:
        raise _itself(source)
    existing = Link.objects.filter(from_record=source.pk, kind=kind).values_list("to_record_id", flat=True)
    if target.pk in existing or (
        kind == LinkKind.RELATED_TO
        and Link.objects.filter(from_record=target.pk, to_record=source.pk, kind=kind).exists()
    ):
        raise Refused.because("twice", _("These two are linked this way already."), field="to")
    if kind in ONLY_ONE and existing:
        raise Refused.because(
            "second",
            _("%(reference)s is %(kind)s another record already. Remove that link first.")
            % {"reference": source.reference, "kind": kind.label},
            field="to",
        )
    _refuse_unfit(source, target, kind, is_new=True)
    if kind != LinkKind.RELATED_TO:
        _refuse_circle(sources=[source], target=target, kind=kind)
    made = Link.objects.create(from_record_id=source.pk, to_record_id=target.pk, kind=kind, by=by, at=at)
    for each, other in ((source, target), (target, source)):
        changing.save(each, (), at)
        changing.write_down(
            each,
            kind=EventKind.EDITED,
            action=f"{each.kind}.linked",
            by=by,
            at=at,
            data={"link": kind, "other": other.pk, "other_label": other.reference, "is_source": each is source},
        )
    return made


@transaction.atomic
def link_many(*, records: Iterable[Any], to: Any, kind: str, by: Any, at: datetime) -> int:
    """
    Say that each of `records` is <kind> `to`, with few statements however many they are.

    Those that are linked this way already are left as they are. Of the kinds that allow many targets only; each record
    and `to` get their log entries, as by `link`.

    :returns: how many were linked.
    :raises NotAllowed: the person may not link one of them. :raises Refused: to itself, or in a circle.
    """
    kind = LinkKind(kind)
    if kind in ONLY_ONE or kind == LinkKind.RELEASED_IN:
        raise ValueError(f"links of the kind {kind} are made one by one")
    linked = Link.objects.filter(to_record=to.pk, kind=kind).values_list("from_record_id", flat=True)
    keys = {each.pk for each in records} - set(linked)
    rows = {row.pk: row for row in Record.objects.select_for_update().filter(pk__in=[*keys, to.pk]).order_by("pk")}
    target = rows[to.pk]
    sources = [row for row in rows.values() if row.pk in keys]
    for each in [target, *sources]:
        require(by, "record.link", each)
    if target.pk in keys:
        raise _itself(target)
    if not sources:
        return 0
    if kind != LinkKind.RELATED_TO:
        _refuse_circle(sources=sources, target=target, kind=kind)
    Link.objects.bulk_create(
        [Link(from_record_id=each.pk, to_record_id=target.pk, kind=kind, by=by, at=at) for each in sources]
    )
    Record.objects.filter(pk__in=rows).update(version=F("version") + 1, updated_at=Greatest("updated_at", Value(at)))
    entries = [_entry(each, target, kind, is_source=True, by=by, at=at) for each in sources]
    entries += [_entry(target, each, kind, is_source=False, by=by, at=at) for each in sources]
    log.save(entries)
    for record, entry in zip([*sources, target], entries, strict=False):
        tell(RecordEvent(kind=EventKind.EDITED, record=record, entry=entry, by=by, at=at))
    return len(sources)


def _entry(record: Any, other: Any, kind: str, *, is_source: bool, by: Any, at: datetime) -> Any:
    return log.entry(
        f"{record.kind}.linked",
        subject_kind="record",
        subject_id=record.pk,
        subject_label=str(record),
        organization_id=record.organization_id,
        by=by,
        at=at,
        data={"link": kind, "other": other.pk, "other_label": other.reference, "is_source": is_source},
    )


def _itself(record: Any) -> Refused:
    return Refused.because(
        "itself",
        _("%(reference)s can't be linked to itself. Choose another record.") % {"reference": record.reference},
        field="to",
    )


def _refuse_unfit(source: Any, target: Any, kind: LinkKind, *, is_new: bool) -> None:
    """What the two practices say about such a link."""
    if kind == LinkKind.RELEASED_IN and source.kind not in target.practice.gathers:
        raise Refused.because(
            "unfit",
            _("%(reference)s does not release %(kind)s. Choose another kind of link.")
            % {"reference": target.reference, "kind": source.practice.label_plural},
            field="to",
        )
    for each, other in ((source, target), (target, source)):
        refuse = each.practice.refuse_link
        refusal = refuse(each, other, kind, is_new) if refuse is not None else None
        if refusal is not None:
            raise Refused.all_of([refusal])


def _refuse_circle(*, sources: Iterable[Any], target: Any, kind: LinkKind) -> None:
    """Follow the links of this kind from the target; meeting a source would close a circle."""
    by_key = {each.pk: each for each in sources}
    reached, seen = {target.pk}, {target.pk}
    for _step in range(DEEPEST_TREE):
        reached = (
            set(Link.objects.filter(from_record__in=reached, kind=kind).values_list("to_record_id", flat=True)) - seen
        )
        met = min(reached & by_key.keys(), default=None)
        if met is not None:
            raise Refused.because(
                "circle",
                _("%(target)s is already %(kind)s %(source)s, directly or through others. A circle is not possible.")
                % {"target": target.reference, "kind": kind.label, "source": by_key[met].reference},
                field="to",
            )
        if not reached:
            return
        seen |= reached
    raise Refused.because("too_deep", _("The chain of links is longer than 20 records."), field="to")


@transaction.atomic
def unlink(*, link: Link, by: Any, at: datetime) -> None:
    """
    Remove a link; both records keep a log entry that it was there.

    :raises NotAllowed: not on both records. :raises Refused: one of the two does not give it up now.
    """
    source, target = changing.lock_all(link.from_record, link.to_record)
    for each in (source, target):
        require(by, "record.link", each)
    _refuse_unfit(source, target, LinkKind(link.kind), is_new=False)
    for each, other in ((source, target), (target, source)):
        changing.save(each, (), at)
        changing.write_down(
            each,
            kind=EventKind.EDITED,
            action=f"{each.kind}.unlinked",
            by=by,
            at=at,
            data={
                "link": link.kind,
                "other": other.pk,
                "other_label": other.reference,
                "is_source": each.pk == link.from_record_id,
            },
        )
    link.delete()
