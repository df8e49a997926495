"""Make, change, retire configuration items."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import log
from common.refusals import Refusal, Refused, Stale
from people.access import require

from .. import attributes
from ..impact import Direction, walk
from ..models import ConfigurationItem, Criticality, ItemStatus, ItemType, Service

COLUMNS = (
    "name", "type", "service", "owner", "team", "supplier", "criticality", "description", "external_key", "attributes",
)  # fmt: skip
LONGEST_NAME = 200
LONGEST_DESCRIPTION = 5_000


@transaction.atomic
def create_item(*, by: Any, at: datetime, values: Mapping[str, Any], is_sample: bool = False) -> ConfigurationItem:
    """
    Enter an item.

    :param by: who enters it; None for Steward itself.
    :param values: columns by name, `status` (planned or live) and `further_services` among them; `name` is needed.
    :raises Refused: a value does not fit; every reason names its field.
    """
    _require(by)
    item = ConfigurationItem(is_sample=is_sample, entered_at=at, status=values.get("status", ItemStatus.LIVE))
    refusals = _take(item, values)
    if item.status not in (ItemStatus.PLANNED, ItemStatus.LIVE):
        refusals.append(Refusal("unfit", _("A new item is planned or live."), "status"))
    _refuse(refusals)
    item.save()
    further = _set_further(item, values)
    _write_down("item.created", item, by=by, at=at, data={"further_services": further} if further else {})
    return item


@transaction.atomic
def edit_item(
    *, item: ConfigurationItem, by: Any, at: datetime, values: Mapping[str, Any], version: int | None = None
) -> ConfigurationItem:
    """
    Change what is said about an item. Its status has acts of its own.

    Only the columns in `values` change. With another type, attributes that it does not know are dropped.

    :param version: the version that the person saw; None where nobody looked.
    :raises Stale: somebody else changed it in the meantime.
    :raises Refused: a value does not fit, or nothing would change.
    """
    _require(by)
    item = locked(item, version)
    before = {name: _plain(item, name) for name in COLUMNS}
    services_before = _further(item)
    _refuse(_take(item, values))
    changes = {name: (before[name], _plain(item, name)) for name in COLUMNS if before[name] != _plain(item, name)}
    services_after = _set_further(item, values)
    if services_after is not None and services_after != services_before:
        changes["further_services"] = (services_before, services_after)
    if not changes:
        raise Refused.because("unchanged", _("Nothing would change. Change something, then save."))
    _save(item, *(name for name in changes if name in COLUMNS))
    _write_down("item.changed", item, by=by, at=at, changes=changes)
    return item


@transaction.atomic
def retire(
    *,
    item: ConfigurationItem,
    by: Any,
    at: datetime,
    reason: str = "",
    confirm: bool = False,
    version: int | None = None,
) -> ConfigurationItem:
    """
    Take an item out of use. Its relations and records stay; it is no longer offered, and no failure passes through it.

    :param confirm: retire it although others still need it.
    :raises Refused: it is retired, or something in use needs it and nobody confirmed that.
    """
    _require(by)
    item = locked(item, version)
    if item.status == ItemStatus.RETIRED:
        raise Refused.because("state", _("This item is retired already."))
    needy = len(walk([item.pk], Direction.HIT, depth=1)) - 1
    if needy and not confirm:
        raise Refused.because(
            "needed",
            ngettext(
                "%(count)d item or service still needs it. Look at the impact first, or retire it all the same.",
                "%(count)d items or services still need it. Look at the impact first, or retire it all the same.",
                needy,
            )
            % {"count": needy},
            "confirm",
        )
    return _move(item, ItemStatus.RETIRED, "item.retired", by=by, at=at, reason=reason)


@transaction.atomic
def put_live(
    *, item: ConfigurationItem, by: Any, at: datetime, reason: str = "", version: int | None = None
) -> ConfigurationItem:
    """
    Put a planned item, or one that was retired, to use.

    :raises Refused: it is live already.
    """
    _require(by)
    item = locked(item, version)
    if item.status == ItemStatus.LIVE:
        raise Refused.because("state", _("This item is live already."))
    return _move(item, ItemStatus.LIVE, "item.put_live", by=by, at=at, reason=reason)


def locked(item: ConfigurationItem, version: int | None) -> ConfigurationItem:
    """The row as it is now, locked. :raises Stale: it has another version than the one seen."""
    fresh = ConfigurationItem.objects.select_for_update().get(pk=item.pk)
    if version is not None and fresh.version != version:
        raise Stale.because(
            "stale", _("Somebody else changed this item while you looked at it. Look at it again, then save.")
        )
    return fresh


def _require(by: Any) -> None:
    if by is not None:
        require(by, "item.edit")


def _move(
    item: ConfigurationItem, status: str, action: str, *, by: Any, at: datetime, reason: str
) -> ConfigurationItem:
    before, item.status = item.status, status
    item.is_active = status != ItemStatus.RETIRED
    _save(item, "status", "is_active")
    _write_down(action, item, by=by, at=at, reason=reason.strip()[:2000], changes={"status": (before, status)})
    return item


def _save(item: ConfigurationItem, *columns: str) -> None:
    item.version += 1
    item.save(update_fields=[*columns, "version"])


def _take(item: ConfigurationItem, values: Mapping[str, Any]) -> list[Refusal]:
    """Put the values into the item's columns; what is wrong with them."""
    for name in COLUMNS:
        if name in values and name != "attributes":
            value = values[name]
            setattr(item, name, value.strip() if isinstance(value, str) else value)
    refusals = [*_unfit_texts(item)]
    if item.criticality not in Criticality.values:
        refusals.append(Refusal("unfit", _("Choose how critical it is."), "criticality"))
    if (supplier := values.get("supplier")) is not None and supplier.is_provider:
        refusals.append(Refusal("unfit", _("A supplier is somebody else. Name the team that runs it."), "supplier"))
    if "attributes" in values or "type" in values:
        refusals += _take_attributes(item, values)
    return refusals


