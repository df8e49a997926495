"""What somebody asks the log: fields of a form, or one line such as `record:INC-1042 who:tom action:incident.*`."""

import shlex
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from audit.models import Channel, Entry
from common.refs import parse_reference
from people.access import access_of
from people.models import User

FIELDS = ("record", "who", "action", "channel", "from", "to")


@dataclass
class Question:
    """The fields as typed, and the sentences about those that can't be understood."""

    typed: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, query: Any) -> "Question":
        """Take the fields of the form; those said in `q` win."""
        typed = {name: query.get(name, "").strip()[:200] for name in FIELDS if query.get(name, "").strip()}
        question = cls(typed)
        line = query.get("q", "").strip()[:1000]
        try:
            words = shlex.split(line)
        except ValueError:
            words = line.replace('"', "").replace("'", "").split()
        for word in words:
            name, colon, value = word.partition(":")
            if colon and name in FIELDS:
                typed[name] = value
            elif parse_reference(word) is not None:
                typed["record"] = word
            else:
                question.problems.append(
                    _("“%(word)s” was not understood. Write for example record:INC-1042, who:tom or action:incident.*")
                    % {"word": word}
                )
        return question

    def entries(self, user: Any) -> QuerySet[Entry]:
        """The entries asked for, of organizations that the person's role covers."""
        reach = access_of(user).rows("audit.view", own=Q(pk__in=[]), organization="organization_id")
        return Entry.objects.filter(reach, *self._conditions(ZoneInfo(user.time_zone)))

    def _conditions(self, zone: ZoneInfo) -> list[Q]:
        found = []
        for name, value in self.typed.items():
            condition = getattr(self, f"_{name}")(value, zone)
            if condition is not None:
                found.append(condition)
        return found

    def _record(self, value: str, _zone: ZoneInfo) -> Q | None:
        number = parse_reference(value)
        if number is None:
            self.problems.append(_("“%(value)s” is no reference. Write it like INC-1042.") % {"value": value})
            return Q(pk__in=[])
        return Q(subject_kind="record", subject_id=number)

    def _who(self, value: str, _zone: ZoneInfo) -> Q:
        people = list(User.objects.matching(value).values_list("pk", flat=True)[:100])
        return Q(actor__in=people)

    def _action(self, value: str, _zone: ZoneInfo) -> Q:
        return Q(action__startswith=value.rstrip("*")) if value.endswith("*") else Q(action=value)

    def _channel(self, value: str, _zone: ZoneInfo) -> Q | None:
        if value not in Channel.values:
            known = ", ".join(Channel.values)
            self.problems.append(
                _("There is no channel “%(value)s”. Choose one of %(known)s.") % {"value": value, "known": known}
            )
            return None
        return Q(channel=value)

    def _day(self, value: str, zone: ZoneInfo) -> datetime | None:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.problems.append(_("“%(value)s” is no date. Write it like 2026-03-02.") % {"value": value})
            return None
        return datetime(day.year, day.month, day.day, tzinfo=zone)

    def _from(self, value: str, zone: ZoneInfo) -> Q | None:
        start = self._day(value, zone)
        return None if start is None else Q(at__gte=start)

    def _to(self, value: str, zone: ZoneInfo) -> Q | None:
        start = self._day(value, zone)
        return None if start is None or start.year > 9000 else Q(at__lt=start + timedelta(days=1))
