"""One page of rows: slim objects from one statement, everything formatted once."""

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.refs import format_reference
from common.templatetags.steward import icon, moment, priority_mark, state_mark
from people.access import access_of

from .. import practices
from ..enums import Phase, Priority, Source
from ..models import Seen
from ..workflow import moves_of
from . import clocks
from .columns import Column
from .ordering import PAGE_ROWS, Order

NONE = "–"
BASE = (
    "id", "kind", "title", "priority", "state", "state_reason", "phase", "reply_count", "is_replied_by_requester",
    "assignee_id", "team_id", "opened_at", "updated_at", "is_imported", *clocks.COLUMNS,
)  # fmt: skip


@dataclass(slots=True)
class Row:
    """
    One ticket as the list shows it: what stands in each place of the row's markup, escaped.

    :param stamp: changes with whatever the row shows, time passing apart.
    """

    number: int
    cursor: str
    stamp: str
    values: dict[str, str]
    heading: Any = None
    html: SafeString = field(default_factory=SafeString)


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    newer: str = ""
    older: str = ""


def page_of(
    records: QuerySet[Any],
    *,
    order: Order,
    columns: Sequence[Column],
    viewer: Any,
    at: datetime,
    after: str = "",
    before: str = "",
) -> Page:
    """
    Read one page.

    :param records: already limited to what the viewer may see and asked for.
    :param after, before: cursors of earlier pages; at most one of them.
    """
    is_backward = bool(before) and order.read(before) is not None
    is_forward = not is_backward and order.read(after) is not None
    cursor = before if is_backward else after
    ordered = order.apply(records, cursor=cursor, is_backward=is_backward)[: PAGE_ROWS + 1]
    found = _read(ordered, columns, order, viewer)
    has_more = len(found) > PAGE_ROWS
    found = found[:PAGE_ROWS]
    if is_backward:
        found.reverse()
    rows = _formatted(found, columns, order, at)
    if not rows:
        return Page([])
    has_newer, has_older = (has_more, True) if is_backward else (is_forward, has_more)
    return Page(
        rows,
        newer=rows[0].cursor if has_newer else "",
        older=rows[-1].cursor if has_older else "",
    )


def rows_of(
    records: QuerySet[Any],
    *,
    columns: Sequence[Column],
    order: Order,
    viewer: Any,
    at: datetime,
    known: Mapping[int, str] | None = None,
) -> tuple[list[Row], set[int]]:
    """
    The rows of a few records, for replacing them after a change; and the numbers of all that are still visible.

    :param known: number -> stamp of rows that the caller has; those that still look so are left out.
    """
    found = _read(records, columns, order, viewer)
    changed = [values for values in found if (known or {}).get(values["id"]) != values["stamp"]]
    return _formatted(changed, columns, order, at), {values["id"] for values in found}


def _read(records: QuerySet[Any], columns: Iterable[Column], order: Order, viewer: Any) -> list[dict[str, Any]]:
    names = dict.fromkeys([*BASE, *order.columns, *(name for column in columns for name in column.reads)])
    seen = Seen.objects.filter(user=viewer.pk, record=OuterRef("pk")).values("seen_at")
    read = records.annotate(looked_at=Subquery(seen)).values_list(*names, "looked_at")
    access = access_of(viewer)
    found = []
    for row in read:
        values = dict(zip(names, row[:-1], strict=True))
        values["is_unread"] = is_unread(values, row[-1], viewer.pk, access.team_ids)
        values["stamp"] = format(zlib.crc32(repr(tuple(values.values())).encode()), "x")
        found.append(values)
    return found


def is_unread(values: Mapping[str, Any], looked_at: datetime | None, viewer_id: int, team_ids: Iterable[int]) -> bool:
    """
    Whether others changed the ticket since the person looked at it.

    What is theirs is unread until they open it; of their teams' tickets those that they had read before. A ticket that
    they marked unread is so, whoever has it.
    """
    if looked_at is None:
        return values["assignee_id"] == viewer_id and values["phase"] != Phase.DONE and not values["is_imported"]
    if looked_at < values["opened_at"]:
        return True
    return looked_at < values["updated_at"] and (values["assignee_id"] == viewer_id or values["team_id"] in team_ids)