def _unfit_texts(item: ConfigurationItem) -> list[Refusal]:
    refusals = []
    others = ConfigurationItem.objects.exclude(pk=item.pk)
    if not item.name:
        refusals.append(Refusal("required", _("Give the item a name."), "name"))
    elif len(item.name) > LONGEST_NAME:
        refusals.append(Refusal("too_long", _("The name has more than 200 characters. Shorten it."), "name"))
    elif others.filter(name=item.name).exists():
        refusals.append(Refusal("taken", _("Another item has this name. Choose one of its own."), "name"))
    if len(item.external_key) > LONGEST_NAME:
        refusals.append(Refusal("too_long", _("The key has more than 200 characters."), "external_key"))
    elif item.external_key and others.filter(external_key=item.external_key).exists():
        refusals.append(Refusal("taken", _("Another item has this key in the other tool."), "external_key"))
    if len(item.description) > LONGEST_DESCRIPTION:
        refusals.append(Refusal("too_long", _("The description has more than 5,000 characters."), "description"))
    return refusals


def _take_attributes(item: ConfigurationItem, values: Mapping[str, Any]) -> list[Refusal]:
    kind: ItemType | None = item.type
    known = list(kind.attributes.all()) if kind else []
    said = values.get("attributes")
    if said is None:
        keys = {each.key for each in known}
        said = {key: value for key, value in item.attributes.items() if key in keys}
    item.attributes, refusals = attributes.read_all(known, said)
    return refusals


def _further(item: ConfigurationItem) -> list[int]:
    return sorted(item.further_services.values_list("pk", flat=True))


def _set_further(item: ConfigurationItem, values: Mapping[str, Any]) -> list[int] | None:
    """Write the further services, without the main one; None when nothing was said about them."""
    if "further_services" not in values:
        return None
    wanted: list[Service] = [each for each in values["further_services"] if each.pk != item.service_id]
    item.further_services.set(wanted)
    return sorted(each.pk for each in wanted)


def _plain(item: ConfigurationItem, name: str) -> Any:
    return getattr(item, ConfigurationItem._meta.get_field(name).attname)  # type: ignore[union-attr] # all are columns


def _refuse(refusals: list[Refusal]) -> None:
    if refusals:
        raise Refused.all_of(refusals)


def _write_down(action: str, item: ConfigurationItem, **details: Any) -> None:
    log.record(action, subject_kind="item", subject_id=item.pk, subject_label=item.name, **details)
