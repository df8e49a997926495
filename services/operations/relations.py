"""Say how two items hang together, and take it back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused
from people.access import require

from ..models import ConfigurationItem, Relation, RelationType


@transaction.atomic
def relate(
    *, source: ConfigurationItem, type: RelationType, target: ConfigurationItem, by: Any, at: datetime
) -> Relation:
    """
    Add a relation: `source` runs on `target`. Both items' histories tell it.

    Circles are allowed, for the real world has them; whoever reads relations copes with them.

    :raises Refused: the item itself, a relation that is there, or a type that is no longer used.
    """
    _require(by)
    if source.pk == target.pk:
        raise Refused.because("self", _("An item can't be related to itself. Choose another one."), "other")
    if not type.is_active:
        raise Refused.because("inactive", _("This type of relation is no longer used. Choose another one."), "type")
    # Locked in one order, so that two people relating the same pair both ways don't block each other.
    for key in sorted((source.pk, target.pk)):
        ConfigurationItem.objects.select_for_update().get(pk=key)
    relation, is_new = Relation.objects.get_or_create(source=source, type=type, target=target)
    if not is_new:
        raise Refused.because("exists", _("This relation is there already."), "other")
    _tell("item.related", relation, by=by, at=at)
    return relation


@transaction.atomic
def unrelate(*, relation: Relation, by: Any, at: datetime) -> None:
    """
    Remove a relation.

    :raises Refused: somebody else removed it in the meantime.
    """
    _require(by)
    rows = Relation.objects.select_related("source", "target", "type").select_for_update(of=("self",))
    found = rows.filter(pk=relation.pk).first()
    if found is None:
        raise Refused.because("gone", _("This relation was removed already."))
    _tell("item.unrelated", found, by=by, at=at)
    found.delete()


def _require(by: Any) -> None:
    if by is not None:
        require(by, "item.edit")


def _tell(action: str, relation: Relation, *, by: Any, at: datetime) -> None:
    data = {
        "relation": relation.type.slug,
        "source": relation.source_id,
        "source_name": relation.source.name,
        "target": relation.target_id,
        "target_name": relation.target.name,
    }
    log.save(
        [
            log.entry(action, subject_kind="item", subject_id=end.pk, subject_label=end.name, by=by, at=at, data=data)
            for end in (relation.source, relation.target)
        ]
    )
