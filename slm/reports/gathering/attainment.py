"""Targets met and missed: by agreement, clock and priority, raw and with excuses; and the misses one by one."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q

from common.months import Month

from ...dashboard.delays import DELAYS
from ...dashboard.listing import over
from ...declarations import repeating
from ...enums import AgreementType, ClockState
from ...in_force import stretches, with_stretches
from ...models import Agreement, Clock
from .. import judging
from ..enums import Rows
from .scope import Ledger, Scope

MISSES_TOLD = 100
_DELAYS_SQL = ", ".join(f"({sql})" for _label, sql in DELAYS.values())


def attainment(scope: Scope, ledger: Ledger, *, has_misses: bool = True) -> dict[str, Any]:
    """
    The clocks under agreements with customers that finished in the month; two statements, and those of the misses.

    A row for each agreement, clock and priority, and one for each agreement, in which clocks that a record has many of
    are left out. Clocks that were cancelled or replaced don't count.

    :param has_misses: whether they are told one by one.
    """
    rows = _finished(scope)
    missed = [row["pk"] for row in rows if row["state"] == ClockState.MISSED]
    excused = judging.excused_among(missed)
    by_agreement: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_agreement[row["agreement_id"]].append(row)
    targets = _targets([key for key in by_agreement if key is not None], scope.month)
    agreements = [
        _agreement(found, targets, excused, ledger)
        for _key, found in sorted(
            by_agreement.items(), key=lambda each: (each[1][0]["agreement__name"] or "", each[0] or 0)
        )
    ]
    misses = _misses(missed, excused) if has_misses else []
    return {"agreements": agreements, "misses": misses, "missed": len(missed)}


def _finished(scope: Scope) -> list[dict[str, Any]]:
    rows: Any = Clock.objects.filter(
        Q(agreement=None) | Q(agreement__type=AgreementType.CUSTOMER),
        record__organization=scope.organization,
        stopped_at__gte=scope.at_from,
        stopped_at__lt=scope.at_to,
        state__in=[ClockState.MET, ClockState.MISSED],
    )
    return list(
        rows.order_by("pk").values(
            "pk", "state", "kind", "priority", "agreement_id", "agreement__name", "agreement__slug",
        )
    )  # fmt: skip


def _targets(keys: list[int], month: Month) -> dict[int, Decimal]:
    """What share of targets was promised at the end of the month, or the latest time before; one statement."""
    found = {}
    for agreement in with_stretches(Agreement.objects.filter(pk__in=keys)):
        held = [each for each in stretches(agreement) if each.at_from < month.ended_at]
        found[agreement.pk] = held[-1].text.attainment_target if held else agreement.attainment_target
    return found


def _agreement(
    rows: list[dict[str, Any]], targets: dict[int, Decimal], excused: frozenset[int], ledger: Ledger
) -> dict[str, Any]:
    first = rows[0]
    base = f"attainment.{first['agreement_id'] or 0}"
    parts: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        parts[row["kind"], row["priority"]].append(row)
    target = targets.get(first["agreement_id"])
    return {
        "id": first["agreement_id"],
        "name": first["agreement__name"] or "",
        "slug": first["agreement__slug"] or "",
        "target": None if target is None else f"{target:f}",
        **_counts(base, [row for row in rows if row["kind"] not in repeating()], excused, ledger),
        "parts": [
            {"clock": kind, "priority": priority, **_counts(f"{base}.{kind}.{priority}", found, excused, ledger)}
            for (kind, priority), found in sorted(parts.items())
        ],
    }


def _counts(base: str, rows: list[dict[str, Any]], excused: frozenset[int], ledger: Ledger) -> dict[str, Any]:
    met = [row["pk"] for row in rows if row["state"] == ClockState.MET]
    missed = [row["pk"] for row in rows if row["state"] == ClockState.MISSED]
    return {
        "met": ledger.count(f"{base}.met", Rows.CLOCK, met),
        "missed": ledger.count(f"{base}.missed", Rows.CLOCK, missed),
        "excused": ledger.count(f"{base}.excused", Rows.CLOCK, [key for key in missed if key in excused]),
    }


def _misses(missed: list[int], excused: frozenset[int]) -> list[dict[str, Any]]:
    """The latest misses with what their history shows; 100 at most, the number of all stands beside them."""
    if not missed:
        return []
    clocks = Clock.objects.filter(pk__in=missed).select_related("record", "agreement").order_by("-stopped_at", "-pk")
    shown = list(clocks[:MISSES_TOLD])
    delays = _delays([clock.pk for clock in shown])
    said = judging.causes_of([clock.pk for clock in shown])
    return [
        {
            "record": clock.record_id,
            "reference": clock.record.reference,
            "title": clock.record.title,
            "clock": clock.kind,
            "priority": clock.priority,
            "agreement": clock.agreement.name if clock.agreement else "",
            "over_seconds": int(beyond.total_seconds()) if (beyond := over(clock)) is not None else None,
            "delays": delays.get(clock.pk, []),
            "is_excused": clock.pk in excused,
            "said": said.get(clock.pk, ""),
        }
        for clock in shown
    ]


def _delays(keys: list[int]) -> dict[int, list[str]]:
    """By clock, what its history shows; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id, {_DELAYS_SQL} FROM slm_clock c JOIN records_record r ON r.id = c.record_id"  # noqa: S608 - our own expressions
            " WHERE c.id = ANY(%s)",
            [keys],
        )
        return {
            row[0]: [name for name, shows in zip(DELAYS, row[1:], strict=True) if shows] for row in cursor.fetchall()
        }
