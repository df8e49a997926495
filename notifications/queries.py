"""What stands in somebody's inbox, grouped by what it is about."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from records.models import Watcher

from . import subjects
from .models import Mute, Notice, NoticeKind

SHOWN_AT_MOST = 300
FILTERS = {
    "all": None,
    "mentions": [NoticeKind.MENTIONED],
    "approvals": [NoticeKind.DECISION],
    "sla": [NoticeKind.AT_RISK, NoticeKind.BREACHED, NoticeKind.MEASURE],
}


@dataclass(frozen=True)
class Heading:
    """What notices are about, as the inbox names it. :param path: below the address of the inbox."""

    path: str
    name: str
    title: str
    address: str = ""

    @property
    def row(self) -> str:
        """The path as part of an element's id."""
        return self.path.replace("/", "-")


@dataclass
class Group:
    """The notices of one record or other subject, newest first."""

    heading: Heading
    record: Any = None
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
    """Neither done nor asleep, about records and other subjects that the person may still see."""
    awake = Q(snoozed_until=None) | Q(snoozed_until__lte=at)
    return Notice.objects.filter(awake, subjects.seen_by(user), user=user, done_at=None)


def groups(user: Any, *, at: datetime, show: str = "all") -> list[Group]:
    """The inbox, what has the newest notice first. Two statements."""
    found = open_notices(user, at=at).select_related("record__requester", "by").order_by("-at", "-id")
    kinds = FILTERS.get(show)
    if kinds is not None:
        found = found.filter(kind__in=kinds)
    made: dict[subjects.About, Group] = {}
    for notice in found[:SHOWN_AT_MOST]:
        about = _about(notice)
        if about not in made:
            made[about] = Group(_heading(about, notice.record, notice.subject_label), notice.record)
        made[about].notices.append(notice)
    records = [group.record.pk for group in made.values() if group.record is not None]
    followed = Watcher.objects.filter(user=user.pk, record__in=records).values_list("record_id", flat=True)
    for number in followed:
        made[subjects.About(subjects.RECORD, number)].is_followed = True
    return list(made.values())


def _about(row: Notice | Mute) -> subjects.About:
    if row.record_id is not None:
        return subjects.About(subjects.RECORD, row.record_id)
    return subjects.About(row.subject_kind, row.subject_key or 0)


def _heading(about: subjects.About, record: Any, title: str) -> Heading:
    if record is not None:
        return Heading(about.path, record.reference, record.title, f"/r/{record.reference}/")
    return Heading(about.path, subjects.label_of(about.kind), title)


def muted(user: Any) -> list[Heading]:
    """What the person has muted and may still see, the latest first. One statement, and one for each other kind."""
    rows = Mute.objects.filter(subjects.seen_by(user), user=user.pk).select_related("record").order_by("-at", "-id")
    found = list(rows[:SHOWN_AT_MOST])
    things = subjects.things([_about(row) for row in found if row.record_id is None], user)
    headings = []
    for row in found:
        about = _about(row)
        if row.record is not None:
            headings.append(_heading(about, row.record, ""))
        elif (thing := things.get(about)) is not None:
            headings.append(Heading(about.path, subjects.label_of(about.kind), str(thing), subjects.address_of(thing)))
    return headings


def unread_count(user: Any, *, at: datetime) -> int:
    """Records and other subjects with a notice that was not read."""
    unread = open_notices(user, at=at).filter(read_at=None).order_by()
    return unread.values("record_id", "subject_kind", "subject_key").distinct().count()
