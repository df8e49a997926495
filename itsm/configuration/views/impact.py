"""Doors of impact: who is hit if an item or a service fails, and what it needs; as a list and as a drawing."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from common.numbers import number_in
from itsm.shell.navigation import address
from people import access
from people.doors import requires
from services.impact import DEEPEST, Direction, edges_between, walk
from services.queries import services_visible_to

from ..graph import Drawing, draw, way_to
from ..queue import queue_url
from ..surroundings import MOST_RECORDS, RECORDS_SHOWN, Surroundings, around
from ..tree import Branch, in_order, tree_of
from .items import item_or_404

FIRST_DEPTH = 3
ROWS_SHOWN = 200
MOST_ROWS = 2_000
MOST_OPENED = 20


@requires("item.view")
@require_GET
def of_item(request: HttpRequest, key: int) -> HttpResponse:
    """Impact of one item."""
    item = item_or_404(request, key)
    crumbs = [
        {"label": _("Configuration"), "url": reverse("configuration:list")},
        {"label": item.name, "url": item.get_absolute_url()},
        {"label": _("Impact")},
    ]
    return _impact(request, item.pk, item.name, crumbs)


@requires("item.view")
@require_GET
def of_service(request: HttpRequest, slug: str) -> HttpResponse:
    """Impact of a whole service."""
    service = get_object_or_404(services_visible_to(request.user), slug=slug)
    crumbs = [
        {"label": _("Configuration"), "url": reverse("configuration:list")},
        {"label": service.name, "url": f"{reverse('configuration:list')}?{urlencode({'service': slug})}"},
        {"label": _("Impact")},
    ]
    return _impact(request, -service.pk, service.name, crumbs)


def _impact(request: HttpRequest, start: int, name: str, crumbs: list[dict[str, Any]]) -> HttpResponse:
    asked = _Asked(request)
    found = walk([start], asked.direction, depth=asked.depth)
    hit = around(found, request.user, records_shown=MOST_RECORDS if asked.shows_all else RECORDS_SHOWN)
    shown = hit.shown[:MOST_ROWS]
    depths = {key: found.depths[key] for key in shown}
    branches = tree_of(depths, edges_between(shown, asked.direction))
    critical = _critical_path(hit, branches)
    rows = in_order(branches)
    limit = MOST_ROWS if asked.shows_all else ROWS_SHOWN
    is_item = start > 0
    context = {
        "name": name,
        "crumbs": crumbs,
        "asked": asked,
        "hit": hit,
        "counts": _counts(hit, start),
        "rows": [_row(hit, branches, each) for each in rows[:limit]],
        "total": len(hit.shown),
        "is_cut_short": len(hit.shown) > limit,
        "drawing": _drawing(hit, branches, asked, critical) if asked.shows_graph else None,
        "change_url": _change_url(request, start) if is_item else "",
        "is_alone": len(found) == 1,
        "work_url": asked.all_url + "#work",
    }
    return render(request, "configuration/impact.html", context)


class _Asked:
    """The parameters of the address, each with a sensible value for a senseless one."""

    def __init__(self, request: HttpRequest) -> None:
        query = request.GET
        self.direction = Direction(query["direction"]) if query.get("direction") in Direction.values else Direction.HIT
        depth = number_in(query.get("depth")) or 0
        self.depth = depth if 1 <= depth <= DEEPEST else FIRST_DEPTH
        self.shows_graph = query.get("view") == "graph"
        self.shows_all = query.get("all") == "yes"
        self.opened = frozenset(each[:60] for each in query.getlist("open")[:MOST_OPENED])

    def url(self, **said: Any) -> str:
        """This page with other parameters."""
        known: dict[str, Any] = {"direction": self.direction.value, "depth": self.depth}
        if self.shows_graph:
            known |= {"view": "graph", "open": sorted(self.opened)}
        known |= said
        return "?" + urlencode({name: value for name, value in known.items() if value}, doseq=True)

    @property
    def directions(self) -> list[dict[str, Any]]:
        return [
            {"label": each.label, "url": self.url(direction=each.value, open=[]), "is_current": each == self.direction}
            for each in Direction
        ]

    @property
    def views(self) -> list[dict[str, Any]]:
        return [
            {"label": _("List"), "url": self.url(view="", open=[]), "is_current": not self.shows_graph},
            {"label": _("Graph"), "url": self.url(view="graph"), "is_current": self.shows_graph},
        ]

    @property
    def all_url(self) -> str:
        return self.url(all="yes")

    @property
    def depth_choices(self) -> range:
        return range(1, DEEPEST + 1)


def _counts(hit: Surroundings, start: int) -> dict[str, int]:
    """Items and services found besides the start."""
    return {
        "items": len(hit.items) - (start > 0),
        "services": len(hit.services) - (start < 0),
    }


def _critical_path(hit: Surroundings, branches: dict[int, Branch]) -> set[int]:
    """The way to the most critical service that is found, the nearest of several."""
    services = [
        (service.criticality, branches[-key].depth, -key) for key, service in hit.services.items() if -key in branches
    ]
    ahead = [each for each in services if each[1] > 0]
    return way_to(branches, min(ahead)[2]) if ahead else set()


def _row(hit: Surroundings, branches: dict[int, Branch], branch: Branch) -> dict[str, Any]:
    return {
        "branch": branch,
        "node": hit.node(branch.key),
        "is_service": branch.key < 0,
        "url": _node_url(hit, branch.key),
        "through": hit.node(branch.parent) if branch.parent is not None else None,
        "is_through_hidden": branch.parent is None and branch.depth > 0,
        "also": [hit.node(key) for key in branch.also[:3]],
        "loops": [hit.node(key) for key in branch.loops[:3]],
        "open_work": hit.open_work.get(branch.key, 0),
        "queue_url": queue_url(hit.node(branch.key)),
    }


def _node_url(hit: Surroundings, key: int) -> str:
    if key > 0:
        return reverse("configuration:item", args=[key])
    return reverse("configuration:service_impact", args=[hit.services[-key].slug])


def _drawing(hit: Surroundings, branches: dict[int, Branch], asked: _Asked, critical: set[int]) -> dict[str, Any]:
    def type_of(key: int) -> str:
        if key < 0:
            return "service"
        kind = hit.items[key].type
        return kind.slug if kind else "none"

    drawing: Drawing = draw(branches, type_of=type_of, opened=asked.opened, critical=critical)
    nodes = []
    for box in drawing.boxes:
        first = hit.node(box.keys[0])
        nodes.append(
            {
                "box": box,
                "node": first,
                "count": len(box.keys),
                "is_service": box.keys[0] < 0,
                "is_start": branches[box.keys[0]].depth == 0,
                "url": asked.url(open=[*sorted(asked.opened), box.name])
                if box.is_group
                else _node_url(hit, box.keys[0]),
                "open_work": sum(hit.open_work.get(key, 0) for key in box.keys),
            }
        )
    return {"drawing": drawing, "nodes": nodes}


def _change_url(request: HttpRequest, start: int) -> str:
    """Where a change of this item begins, once there are changes and the person may make them."""
    url = address("changes:new")
    return f"{url}?item={start}" if url and access.can(request.user, "change.create") else ""
