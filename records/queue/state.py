"""What a queue shows, read from its address: view, query, sort, columns, grouping, place in the list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet

from ..models import Record, SavedView
from ..query import Compiled, Query, QueryProblem, Scene, compile_query, parse, render
from ..query.fields import SORT_ALIASES, SORTS
from .columns import DEFAULT, GROUPINGS, Column, chosen
from .ordering import Order

MOST_COUNTED = 1000
NEEDS_OPEN = frozenset({"due", "prio"})


@dataclass(frozen=True)
class QueueState:
    """
    One queue as its address says it. Unknown names are left out rather than refused: links live long.

    :param text: the query as typed; `problem` says if it was not understood, and `where` then follows `good`.
    """

    scene: Scene
    path: str
    view: SavedView | None
    text: str
    good: str
    sort: str
    columns: list[Column]
    grouping: str
    after: str = ""
    before: str = ""

    @cached_property
    def _read(self) -> tuple[Query, Compiled, QueryProblem | None]:
        problem = None
        for text in dict.fromkeys((self.text, self.good, self.view.query if self.view else "")):
            try:
                query = parse(text)
                return query, compile_query(query, self.scene), problem
            except QueryProblem as found:
                problem = problem or found
        return Query(), compile_query(Query(), self.scene), problem

    @property
    def query(self) -> Query:
        return self._read[0]

    @property
    def problem(self) -> QueryProblem | None:
        return self._read[2]

    @cached_property
    def order(self) -> Order:
        grouping = "" if self.is_sort_refused else self.grouping
        return Order(self.sorted_by, self.is_descending, grouping, is_filled=self._is_filled)

    @cached_property
    def is_sort_refused(self) -> bool:
        """
        Whether the order asked for has no index, since closed tickets are among many.

        The latest change comes first then. Up to 1,000 tickets are sorted by anything.
        """
        wants = self._asked_sort[0] in NEEDS_OPEN or bool(self.grouping)
        return wants and not self._read[1].is_open_only and self._is_long

    @property
    def _is_filled(self) -> bool:
        """Whether a long list by resolution leaves out what was never resolved, so that an index serves."""
        return self.sorted_by == "resolved" and not self._read[1].is_open_only and self._is_long

    @cached_property
    def _is_long(self) -> bool:
        return self._matching.order_by().values("pk")[: MOST_COUNTED + 1].count() > MOST_COUNTED

    @property
    def sorted_by(self) -> str:
        return self._sort[0]

    @property
    def is_descending(self) -> bool:
        return self._sort[1]

    @property
    def _sort(self) -> tuple[str, bool]:
        return ("updated", True) if self.is_sort_refused else self._asked_sort

    @cached_property
    def _asked_sort(self) -> tuple[str, bool]:
        """What the query says, else the address, else the view; the newest change first where tickets may be done."""
        compiled = self._read[1]
        if compiled.sort:
            return compiled.sort, compiled.is_descending
        name = SORT_ALIASES.get(self.sort.removeprefix("-"), self.sort.removeprefix("-"))
        if name in SORTS:
            return name, self.sort.startswith("-")
        return ("due", False) if compiled.is_open_only else ("updated", True)

    @property
    def records(self) -> QuerySet[Any]:
        """The tickets of this queue, as far as the viewer may see them."""
        return self._matching.filter(resolved_at__isnull=False) if self._is_filled else self._matching

    @property
    def _matching(self) -> QuerySet[Any]:
        return Record.objects.visible_to(self.scene.viewer).filter(self._read[1].where)

    @cached_property
    def figures(self) -> dict[str, int]:
        """How many there are, missed their target or are due within half an hour; each counted up to 1,001."""
        at = self.scene.clock.at
        running = Q(due_state="running")
        # Open tickets in the order of their index: unordered, the planner reads the table from its oldest end to find
        # them. What is counted is then also what expires first.
        rows = Order("due").apply(self.records) if self._read[1].is_open_only else self.records.order_by()
        return rows.values("pk", "is_breached", "due_state", "due_at")[: MOST_COUNTED + 1].aggregate(
            total=Count("pk"),
            breached=Count("pk", filter=Q(is_breached=True) | (running & Q(due_at__lte=at))),
            soon=Count("pk", filter=running & Q(due_at__gt=at, due_at__lte=at + timedelta(minutes=30))),
        )

    @property
    def is_changed(self) -> bool:
        """Whether the queue differs from the view it began with."""
        if self.view is None:
            return bool(self.parameters())
        return (
            self.text != self.view.query
            or self.sort != self.view.sort
            or self.grouping != self.view.grouping
            or self.columns != chosen(self.view.columns)
        )

    def parameters(self) -> dict[str, str]:
        """
        What stands in the address: only what differs from the view.

        Without a view the query always stands there: an address without one opens the person's usual view.
        """
        view = self.view
        said: dict[str, str | None] = {
            "q": self.text if view is None or self.text != view.query else None,
            "sort": self.sort if self.sort != (view.sort if view else "") else None,
            "group": self.grouping if self.grouping != (view.grouping if view else "") else None,
            "cols": ",".join(column.name for column in self.columns),
        }
        usual = chosen(view.columns if view else DEFAULT)
        if self.columns == usual:
            said["cols"] = None
        return {name: value for name, value in said.items() if value is not None}

    def url(self, *, part: str = "", since: str = "", first: str = "", last: str = "", **changes: Any) -> str:
        """
        The address of this queue with some things changed; it starts at the top of the list.

        :param part: the name of a fragment of it; `since`, `first` and `last` are what `part=news` asks for.
        """
        changed = replace(self, **{"after": "", "before": "", **changes})
        said = changed.parameters()
        asked = {"part": part, "since": since, "first": first, "last": last}
        said |= {name: value for name, value in asked.items() if value}
        if changed.after:
            said["after"] = changed.after
        if changed.before:
            said["before"] = changed.before
        return f"{self.path}?{urlencode(said)}" if said else self.path

    @property
    def play_url(self) -> str:
        """Where the tickets of this queue are served one by one."""
        url = self.url()
        return f"{self.path}play/{url[len(self.path) :]}"

    def without_sort(self) -> str:
        """The query without its `sort:`, for heads of columns that sort otherwise."""
        return render(replace(self.query, sort=None)) if self.query.sort else self.text


def read_state(parameters: Mapping[str, str], *, scene: Scene, path: str, view: SavedView | None) -> QueueState:
    """Read an address. What it does not say, the view says."""
    names = parameters["cols"].split(",") if parameters.get("cols") else (view.columns if view else [])
    grouping = parameters.get("group", view.grouping if view else "")
    return QueueState(
        scene=scene,
        path=path,
        view=view,
        text=" ".join(parameters.get("q", view.query if view else "is:open").split()),
        good=parameters.get("good", ""),
        sort=parameters.get("sort", view.sort if view else ""),
        columns=chosen(names),
        grouping=grouping if grouping in GROUPINGS else "",
        after=parameters.get("after", ""),
        before=parameters.get("before", ""),
    )
