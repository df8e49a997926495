"""What stands in somebody's inbox, grouped by record."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from records.models import Record, Watcher

from .models import Mute, Notice, NoticeKind

SHOWN_AT_MOST = 300
FILTERS = {
    "all": None,
    "mentions": [NoticeKind.MENTIONED],
    "approvals": [NoticeKind.DECISION],
    "sla": [NoticeKind.AT_RISK, NoticeKind.BREACHED],
}


@dataclass
class Group:
    """The notices of one record, newest first."""

    record: Any
    notices: list[Notice] = field(default_factory=list)
    is_followed: bool = False

    @property
    def reasons(self) -> list[str]:
        """Why the person got these, each reason once, the newest first."""
        return list(dict.fromkeys(notice.why for notice in self.notices if notice.why))

    @property
    def is_unread(self) -> bool:
        return any(notice.read_at is None for notice in self.notices)

    @property
    def is_alarm(self) -> bool:
        return any(notice.kind in (NoticeKind.AT_RISK, NoticeKind.BREACHED) for notice in self.notices)


def open_notices(user: Any, *, at: datetime) -> QuerySet[Notice]:
    """Neither done nor asleep, about records that the person may still see."""
    return Notice.objects.filter(
        Q(snoozed_until=None) | Q(snoozed_until__lte=at),
        user=user,
        done_at=None,
        record__in=Record.objects.visible_to(user),
    )


def groups(user: Any, *, at: datetime, show: str = "all") -> list[Group]:
    """The inbox, the record with the newest notice first. Two statements."""
    found = open_notices(user, at=at).select_related("record__requester", "by").order_by("-at", "-id")
    kinds = FILTERS.get(show)
    if kinds is not None:
        found = found.filter(kind__in=kinds)
    made: dict[int, Group] = {}
    for notice in found[:SHOWN_AT_MOST]:
        made.setdefault(notice.record_id, Group(notice.record)).notices.append(notice)
    followed = Watcher.objects.filter(user=user.pk, record__in=made).values_list("record_id", flat=True)
    for number in followed:
        made[number].is_followed = True
    return list(made.values())


def muted(user: Any) -> list[Any]:
    """The records that the person has muted and may still see, the latest first. One statement."""
    found = Mute.objects.filter(user=user.pk, record__in=Record.objects.visible_to(user)).select_related("record")
    return [mute.record for mute in found.order_by("-at", "-id")[:SHOWN_AT_MOST]]


def unread_count(user: Any, *, at: datetime) -> int:
    """Records with a notice that was not read."""
    return open_notices(user, at=at).filter(read_at=None).order_by().values("record_id").distinct().count()
