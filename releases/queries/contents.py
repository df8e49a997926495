"""What is in a release: records linked as released in it, read through what their practices say about their states."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from records import practices
from records.enums import LinkKind, Phase
from records.models import Link, Record

SHOWN = 200


@dataclass(frozen=True)
class Content:
    """
    One record that goes live with the release.

    :ivar link: key of the link, for taking it out. :ivar linked_at: when it came in.
    """

    link: int
    record: Record
    linked_at: datetime

    @property
    def reference(self) -> str:
        return self.record.reference

    @property
    def title(self) -> str:
        return self.record.title

    @property
    def state_label(self) -> Any:
        return self.record.state_label

    @property
    def is_authorized(self) -> bool:
        """Whether it may be carried out, or was; kinds that nobody authorizes always may."""
        known = self.record.practice.authorized_states
        return not known or self.record.state in known

    @property
    def has_ended(self) -> bool:
        return self.record.phase == Phase.DONE


def contents_of(release: Any) -> list[Content]:
    """Everything in it, in the order in which it came in. One query."""
    return contents_of_many([release.pk]).get(release.pk, [])


def contents_of_many(keys: Iterable[int]) -> dict[int, list[Content]]:
    """What is in each of these releases, by their keys. One query."""
    found: dict[int, list[Content]] = {}
    links = Link.objects.filter(to_record__in=list(keys), kind=LinkKind.RELEASED_IN)
    for link in links.select_related("from_record__service", "from_record__assignee").order_by("at", "pk"):
        found.setdefault(link.to_record_id, []).append(Content(link.pk, link.from_record, link.at))
    return found


def keys_of(release: Any) -> list[int]:
    """Keys of what is in it."""
    links = Link.objects.filter(to_record=release.pk, kind=LinkKind.RELEASED_IN)
    return list(links.order_by("from_record").values_list("from_record_id", flat=True))


def releases_of(record_id: int) -> list[int]:
    """Keys of the releases that this record is in."""
    links = Link.objects.filter(from_record=record_id, kind=LinkKind.RELEASED_IN)
    return list(links.order_by("to_record").values_list("to_record_id", flat=True))


def fixes_in(release: Any, user: Any) -> list[Record]:
    """What goes away with it: records that are fixed by it or by what is in it, or from which that was raised."""
    keys = [release.pk, *keys_of(release)]
    fixed = Q(links_out__to_record__in=keys, links_out__kind=LinkKind.FIXED_BY)
    origin = Q(links_in__from_record__in=keys, links_in__kind=LinkKind.RAISED_FROM)
    rows = Record.objects.filter(fixed | origin).values("pk")
    return list(Record.objects.visible_to(user).filter(pk__in=rows).order_by("pk")[:SHOWN])


def addable(release: Any, user: Any) -> list[Record]:
    """
    What could be added: open records of the kinds that releases gather, of its services first, in no open release yet.
    """
    taken = Link.objects.filter(kind=LinkKind.RELEASED_IN).exclude(to_record__phase=Phase.DONE).values("from_record")
    kinds = practices.of(release.kind).gathers
    rows = Record.objects.visible_to(user).filter(kind__in=kinds).exclude(phase=Phase.DONE).exclude(pk__in=taken)
    near = set(release.services.values_list("pk", flat=True))
    found = list(rows.select_related("service").order_by("-pk")[:SHOWN])
    return sorted(found, key=lambda each: (each.service_id not in near, -each.pk))
