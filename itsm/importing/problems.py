"""Problems that a log names: logged once each, linked with every ticket that they caused."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Value
from django.db.models.functions import Cast, Greatest, Least

from audit.models import Channel, Entry
from common.copying import Copier, take_keys
from problems.enums import Origin, State
from problems.models import Problem
from problems.workflow import PHASES
from records.enums import LinkKind
from records.models import Link, Record

from .directory import Directory
from .folding import History
from .mapping import Mapping

PATTERNS = ("category", "subcategory", "symptom", "location", "item", "service", "title")


@dataclass
class _Named:
    """A problem as the tickets of one batch know it. `first` is the earliest of them."""

    first: History
    latest_at: datetime
    tickets: list[tuple[int, datetime]] = field(default_factory=list)


class Problems:
    """
    Collects the problems of a batch of tickets and writes them in the transaction of that batch.

    So a run that broke off leaves no ticket without its problem, and is simply repeated. What the other tool knew of
    the problem itself is not in the log: it is logged here and no more, under what its first ticket was about.
    """

    def __init__(self, mapping: Mapping, directory: Directory) -> None:
        self.mapping, self.directory = mapping, directory
        self.requester = f"{mapping.name}: problem management"
        self.made = self.linked = 0
        self._named: dict[str, _Named] = {}

    def key_of(self, key: str) -> str:
        """Under which a problem of the other tool is known here."""
        return f"{self.mapping.name}:problem:{key}"

    def note(self, ticket: int, key: str, history: History) -> None:
        """A ticket says that this problem caused it."""
        named = self._named.setdefault(key, _Named(history, history.updated_at))
        if history.opened_at < named.first.opened_at:
            named.first = history
        named.latest_at = max(named.latest_at, history.updated_at)
        named.tickets.append((ticket, history.updated_at))

    def write(self, cursor: Any) -> None:
        """Log those that are new, widen those that earlier batches wrote, link the tickets."""
        if not self._named:
            return
        known = self._known()
        for key, pk in known.items():
            self._widen(pk, self._named[key])
        new = [key for key in self._named if key not in known]
        numbers = dict(zip(new, take_keys(cursor, Record._meta.db_table, len(new)), strict=True))
        self._log(cursor, numbers)
        links = Copier(Link, leave_out=("id",), same={"kind": LinkKind.CAUSED_BY.value})
        for key, pk in (known | numbers).items():
            for ticket, at in self._named[key].tickets:
                links.add(from_record_id=ticket, to_record_id=pk, at=at)
        self.linked += links.write(cursor)
        self.made += len(new)
        self._named.clear()

    def _known(self) -> dict[str, int]:
        keys = {self.key_of(key): key for key in self._named}
        found = Record.objects.filter(external_key__in=keys).values_list("external_key", "pk")
        return {keys[key]: pk for key, pk in found}

    def _widen(self, pk: int, named: _Named) -> None:
        """Tickets come in no order of time: the problem is as old as its earliest one."""
        first = Cast(Value(named.first.opened_at), DateTimeField())
        latest = Cast(Value(named.latest_at), DateTimeField())
        Record.objects.filter(pk=pk).update(
            opened_at=Least("opened_at", first),
            created_at=Least("created_at", first),
            updated_at=Greatest("updated_at", latest),
        )

    def _log(self, cursor: Any, numbers: dict[str, int]) -> None:
        state = State.LOGGED
        said = {"kind": "problem", "state": state, "phase": PHASES[state], "tags": [], "is_imported": True}
        records, problems = Copier(Record, same=said), Copier(Problem, same={"origin": Origin.INCIDENT})
        same = {"subject_kind": "record", "channel": Channel.IMPORT, "action": "problem.created"}
        entries = Copier(Entry, leave_out=("id", "recorded_at", "hash"), same=same)
        for key, pk in numbers.items():
            named, title = self._named[key], self._title(key)
            last, directory = named.first.last, self.directory
            records.add(
                id=pk,
                title=title,
                requester_id=directory.people[self.requester],
                organization_id=directory.provider.pk,
                service_id=directory.services.get(last["service"])
                or (directory.service.pk if directory.service else None),
                item_id=directory.items.get(last["item"]),
                category_id=directory.categories.get((last["category"], last["subcategory"])),
                impact=last["impact"],
                urgency=last["urgency"],
                priority=last["priority"],
                created_at=named.first.opened_at,
                opened_at=named.first.opened_at,
                updated_at=named.latest_at,
                external_key=self.key_of(key),
            )
            problems.add(record_ptr_id=pk)
            entries.add(
                subject_id=pk,
                subject_label=f"PRB-{pk} {title}"[:200],
                organization_id=directory.provider.pk,
                at=named.first.opened_at,
                changes={"title": [None, title], "state": [None, state]},
                data={"problem": key, "log": self.mapping.name},
            )
        for table in (records, problems, entries):
            table.write(cursor)

    def _title(self, key: str) -> str:
        pattern = self.mapping.problems.title if self.mapping.problems else ""
        for name in PATTERNS:
            pattern = pattern.replace(f"{{{name}}}", str(self._named[key].first.last.get(name, "")))
        title = pattern.replace("{reference}", key)
        return (" ".join(title.split()).strip(" ,:;-") or key)[:200]
