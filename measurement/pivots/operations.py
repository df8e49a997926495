"""The acts on saved tables: save, change, remove, take back."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused
from common.texts import one_line
from people.access import require

from .. import known, sharing
from ..dashboards.enums import By
from .counting import is_possible
from .enums import Across
from .models import Pivot

MOST_OWN = 100
LONGEST_NAME = 120
CONTENT = ("kpi", "rows", "columns", "query")


@transaction.atomic
def create(
    *, by: Any, at: datetime, name: str, kpi: str, rows: str, columns: str, query: str = "", is_sample: bool = False
) -> Pivot:
    """
    Save a table; nobody else sees it until it is shared. :param query: days and filters, as its address says them.

    :raises NotAllowed: :raises Refused: a measure or dimension that is not known, twice the same, no name.
    """
    require(by, "dashboard.edit")
    if Pivot.objects.filter(owner=by, removed_at=None).count() >= MOST_OWN:
        raise Refused.because("too_many", _("You have %(count)s tables. Remove one first.") % {"count": MOST_OWN})
    content = _content(kpi=kpi, rows=rows, columns=columns, query=query)
    made: Pivot = Pivot.objects.create(name=_name(name), owner=by, changed_at=at, is_sample=is_sample, **content)
    _write_down("created", made, by=by, at=at)
    return made


@transaction.atomic
def change(
    *, table: Pivot, by: Any, at: datetime, version: int | None, name: str | None = None,
    with_whom: Mapping[str, Collection[Any]] | None = None, **said: str,
) -> Pivot:  # fmt: skip
    """
    Name it, say who may read it, and what it shows. What is left out stays.

    :param said: any of `kpi`, `rows`, `columns`, `query`. :raises NotAllowed: :raises Stale: :raises Refused:
    """
    locked: Pivot = sharing.lock(table, by=by, version=version)
    if name is not None:
        locked.name = _name(name)
    if said:
        present = {field: getattr(locked, field) for field in CONTENT}
        for field, value in _content(**present | said).items():
            setattr(locked, field, value)
    if with_whom is not None:
        sharing.share(locked, by=by, with_whom=with_whom)
    sharing.touched(locked, at, "name", "roles", *CONTENT)
    _write_down("changed", locked, by=by, at=at, **said)
    return locked


@transaction.atomic
def remove(*, table: Pivot, by: Any, at: datetime) -> Pivot:
    """Take it away; it can be taken back."""
    locked, is_new = sharing.take_away(table, by=by, at=at)
    if is_new:
        _write_down("removed", locked, by=by, at=at)
    return locked


@transaction.atomic
def take_back(*, table: Pivot, by: Any, at: datetime) -> Pivot:
    """Undo `remove`."""
    locked, is_new = sharing.give_back(table, by=by, at=at)
    if is_new:
        _write_down("taken_back", locked, by=by, at=at)
    return locked


def _content(*, kpi: str, rows: str, columns: str, query: str) -> dict[str, str]:
    """What a table shows, fit to be kept. :raises Refused:"""
    if kpi not in {each.id for each in known.kpis() if is_possible(each)}:
        raise Refused.because("unknown", _("Choose a measure."), "kpi")
    if rows not in By.values or columns not in Across.values or rows == columns:
        raise Refused.because("unfit", _("Choose two different dimensions."), "columns")
    if len(query) > 1000:
        raise Refused.because("too_long", _("There are too many filters. Take some away."), "query")
    return {"kpi": kpi, "rows": rows, "columns": columns, "query": query.replace("\x00", "")}


def _name(name: str) -> str:
    said = one_line(name)
    if not 0 < len(said) <= LONGEST_NAME:
        raise Refused.because("required", _("Give it a name of 120 characters at most."), "name")
    return said


def _write_down(act: str, table: Pivot, *, by: Any, at: datetime, **data: Any) -> None:
    log.record(
        f"table.{act}", subject_kind="table", subject_id=table.pk, subject_label=table.name, by=by, at=at, data=data
    )
