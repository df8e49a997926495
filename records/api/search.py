"""The door to records of all kinds, narrowed by the query language of the queue."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from common.api.describing import describe
from common.api.filters import PageQuery
from common.api.paging import listing, listing_of, page
from common.api.views import ApiView
from common.problems import UNFIT, Problem
from common.time import now
from people.access import access_of

from ..models import Record
from ..query import Clock, QueryProblem, Scene, compile_query, parse
from .filters import SORTS
from .representation import ROW_COLUMNS, RecordSummary, summary


class RecordsQuery(PageQuery):
    """The sorting of the query counts before `sort`."""

    q = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=1000,
        trim_whitespace=True,
        help_text="Terms such as team:networks is:open prio:p1,p2 updated:<2h, and words; see the page on queries.",
    )
    sort = serializers.ChoiceField(choices=list(SORTS), default="-number", help_text="A minus turns it round.")


class Records(ApiView):
    """Every record that the caller may see, of whatever kind."""

    operations = {"GET": "record.queue"}

    @describe(
        "List records of all kinds",
        gives=listing_of(RecordSummary),
        parameters=[RecordsQuery],
        problems=[422],
        description="The query language is that of the queue: what stands in its line can be sent as `q`.",
    )
    def get(self, request: Any) -> Any:
        query = RecordsQuery.of(request)
        scene = Scene(request.user, Clock(now(), request.user.zone))
        try:
            compiled = compile_query(parse(query["q"]), scene)
        except QueryProblem as problem:
            raise unfit(problem) from problem
        sort = query["sort"]
        if compiled.sort:
            sort = f"-{compiled.sort}" if compiled.is_descending else compiled.sort
        if sort not in SORTS or (sort == "due" and not compiled.is_open_only):
            raise Problem(
                UNFIT,
                _("Only open records are sorted by what is due, and there are these orders: %(known)s.")
                % {"known": ", ".join(SORTS)},
                errors=[{"code": "sort", "message": _("Add is:open, or choose another order."), "field": "q"}],
            )
        rows = Record.objects.visible_to(request.user).filter(compiled.where)
        found, following = page(
            rows.values("pk", *ROW_COLUMNS),
            request=request,
            sorts=SORTS,
            sort=sort,
            cursor=query["cursor"],
            limit=query["limit"],
        )
        access = access_of(request.user)
        return self.answer(listing([summary(row, access) for row in found], following))


def unfit(problem: QueryProblem) -> Problem:
    """What is wrong with the query, where it stands, and what may have been meant."""
    reason = {"code": "query", "message": str(problem.message), "field": "q"}
    return Problem(
        UNFIT,
        str(problem.message),
        errors=[reason],
        start=problem.start,
        end=problem.end,
        suggestion=problem.suggestion,
    )
