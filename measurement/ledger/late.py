"""Noting which records tell of days that are closed, while their days are counted again."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db import connection
from django.db.models import Max

from .models import Closing, LateFact


def closed_to() -> date | None:
    """Before which day figures were told; None before any."""
    return Closing.objects.aggregate(latest=Max("closed_to"))["latest"]


def note(touched: Collection[tuple[str, date, int]]) -> None:
    """
    Keep what touches closed days, within the transaction that counts.

    :param touched: family, day, and key of the record (0: unknown).
    """
    if not touched:
        return
    families, days, records = zip(*touched, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kpi_ledger_latefact (family, day, record_id)"
            " SELECT * FROM unnest(%s::varchar[], %s::date[], %s::bigint[]) ON CONFLICT DO NOTHING",
            [list(families), list(days), list(records)],
        )


def done(facts: Iterable[int]) -> None:
    """Forget facts that were looked at. :param facts: their keys."""
    LateFact.objects.filter(pk__in=list(facts)).delete()
