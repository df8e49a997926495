"""Linking records to each other, without circles."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refused
from people.access import require

from .. import changing
from ..enums import LinkKind
from ..events import EventKind
from ..models import Link

DEEPEST_TREE = 20


@transaction.atomic
def link(*, record: Any, to: Any, kind: str, by: Any, at: datetime) -> Link:
    """
    Say that `record` is <kind> `to`. Both get a log entry.

    :raises NotAllowed: the person may not link one of the two.
    :raises Refused: to itself, twice, a second parent or original, or in a circle.
    """
    first, second = sorted((record, to), key=lambda each: each.pk)
    locked = {each.pk: changing.lock(each) for each in ([first] if first.pk == second.pk else [first, second])}
    source, target = locked[record.pk], locked[to.pk]
    require(by, "record.link", source)
    require(by, "record.link", target)
    kind = LinkKind(kind)
    if source.pk == target.pk:
        raise Refused.because(
            "itself",
            _("%(reference)s can't be linked to itself. Choose another record.") % {"reference": source.reference},
            field="to",
        )
    existing = Link.objects.filter(from_record=source.pk, kind=kind).values_list("to_record_id", flat=True)
    if target.pk in existing or (
        kind == LinkKind.RELATED_TO
        and Link.objects.filter(from_record=target.pk, to_record=source.pk, kind=kind).exists()
    ):
        raise Refused.because("twice", _("These two are linked this way already."), field="to")
    if kind in (LinkKind.CHILD_OF, LinkKind.DUPLICATE_OF) and existing:
        raise Refused.because(
            "second",
            _("%(reference)s is %(kind)s another record already. Remove that link first.")
            % {"reference": source.reference, "kind": kind.label},
            field="to",
        )
    if kind != LinkKind.RELATED_TO:
        _refuse_circle(source=source, target=target, kind=kind)
    made = Link.objects.create(from_record_id=source.pk, to_record_id=target.pk, kind=kind, by=by, at=at)
    for each, other in ((source, target), (target, source)):
        changing.save(each, (), at)
        changing.write_down(
            each,
            kind=EventKind.EDITED,
            action=f"{each.kind}.linked",
            by=by,
            at=at,
            data={"link": kind, "other": other.pk, "other_label": str(other), "is_source": each is source},
        )
    return made


def _refuse_circle(*, source: Any, target: Any, kind: LinkKind) -> None:
    """Follow the links of this kind from the target; meeting the source would close a circle."""
    reached, seen = {target.pk}, {target.pk}
    for _step in range(DEEPEST_TREE):
        reached = (
            set(Link.objects.filter(from_record__in=reached, kind=kind).values_list("to_record_id", flat=True)) - seen
        )
        if source.pk in reached:
            raise Refused.because(
                "circle",
                _("%(target)s is already %(kind)s %(source)s, directly or through others. A circle is not possible.")
                % {"target": target.reference, "kind": kind.label, "source": source.reference},
                field="to",
            )
        if not reached:
            return
        seen |= reached
    raise Refused.because("too_deep", _("The chain of links is longer than 20 records."), field="to")


@transaction.atomic
def unlink(*, link: Link, by: Any, at: datetime) -> None:
    """Remove a link; both records keep a log entry that it was there. :raises NotAllowed: not on both records."""
    source, target = link.from_record, link.to_record
    first, second = sorted((source, target), key=lambda each: each.pk)
    locked = [changing.lock(first), changing.lock(second)]
    for each in locked:
        require(by, "record.link", each)
    for each, other in (locked, reversed(locked)):
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
                "other_label": str(other),
                "is_source": each.pk == link.from_record_id,
            },
        )
    link.delete()
