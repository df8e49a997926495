"""What is done for an improvement: records linked to it as its work, of whatever practice, with how they stand."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from records.enums import LinkKind, TaskState
from records.models import Link, Record, Task


@dataclass(frozen=True)
class Work:
    """One record that is done for the improvement."""

    record: Record
    kind: str

    @property
    def has_ended(self) -> bool:
        """Done, or carried out though it is not closed yet."""
        return self.record.is_done or self.record.state in self.record.practice.carried_out_states


def work_of(improvement: Any) -> list[Work]:
    """
    Records that it is fixed by or answered with, that are part of it, or that were raised from it, in the order of
    linking. One query; ask `seen_by` which of them the reader may see.
    """
    key = improvement.pk
    out = Q(from_record=key, kind__in=[LinkKind.FIXED_BY, LinkKind.ANSWERED_WITH])
    into = Q(to_record=key, kind__in=[LinkKind.RAISED_FROM, LinkKind.CHILD_OF])
    links = Link.objects.filter(out | into).select_related("from_record", "to_record").order_by("at", "pk")
    found: dict[int, Work] = {}
    for link in links:
        other = link.to_record if link.from_record_id == key else link.from_record
        found.setdefault(other.pk, Work(other, link.kind))
    return list(found.values())


def seen_by(user: Any, work: list[Work]) -> list[Work]:
    """Those that the reader may see."""
    keys = [each.record.pk for each in work]
    if not keys:
        return []
    seen = set(Record.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    return [each for each in work if each.record.pk in seen]


def open_tasks(improvement: Any) -> int:
    """Mandatory tasks of its checklist that are neither done nor skipped."""
    return Task.objects.filter(record_id=improvement.pk, is_mandatory=True, state=TaskState.OPEN).count()


def origins_of(improvement: Any, user: Any) -> list[Record]:
    """What it was raised from, as far as the reader may see it."""
    keys = Link.objects.filter(from_record=improvement.pk, kind=LinkKind.RAISED_FROM).values("to_record")
    return list(Record.objects.visible_to(user).filter(pk__in=keys).order_by("pk"))
