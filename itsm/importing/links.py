"""Link the tickets of a log with each other, batch by batch, so that a run that broke off leaves nothing out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from records.enums import LinkKind
from records.models import ExternalReference, Link

from .report import MENDED, RowReport


@dataclass(frozen=True)
class Pointer:
    """A row says that this ticket points at another number of the log."""

    record: int
    case: str
    kind: str
    key: str
    line: int

    @property
    def reference(self) -> tuple[int, str, str]:
        """How the number is kept beside the ticket as long as nothing of the log has it."""
        relation = "caused_by" if self.kind == LinkKind.CAUSED_BY else "other"
        return self.record, relation, self.key


class Links:
    """
    Each link is made in the transaction that writes the later of its two tickets; until then the number is kept as a
    reference beside the earlier one. What two earlier runs wrote is left alone, so that a link that somebody has
    removed stays removed.
    """

    def __init__(self, report: RowReport) -> None:
        self.report, self.made = report, 0
        self._waiting: dict[str, list[Pointer]] = defaultdict(list)

    @transaction.atomic
    def write(
        self, new: Iterable[Pointer], *, known: Mapping[str, int], written: Mapping[str, int], at: datetime
    ) -> None:
        """
        Make the links that a batch completes.

        :param new: what the tickets of this batch point at. :param known: numbers that were there before this batch.
        :param written: numbers of this batch.
        """
        ready, open_ends = [], []
        for each in new:
            target = written.get(each.key) or known.get(each.key)
            if target == each.record:
                self._refuse(each, "the ticket points at itself; kept as a reference")
                open_ends.append(each)
            elif target is not None:
                ready.append((each, target))
            else:
                open_ends.append(each)
                self._waiting[each.key].append(each)
        met = [(each, pk) for case, pk in written.items() for each in self._waiting.pop(case, ())]
        self._keep(open_ends)
        if ready or met:
            self._forget([each for each, _target in met])
            self._link([*ready, *met], at=at)

    def wait(self, pointers: Iterable[Pointer]) -> None:
        """Tickets of an earlier run point at numbers that this one may still write."""
        for each in pointers:
            self._waiting[each.key].append(each)

    def _link(self, pairs: list[tuple[Pointer, int]], *, at: datetime) -> None:
        graph = _Graph(pairs)
        links, refused = [], []
        for each, target in pairs:
            if each.kind == LinkKind.RELATED_TO:
                if graph.has(target, each.record, each.kind):
                    continue
            elif graph.leads(target, each.record, each.kind):
                self._refuse(each, "the link would close a circle; kept as a reference")
                refused.append(each)
                continue
            graph.add(each.record, target, each.kind)
            links.append(Link(from_record_id=each.record, to_record_id=target, kind=each.kind, by=None, at=at))
        self._keep(refused)
        before = Link.objects.filter(from_record__in={link.from_record_id for link in links}).count()
        Link.objects.bulk_create(links, ignore_conflicts=True)
        self.made += Link.objects.filter(from_record__in={link.from_record_id for link in links}).count() - before

    def _refuse(self, pointer: Pointer, reason: str) -> None:
        self.report.say(pointer.line, pointer.case, MENDED, reason, pointer.key)

    def _keep(self, pointers: list[Pointer]) -> None:
        ExternalReference.objects.bulk_create(
            [
                ExternalReference(record_id=record, relation=relation, key=key)
                for record, relation, key in (each.reference for each in pointers)
            ],
            ignore_conflicts=True,
        )

    def _forget(self, pointers: list[Pointer]) -> None:
        wanted = {each.reference for each in pointers}
        kept = ExternalReference.objects.filter(record__in={each.record for each in pointers})
        found = kept.values_list("pk", "record_id", "relation", "key")
        ExternalReference.objects.filter(pk__in=[pk for pk, *reference in found if tuple(reference) in wanted]).delete()


class _Graph:
    """The links from the targets of a batch on, as far as they reach, and those that the batch adds."""

    def __init__(self, pairs: list[tuple[Pointer, int]]) -> None:
        self._next: dict[tuple[int, str], set[int]] = defaultdict(set)
        kinds = {each.kind for each, _target in pairs}
        reached = {target for _each, target in pairs}
        seen: set[int] = set()
        while reached:
            seen |= reached
            found = Link.objects.filter(from_record__in=reached, kind__in=kinds)
            reached = set()
            for source, target, kind in found.values_list("from_record_id", "to_record_id", "kind"):
                self.add(source, target, kind)
                reached.add(target)
            reached -= seen
            kinds.discard(LinkKind.RELATED_TO)  # who is related to whom matters for two, not for a chain

    def add(self, source: int, target: int, kind: str) -> None:
        self._next[source, kind].add(target)

    def has(self, source: int, target: int, kind: str) -> bool:
        return target in self._next.get((source, kind), ())

    def leads(self, source: int, target: int, kind: str) -> bool:
        """Whether links of this kind lead from the one to the other, directly or through others."""
        reached, seen = {source}, set[int]()
        while reached:
            if target in reached:
                return True
            seen |= reached
            reached = {after for each in reached for after in self._next.get((each, kind), ())} - seen
        return False
