"""Saving views of the queue: one's own, a team's, or shared by all. A view holds no tickets, only a query."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common.refusals import NotAllowed, Refused
from people.access import access_of, require

from ..models import SavedView, ViewStar
from ..query import QueryProblem, parse
from ..queue.columns import COLUMNS, GROUPINGS

LONGEST_QUERY = 1000
SHIPPED = (
    # slug, name, query, sort, columns
    ("mine", gettext_noop("Mine"), "is:mine is:open", "due", ()),
    ("my-team", gettext_noop("My team by SLA"), "team:@mine is:open", "due", ()),
    ("unassigned", gettext_noop("Unassigned"), "is:unassigned is:open", "due",
     ("prio", "requester", "service", "team", "state", "sla")),
    ("at-risk", gettext_noop("At risk now"), "is:at-risk,due-soon is:open", "due", ()),
    ("waiting-on-me", gettext_noop("Waiting on me"), "is:mine is:replied is:open", "due", ()),
    ("vip", gettext_noop("VIP"), "is:vip is:open", "due", ()),
    ("breached-this-week", gettext_noop("Breached this week"), "is:breached updated:this-week", "-updated", ()),
    ("open", gettext_noop("All open"), "is:open", "due",
     ("prio", "requester", "service", "team", "state", "who", "sla")),
)  # fmt: skip


def ensure_default_views() -> None:
    """Make the shipped views that are missing; those that somebody changed stay as they are."""
    known = set(SavedView.objects.filter(owner=None, team=None).values_list("slug", flat=True))
    missing = [
        SavedView(slug=slug, name=name, query=query, sort=sort, columns=list(columns), position=index * 10)
        for index, (slug, name, query, sort, columns) in enumerate(SHIPPED, 1)
        if slug not in known
    ]
    SavedView.objects.bulk_create(missing, ignore_conflicts=True)


def save_view(
    *,
    by: Any,
    name: str,
    query: str,
    columns: Sequence[str],
    sort: str,
    grouping: str,
    team: Any = None,
    is_shared: bool = False,
) -> SavedView:
    """
    Keep a queue under a name: for oneself, for a team one is in, or for all.

    :raises NotAllowed: sharing needs the right for it; a team must be one's own.
    :raises Refused: no name, one that is taken, or a query that can't be read.
    """
    require(by, "view.save")
    if team is not None or is_shared:
        require(by, "view.share")
    if team is not None and team.pk not in access_of(by).team_ids:
        raise NotAllowed.because("not_allowed", _("You may share views with your own teams only."), "team")
    name = " ".join(name.split())
    slug = slugify(name)[:80]
    if not slug or len(name) > 80:
        raise Refused.because("name", _("The view has no name yet. Write one of up to 80 characters."), "name")
    view = SavedView(name=name, slug=slug, team=team, owner=None if team is not None or is_shared else by)
    _fill(view, query=query, columns=columns, sort=sort, grouping=grouping)
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise Refused.because("taken", _("There is a view of this name. Choose another name."), "name") from None
    return view


def change_view(*, view: SavedView, by: Any, query: str, columns: Sequence[str], sort: str, grouping: str) -> SavedView:
    """Let the view show something else. :raises NotAllowed: it is somebody else's. :raises Refused: bad query."""
    _require_own(view, by)
    _fill(view, query=query, columns=columns, sort=sort, grouping=grouping)
    view.save(update_fields=["query", "columns", "sort", "grouping"])
    return view


def remove_view(*, view: SavedView, by: Any) -> None:
    """:raises NotAllowed: the view is somebody else's."""
    _require_own(view, by)
    view.delete()


def star(*, view: SavedView, by: Any) -> None:
    """Keep the view at the top of one's list."""
    ViewStar.objects.get_or_create(view=view, user=by)


def unstar(*, view: SavedView, by: Any) -> None:
    ViewStar.objects.filter(view=view, user=by).delete()


def may_change(view: SavedView, person: Any) -> bool:
    """Whether the view is the person's own, or shared and theirs to look after."""
    if view.owner_id is not None:
        return view.owner_id == person.pk
    access = access_of(person)
    if not access.allows("view.share"):
        return False
    if view.team_id is not None:
        return view.team_id in access.team_ids
    return not access.rows("view.share", own=Q(pk__in=[]))


def _require_own(view: SavedView, by: Any) -> None:
    if not may_change(view, by):
        raise NotAllowed.because("not_allowed", _("This view belongs to others. Save it under a name of your own."))


def _fill(view: SavedView, *, query: str, columns: Sequence[str], sort: str, grouping: str) -> None:
    query = " ".join(query.split())
    if len(query) > LONGEST_QUERY:
        raise Refused.because("too_long", _("The query is too long for a view. Shorten it."), "query")
    try:
        parse(query)
    except QueryProblem as problem:
        raise Refused.because("query", str(problem.message), "query") from problem
    view.query = query
    view.columns = [name for name in columns if name in COLUMNS]
    view.sort = sort[:40]
    view.grouping = grouping if grouping in GROUPINGS else ""


def label_of(view: SavedView) -> str:
    """The name to show: shipped views speak the reader's language as long as nobody renamed them."""
    shipped = {slug: name for slug, name, *_rest in SHIPPED}
    is_shipped = view.owner_id is None and view.team_id is None and shipped.get(view.slug) == view.name
    return _(view.name) if is_shipped else view.name