def _formatted(found: list[dict[str, Any]], columns: Sequence[Column], order: Order, at: datetime) -> list[Row]:
    priorities: dict[int, SafeString] = {}
    states: dict[tuple[str, ...], SafeString] = {}
    latest: Any = ()
    is_grouped = order.is_grouped
    select = _("Select %(reference)s")
    dot = format_html('<span class="queue__unread">{}</span>', icon("mark-dot", label=_("unread"), size="small"))
    rows = []
    for values in found:
        practice = practices.of(values["kind"])
        reference = format_reference(practice.prefix, values["id"])
        priority = values["priority"]
        if priority not in priorities:
            priorities[priority] = priority_mark(priority)
        state = (values["kind"], values["state"], values["phase"], values["state_reason"])
        if state not in states:
            states[state] = state_mark(_state_words(practice, *state[1:]), values["phase"], values["state"])
        row = Row(
            number=values["id"],
            cursor=order.write([values[name] for name in order.columns]),
            stamp=values["stamp"],
            values={
                "stamp": values["stamp"],
                "unread": SafeString(" data-unread") if values["is_unread"] else "",
                "dot": dot if values["is_unread"] else "",
                "number": str(values["id"]),
                "reference": reference,
                "url": f"/{practice.slug}/{reference}/",
                "select": conditional_escape(select % {"reference": reference}),
                "title": conditional_escape(values["title"]),
                "priority": priorities[priority],
                "state": states[state],
                "clock": clocks.mark(clocks.Due(*(values[name] for name in clocks.COLUMNS)), at),
                "replies": _replies(values["reply_count"], values["is_replied_by_requester"], values["phase"]),
                "presence": "",
                **_cells(values, columns),
            },
        )
        group = values[order.columns[0]] if is_grouped else None
        if is_grouped and group != latest:
            row.heading, latest = _heading(order.columns[0], group, practice), group
        rows.append(row)
    return rows


def _replies(count: int, is_requester_last: bool, phase: str) -> SafeString:
    """How many public replies there are; marked while the requester waits for an answer."""
    if not count:
        return SafeString()
    words = ngettext("%(count)d reply", "%(count)d replies", count) % {"count": count}
    due = SafeString(" data-answer-due") if is_requester_last and phase != Phase.DONE else ""
    return format_html('<span class="queue__replies"{}>{}</span>', due, words)


def _state_words(practice: practices.Practice, state: str, phase: str, reason: str) -> str:
    """The state; of a waiting ticket, for whom or what it waits."""
    label = str(practice.state_label(state))
    reasons = _reasons(practice.kind) if phase == Phase.WAITING else {}
    return f"{label}: {reasons[reason]}" if reason in reasons else label


@cache
def _reasons(kind: str) -> dict[str, Any]:
    """Labels of the choices that moves of this kind of record offer, such as whom it may wait for."""
    offered = (
        each.choices
        for move in moves_of(practices.of(kind).model).values()
        for each in move.inputs
        if each.choices is not None
    )
    return {value: label for choices in offered for value, label in choices.choices}


def _cells(values: dict[str, Any], columns: Sequence[Column]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for column in columns:
        if column.name in _MAKERS:
            cells[column.name] = conditional_escape(_MAKERS[column.name](values))
        elif column.reads:
            cells[column.name] = conditional_escape(values[column.reads[0]] or NONE)
    return cells


def _requester(values: dict[str, Any]) -> SafeString:
    star = icon("star", label=_("VIP"), size="small") if values["requester__is_vip"] else ""
    return format_html("<bdi>{}</bdi>{}", values["requester__name"], star)


_MAKERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "requester": _requester,
    "tag": lambda values: ", ".join(values["tags"]) or NONE,
    "source": lambda values: Source(values["source"]).label,
    "opened": lambda values: moment(values["opened_at"]),
    "updated": lambda values: moment(values["updated_at"]),
    "resolved": lambda values: moment(values["resolved_at"]),
}


def _heading(column: str, value: Any, practice: practices.Practice) -> Any:
    if value is None or value == "":
        return _("None")
    if column == "state":
        return practice.state_label(value)
    return Priority(value).label if column == "priority" else value


class _Places(dict[str, SafeString]):
    """Stands in for a row while its markup is laid out: every value is a place to be filled."""

    def __missing__(self, name: str) -> SafeString:
        return SafeString(f"\x00{name}\x00")


def lay_out(rows: Iterable[Row], *, columns: Sequence[Column], can_act: bool) -> None:
    """
    Write the markup of the rows.

    The template of a row is rendered once, with places instead of values, and filled for each row: rendering it fifty
    times would cost more than the rest of the page.
    """
    context = {"row": _Places(), "shown": {column.name: True for column in columns}, "acts": can_act}
    pattern = render_to_string("records/queue/row.html", context).strip().split("\x00")
    names = pattern[1::2]
    for row in rows:
        parts = pattern.copy()
        parts[1::2] = [row.values[name] for name in names]
        row.html = mark_safe("".join(parts))  # noqa: S308 - the values were escaped one by one
