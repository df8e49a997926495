"""Changing fields of a record that no move owns."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refusal, Refused
from people.access import require

from .. import changing
from ..events import EventKind
from ..priority import priority_of

LONGEST_TAG = 40


@transaction.atomic
def edit(
    *,
    record: Any,
    by: Any,
    at: datetime,
    values: Mapping[str, Any],
    allowed: Iterable[str],
    operation: str = "record.edit",
    reason: str = "",
    version: int | None = None,
) -> Any:
    """
    Write the given fields; practices wrap this with their own list of `allowed` ones.

    Values are checked by the model's fields. The requester's organization follows the requester; with impact or urgency
    the priority follows the matrix, unless it was overridden. Nothing happens, not even a log entry, when every value
    stands there already.

    :returns: the record as saved.
    :raises NotAllowed: :raises Stale: :raises Refused: an unknown field, a value that does not fit, a closed record.
    """
    locked = changing.lock(record)
    require(by, operation, locked)
    changing.require_version(locked, version)
    refuse_if_closed(locked)
    unknown = set(values) - set(allowed)
    if unknown:
        raise Refused.all_of(
            Refusal("unknown_field", _("“%(name)s” can't be changed this way.") % {"name": name}, field=name)
            for name in sorted(unknown)
        )
    values = _tidied(locked, values)
    before = changing.snapshot(locked)
    for name, value in values.items():
        setattr(locked, name, value)
    if "requester" in values:
        locked.organization = locked.requester.organization
    check_fields(locked, values)
    changes = changing.differences(locked, before)
    if changes:
        changing.save(locked, changes, at)
        changing.write_down(
            locked,
            kind=EventKind.EDITED,
            action=f"{locked.kind}.edited",
            by=by,
            at=at,
            changes=changes,
            reason=reason,
        )
    return locked


def _tidied(record: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept, with the priority that follows from impact and urgency."""
    tidied = dict(values)
    if "title" in tidied:
        tidied["title"] = " ".join(str(tidied["title"]).split())
    if "tags" in tidied:
        tidied["tags"] = clean_tags(tidied["tags"])
    if "priority" not in tidied and tidied.keys() & {"impact", "urgency"} and not record.is_priority_overridden:
        levels = tidied.get("impact", record.impact), tidied.get("urgency", record.urgency)
        try:
            tidied["priority"] = priority_of(*levels)
        except KeyError:
            raise Refused.because("unfit", _("Impact and urgency are 1, 2 or 3."), field="impact") from None
    return tidied


def refuse_if_closed(record: Any) -> None:
    """:raises Refused: the record is closed or cancelled and thereby read-only."""
    if record.closed_at is not None:
        raise Refused.because(
            "closed",
            _("%(reference)s is %(state)s and can't be changed any more. Open a new one and link it.")
            % {"reference": record.reference, "state": record.state_label},
        )


def check_fields(record: Any, names: Iterable[str]) -> None:
    """
    Check the named fields by the model's own rules. A row that was read before is not looked up again.

    :raises Refused: a value does not fit its field; one refusal for each.
    """
    read = {f.name for f in record._meta.fields if f.is_relation and f.is_cached(record)}
    names = set(names) - read
    try:
        record.clean_fields(exclude=[f.name for f in record._meta.fields if f.name not in names])
    except ValidationError as error:
        raise Refused.all_of(
            Refusal(code="unfit", message=" ".join(messages), field=name)
            for name, messages in error.message_dict.items()
        ) from error


def clean_tags(tags: Iterable[str]) -> list[str]:
    """Lower case, no blanks, each once, sorted. :raises Refused: a tag is empty or longer than 40 characters."""
    cleaned = {"-".join(tag.lower().split()) for tag in tags}
    for each in cleaned:
        if not each or len(each) > LONGEST_TAG or "," in each or "\x00" in each:
            raise Refused.because(
                "tag",
                _("A tag has 1 to %(limit)s characters and no comma.") % {"limit": LONGEST_TAG},
                field="tags",
            )
    return sorted(cleaned)


def tag(*, record: Any, by: Any, at: datetime, tags: Iterable[str], version: int | None = None) -> Any:
    """Add tags to those that the record has."""
    with transaction.atomic():
        locked = changing.lock(record)
        wanted = clean_tags([*locked.tags, *tags])
        return edit(record=locked, by=by, at=at, values={"tags": wanted}, allowed=["tags"], version=version)


def untag(*, record: Any, by: Any, at: datetime, tags: Iterable[str], version: int | None = None) -> Any:
    """Take tags away; those that the record does not have don't matter."""
    with transaction.atomic():
        locked = changing.lock(record)
        gone = set(clean_tags(tags))
        rest = [each for each in locked.tags if each not in gone]
        return edit(record=locked, by=by, at=at, values={"tags": rest}, allowed=["tags"], version=version)
