"""Fields whose values are rows: people, teams, organizations, services, items, categories."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from .ast import Value, render_text
from .fields import NONE, Field, Unfit
from .scene import Scene

SUGGESTED = 8
COMPARED = 500


@dataclass(frozen=True)
class Lookup:
    """
    How to find the rows that a value names.

    :param written: the column whose content stands in queries; `also` may be typed as well, in any case.
    :param column: the column of the record; several for a tree (the row, or its parent).
    """

    rows: Callable[[Scene], QuerySet[Any]]
    written: str
    also: tuple[str, ...]
    columns: tuple[str, ...]
    own: Callable[[Scene], dict[str, Q]]
    sentence: Callable[[], str]
    can_lack: bool = True

    def matching(self, scene: Scene, text: str, limit: int = SUGGESTED) -> list[tuple[str, str]]:
        """Visible rows whose name holds the text: (what to write, what to show), those that start with it first."""
        names = (self.written, *self.also)
        wanted = Q()
        for name in names:
            wanted |= Q(**{f"{name}__icontains": text})
        found = self.rows(scene).filter(wanted).values_list(self.written, "name")[: limit * 3]
        low = text.lower()
        ranked = sorted(found, key=lambda row: (not row[1].lower().startswith(low), row[1].lower()))
        return [(written, name) for written, name in ranked[:limit]]

    def condition(self, value: Value, scene: Scene) -> Q:
        text = value.text.strip().replace("\x00", "")
        own = self.own(scene)
        if text.lower() in own:
            return own[text.lower()]
        if self.can_lack and text.lower() == NONE:
            return Q(**{self.columns[0]: None})
        exact = Q()
        for name in (self.written, *self.also):
            exact |= Q(**{f"{name}__iexact": text})
        keys = list(self.rows(scene).filter(exact).order_by().values_list("pk", flat=True)[:200])
        if not keys:
            raise Unfit(self.sentence() % {"text": value.text}, self.nearest(scene, text))
        wanted = Q()
        for column in self.columns:
            wanted |= Q(**{f"{column}__in": keys})
        return wanted

    def nearest(self, scene: Scene, text: str) -> str:
        """The visible name that comes closest to what was typed, as it stands in queries; empty without one."""
        if text.startswith("@"):
            return next(iter(self.own(scene)), "")
        starting = self.matching(scene, text, 1) if text else []
        if starting:
            return render_text(starting[0][0])
        names = list(self.rows(scene).values_list(self.written, "name")[:COMPARED])
        close = get_close_matches(text.lower(), [name.lower() for row in names for name in row], n=1, cutoff=0.6)
        return next(
            (render_text(row[0]) for row in names if close and close[0] in (row[0].lower(), row[1].lower())), ""
        )


def _me(column: str) -> Callable[[Scene], dict[str, Q]]:
    return lambda scene: {"@me": Q(**{column: scene.viewer.pk})}


def _my_teams(scene: Scene) -> dict[str, Q]:
    mine = Q(team__in=sorted(scene.access.team_ids))
    return {"@mine": mine, "@team": mine}


LOOKUPS = {
    "who": Lookup(lambda s: s.people, "username", ("name", "email"), ("assignee",), _me("assignee"),
                  lambda: _("Nobody here is called “%(text)s”.")),
    "requester": Lookup(lambda s: s.people, "username", ("name", "email"), ("requester",), _me("requester"),
                        lambda: _("Nobody here is called “%(text)s”."), can_lack=False),
    "team": Lookup(lambda s: s.teams, "slug", ("name",), ("team",), _my_teams,
                   lambda: _("There is no team “%(text)s”.")),
    "org": Lookup(lambda s: s.organizations, "slug", ("name",), ("organization",),
                  lambda s: {"@mine": Q(organization=s.viewer.organization_id)},
                  lambda: _("There is no organization “%(text)s”."), can_lack=False),
    "service": Lookup(lambda s: s.services, "slug", ("name",), ("service",), lambda s: {},
                      lambda: _("There is no service “%(text)s”.")),
    "ci": Lookup(lambda s: s.items, "name", (), ("item",), lambda s: {},
                 lambda: _("There is no configuration item “%(text)s”.")),
    "category": Lookup(lambda s: s.categories, "name", (), ("category", "category__parent"), lambda s: {},
                       lambda: _("There is no category “%(text)s”.")),
}  # fmt: skip


def lookup_fields() -> list[Field]:
    labels = {
        "who": _("assigned to"),
        "requester": _("requester"),
        "team": _("team"),
        "org": _("organization"),
        "service": _("service"),
        "ci": _("configuration item"),
        "category": _("category"),
    }
    return [Field(name, labels[name], lookup.condition) for name, lookup in LOOKUPS.items()]
