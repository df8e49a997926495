"""Learning: add finished clocks up by groups, and try what was learned on later ones that were held back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from . import estimating
from .estimating import Curves, Tally
from .models import Curve, Lesson

DAYS = 365
HELD_BACK = 0.2  # the newest fifth
TRIED_AT_MOST = 20_000
TRIED_AT = (0, 5, 10, 15, 18)  # twentieths used
LOCK = 5_400_211

# Targets that were set anew after they had passed say nothing of how far work came; without a target there is no share.
_FINISHED = """
    FROM slm_clock c JOIN records_record r ON r.id = c.record_id
    WHERE c.state IN ('met', 'missed') AND c.stopped_at > %(from_at)s AND c.stopped_at <= %(to_at)s
    AND r.is_sample = %(is_sample)s AND c.target > interval '0' AND NOT c.is_breached_by_reclassification
"""
FEATURES = """
    r.kind, c.kind, c.priority, r.team_id, r.service_id,
    (extract(hour FROM coalesce(c.due_at, c.stopped_at) AT TIME ZONE %(zone)s)::int / 6)
"""
_STEP = """
    greatest(0, least(19, floor(20 * extract(epoch FROM c.used - c.used_before) / extract(epoch FROM c.target))))::int
"""
CELLS = f"""
    SELECT {FEATURES}, {_STEP}, c.state = 'missed', count(*) {_FINISHED} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""
NEWEST = (
    f"SELECT {FEATURES}, {_STEP}, c.state = 'missed' {_FINISHED} ORDER BY c.stopped_at DESC, c.id DESC LIMIT %(rows)s"
)
SPLIT = f"SELECT percentile_disc({1 - HELD_BACK}) WITHIN GROUP (ORDER BY c.stopped_at), count(*), min(c.stopped_at), max(c.stopped_at) {_FINISHED}"  # noqa: E501


def learn(*, is_sample: bool, at: datetime) -> Lesson | None:
    """
    Learn from the clocks that finished in the latest 365 days, and write down how right it would have been.

    The curves that forecasts go by know all of them. For the trial others are learned from the older four fifths and
    asked about the newest fifth, at several shares of the target that each of these came to.

    :returns: None while another worker learns.
    """
    span = {"from_at": at - timedelta(days=DAYS), "to_at": at, "is_sample": is_sample, "zone": settings.TIME_ZONE}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, int(is_sample)])
            if not cursor.fetchone()[0]:
                return None
            cursor.execute("SET LOCAL statement_timeout = '5min'")
            cursor.execute(SPLIT, span)
            split_at, count, first_at, last_at = cursor.fetchone()
        _write(estimating.tallied(_cells(span)), is_sample=is_sample)
        said: dict[str, Any] = {"learned_at": at, "clocks": count, "from_at": first_at, "to_at": last_at}
        said |= _tried(span, split_at) if count else {"tried": 0, "tried_clocks": 0, "score": None, "deciles": []}
        lesson, _is_new = Lesson.objects.update_or_create(is_sample=is_sample, defaults=said)
    return lesson


def curves(*, is_sample: bool) -> Curves:
    """What was learned last; one statement."""
    rows = Curve.objects.filter(is_sample=is_sample).values_list("group", "met", "missed")
    return Curves({group: Tally(list(met), missed) for group, met, missed in rows})


def _cells(span: dict[str, Any]) -> Iterator[tuple[tuple[object, ...], int, bool, int]]:
    with connection.cursor() as cursor:
        cursor.execute(CELLS, span)
        for row in cursor.fetchall():
            yield row[:6], row[6], row[7], row[8]


def _write(tallies: dict[str, Tally], *, is_sample: bool) -> None:
    Curve.objects.filter(is_sample=is_sample).delete()
    Curve.objects.bulk_create(
        (
            Curve(is_sample=is_sample, group=group, met=tally.met, missed=tally.missed)
            for group, tally in tallies.items()
        ),
        batch_size=2_000,
    )


def _tried(span: dict[str, Any], split_at: datetime) -> dict[str, Any]:
    """What older clocks say of newer ones, compared with what became of them."""
    learned = Curves(estimating.tallied(_cells(span | {"to_at": split_at})))
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, span | {"from_at": split_at, "rows": TRIED_AT_MOST})
        rows = cursor.fetchall()

    def forecasts() -> Iterator[tuple[float, float, bool]]:
        for row in rows:
            for step in TRIED_AT:
                if step > row[6] and not row[7]:
                    break
                said = learned.chance(row[:6], step)
                if said.chance is not None:
                    yield said.chance, said.of_kind, row[7]

    result = estimating.trial(forecasts())
    return {
        "tried": result.tried,
        "tried_clocks": len(rows),
        "tried_from_at": split_at,
        "score": result.score,
        "score_of_kind": result.score_of_kind,
        "deciles": result.deciles,
    }
