"""The columns that a queue can show: what each reads, and how its head sorts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Column:
    """
    :param reads: more columns of the row that it needs.
    :param sort: what a click on its head sorts by; empty when it can't.
    :param is_narrow: also shown in the two-line cards of a phone.
    """

    name: str
    label: Any
    reads: tuple[str, ...] = ()
    sort: str = ""
    is_narrow: bool = False


COLUMNS = {
    column.name: column
    for column in (
        Column("prio", _("Priority"), sort="prio", is_narrow=True),
        Column("number", _("Ticket"), sort="number", is_narrow=True),
        Column("subject", _("Subject"), is_narrow=True),
        Column("requester", _("Requester"), ("requester__name", "requester__is_vip")),
        Column("org", _("Organization"), ("organization__name",)),
        Column("service", _("Service"), ("service__name",)),
        Column("ci", _("Item"), ("item__name",)),
        Column("category", _("Category"), ("category__name",)),
        Column("state", _("State"), is_narrow=True),
        Column("team", _("Team"), ("team__name",)),
        Column("who", _("Assigned to"), ("assignee__name",), is_narrow=True),
        Column("tag", _("Tags"), ("tags",)),
        Column("source", _("Source"), ("source",)),
        Column("opened", _("Opened"), ("opened_at",), sort="opened"),
        Column("updated", _("Updated"), ("updated_at",), sort="updated"),
        Column("resolved", _("Resolved"), ("resolved_at",), sort="resolved"),
        Column("sla", _("Clock"), sort="due", is_narrow=True),
    )
}
ALWAYS = ("number", "subject")
DEFAULT = ("prio", "number", "subject", "requester", "service", "state", "who", "sla")

GROUPINGS = {
    "state": ("state", _("State")),
    "prio": ("priority", _("Priority")),
    "team": ("team__name", _("Team")),
    "who": ("assignee__name", _("Assigned to")),
    "service": ("service__name", _("Service")),
    "org": ("organization__name", _("Organization")),
}


def chosen(names: Iterable[str]) -> list[Column]:
    """Known columns among the names, in the order of the house; the ticket and its subject always."""
    wanted = {name for name in names if name in COLUMNS} or set(DEFAULT)
    return [column for name, column in COLUMNS.items() if name in wanted or name in ALWAYS]
