"""
Counting a period from the records, with a fingerprint of the rows that counted.

From the rows themselves rather than from the cells: what is told is what the rows say, and their fingerprint is of the
same rows in the same statement.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection

from .. import declarations, queries, statements
from ..declarations import KPI, Count, Family
from ..periods import Range
from ..values import Value

EVERYBODY = 0
Rows = dict[int, tuple[list[int], int, str]]


@dataclass(frozen=True)
class Figure:
    """
    What a measure says of a period at one place. :ivar counts: in the order of `KPI.counts`. :ivar fingerprint: SHA-256
    of the rows, the same rows with the same amounts give the same.
    """

    counts: tuple[int, ...]
    row_count: int
    fingerprint: str


def value_of(kpi: KPI, counts: Sequence[int], span: Range) -> Value:
    """The value that counts give, as the measure is defined now."""
    sums: dict[str, list[int]] = {name: [0] * len(declarations.family(name).amounts) for name in kpi.families}
    for (name, amount), number in zip(kpi.counts, counts, strict=True):
        sums[name][declarations.family(name).position(amount)] = number
    return queries.pick(kpi, sums.items(), days=span.days)


def _by_family(kpi: KPI) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, amount in kpi.counts:
        found.setdefault(name, []).append(amount)
    return found


class Counter:
    """
    Counts one period, of real data or of the sample; what several measures share is counted once.

    :param kpis: measures that will be asked for. What stands is looked for over all records that ever were: once for
        all that these ask of a family.
    """

    def __init__(self, span: Range, kpis: Iterable[KPI], *, is_sample: bool) -> None:
        self.span, self.is_sample = span, is_sample
        self._known: dict[tuple[str, tuple[str, ...]], Rows] = {}
        self._standing: dict[str, set[tuple[str, ...]]] = {}
        for kpi in kpis:
            for name, amounts in _by_family(kpi).items():
                if any(each in declarations.family(name).standing for each in amounts):
                    self._standing.setdefault(name, set()).add(tuple(amounts))

    def figures(self, kpi: KPI) -> dict[int, Figure]:
        """By organization (0: everybody, always there); organizations of which nothing counted are left out."""
        by_family = _by_family(kpi)
        rows = {name: self._rows(name, tuple(amounts)) for name, amounts in by_family.items()}
        places = {EVERYBODY, *(place for each in rows.values() for place in each)}
        return {place: self._figure(kpi, by_family, rows, place) for place in places}

    def nothing(self, kpi: KPI) -> Figure:
        """What is told of an organization of which nothing counts."""
        by_family = _by_family(kpi)
        return self._figure(kpi, by_family, {name: {} for name in by_family}, EVERYBODY)

    def _figure(self, kpi: KPI, by_family: dict[str, list[str]], rows: dict[str, Rows], place: int) -> Figure:
        sums: dict[Count, int] = {}
        count, prints = 0, []
        for name, amounts in by_family.items():
            found, row_count, fingerprint = rows[name].get(place, ([0] * len(amounts), 0, ""))
            sums |= {(name, amount): number for amount, number in zip(amounts, found, strict=True)}
            count += row_count
            prints.append(f"{name}:{','.join(amounts)}:{fingerprint}")
        digest = hashlib.sha256("\n".join(prints).encode()).hexdigest()
        return Figure(tuple(sums[each] for each in kpi.counts), count, digest)

    def _rows(self, name: str, amounts: tuple[str, ...]) -> Rows:
        if (name, amounts) not in self._known:
            together = self._standing.get(name, set())
            wanted = sorted(together) if amounts in together else [amounts]
            found = self._counted(declarations.family(name), wanted)
            self._known |= {(name, each): rows for each, rows in zip(wanted, found, strict=True)}
        return self._known[name, amounts]

    def _counted(self, family: Family, wanted: Sequence[tuple[str, ...]]) -> list[Rows]:
        """The rows of each of these groups of amounts, with one statement."""
        standing = sorted({each for amounts in wanted for each in amounts if each in family.standing})
        sql = " UNION ALL ".join(self._told(family, amounts, part) for part, amounts in enumerate(wanted))
        if standing:
            sql = f"WITH standing AS MATERIALIZED ({self._stands(family, standing)}) {sql}"
        parameters = {
            "zone": settings.TIME_ZONE,
            "is_sample": self.is_sample,
            "day": self.span.day_to - timedelta(days=1),
            **statements.run_parameters(self.span.day_from, self.span.day_to),
        }
        found: list[Rows] = [{} for _amounts in wanted]
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            for part, place, count, prints, sums in cursor.fetchall():
                found[part][place] = list(map(int, sums)), count, prints
        return found

    def _told(self, family: Family, amounts: tuple[str, ...], part: int) -> str:
        """SQL of sums, number of rows and fingerprint, by organization and of everybody."""
        names = ", ".join(f"a{at}" for at in range(len(amounts)))
        sums = ", ".join(f"sum(a{at})::bigint" for at in range(len(amounts)))
        return (
            f"SELECT {part}, coalesce(organization_id, {EVERYBODY}), count(*), encode(sha256(convert_to("  # noqa: S608 - declared
            f"string_agg(line, E'\n' ORDER BY line COLLATE \"C\"), 'UTF8')), 'hex'), ARRAY[{sums}]"
            f" FROM (SELECT organization_id, {names}, concat_ws('|', at, row_id, {names}) AS line"
            f" FROM ({' UNION ALL '.join(self._selects(family, amounts))}) each) lines"
            " GROUP BY GROUPING SETS ((), (organization_id))"
            " HAVING count(*) > 0 AND (grouping(organization_id) = 1 OR organization_id IS NOT NULL)"
        )

    def _stands(self, family: Family, standing: Sequence[str]) -> str:
        """SQL of the rows that stand at the end of the period: as what, in a column for each amount."""
        columns = ", ".join(f"({family.standing[each]})::int::bigint AS is_{each}" for each in standing)
        wanted = " OR ".join(f"is_{each} <> 0" for each in standing)
        # Without OFFSET the planner would put each condition in place of its column and have it worked out twice.
        return (
            f"SELECT * FROM (SELECT {family.row}::bigint AS row_id, r.organization_id, {columns}"  # noqa: S608 - declared
            f" FROM {family.source} WHERE r.is_sample = %(is_sample)s OFFSET 0) everything WHERE {wanted}"
        )

    def _selects(self, family: Family, amounts: tuple[str, ...]) -> Iterable[str]:
        """What stands at the end of the period, and what counted over it."""
        own = "r.is_sample = %(is_sample)s"
        standing = [each for each in amounts if each in family.standing]
        if standing:
            columns = ", ".join(
                f"{f'is_{each}' if each in standing else '0::bigint'} AS a{at}" for at, each in enumerate(amounts)
            )
            wanted = " OR ".join(f"is_{each} <> 0" for each in standing)
            yield (
                f"SELECT 'stands' AS at, row_id, organization_id, {columns} FROM standing WHERE {wanted}"  # noqa: S608 - declared
            )
        for number, event in enumerate(family.events):
            told = [each for each in amounts if each in event.amounts and each not in standing]
            if not told:
                continue
            columns = ", ".join(
                f"{f'({event.amounts[each]})::bigint' if each in told else '0::bigint'} AS a{at}"
                for at, each in enumerate(amounts)
            )
            wanted = " OR ".join(f"coalesce(({event.amounts[each]})::bigint, 0) <> 0" for each in told)
            rows = statements.event_rows(
                family,
                event,
                columns=f"'{number}' AS at, {family.row}::bigint AS row_id, r.organization_id, {columns}",
                conditions=f"{own} AND ({wanted})",
            )
            whole = ", ".join(f"coalesce(a{at}, 0) AS a{at}" for at in range(len(amounts)))
            yield f"SELECT at, row_id, organization_id, {whole} FROM ({rows}) counted"  # noqa: S608 - declared
        if not standing and not any(each in event.amounts for event in family.events for each in amounts):
            raise ValueError(f"{family.name} counts none of {amounts}")
