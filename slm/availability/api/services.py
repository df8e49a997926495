"""How services stand against what was promised, over REST."""

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.describing import describe
from common.api.fields import Answer, Named, named
from common.api.filters import PageQuery, Query
from common.api.paging import Sort, listing, listing_of, page
from common.api.views import ApiView, one_of
from common.months import Month
from common.time import now

from .. import explain
from ..months import month_of, read
from ..queries import side_of
from ..spans import SECOND
from ..standing import Board, Standing, Window

BY_NAME = {"name": Sort("name")}
PERCENT_DIGITS = 6


class AvailabilityShape(Answer):
    """A service in one month of the reporting zone, up to the present moment. Null where nothing was agreed."""

    service = Named()
    month = serializers.CharField(help_text="Such as 2026-03.")
    agreement = serializers.CharField(allow_null=True)
    availability = serializers.FloatField(allow_null=True, help_text="Percent, cut to six decimals.")
    target = serializers.FloatField(allow_null=True, help_text="Percent.")
    is_held = serializers.BooleanField(allow_null=True, help_text="Null without a target or agreed time.")
    agreed_seconds = serializers.FloatField(help_text="Agreed service time.")
    lost_seconds = serializers.FloatField(help_text="Downtime in it, by weight.")
    failures = serializers.IntegerField(help_text="Failures that began.")
    mtrs_seconds = serializers.FloatField(allow_null=True, help_text="Mean time to restore service.")
    mtbf_seconds = serializers.FloatField(allow_null=True, help_text="Mean time between failures.")
    mtbsi_seconds = serializers.FloatField(allow_null=True, help_text="Mean time between service incidents.")
    budget_seconds = serializers.FloatField(allow_null=True, help_text="Error budget of the whole month.")
    budget_left_seconds = serializers.FloatField(allow_null=True, help_text="Negative once it is overdrawn.")


class BurnShape(Answer):
    """The latest hours or days."""

    span = serializers.CharField(help_text="Such as “latest hour”.")
    availability = serializers.FloatField(allow_null=True, help_text="Percent.")
    lost_seconds = serializers.FloatField()
    burn_rate = serializers.FloatField(allow_null=True, help_text="1 uses the budget up exactly at the end.")


class OneAvailabilityShape(AvailabilityShape):
    """A service in one month, with the sum laid open."""

    explanation = serializers.ListField(child=serializers.CharField())
    next_hour = serializers.CharField(
        allow_blank=True, help_text="What one more hour would cost; for the present month."
    )
    burn = BurnShape(many=True, help_text="Empty for months that are over.")


class MonthQuery(Query):
    """Which month."""

    month = serializers.RegexField(
        r"^20\d\d-(0[1-9]|1[0-2])$", required=False, help_text="Such as 2026-03; the present one when left out.",
        error_messages={"invalid": _("This is no month. Write it like 2026-03.")},
    )  # fmt: skip


class AvailabilityQuery(PageQuery, MonthQuery):
    """Which month, and how much of the list."""


def _seconds(value: Fraction | int | None) -> float | None:
    return None if value is None else float(Fraction(value) / SECOND)


def _percent(value: Fraction | None) -> float | None:
    """Cut, so that nothing is told to have reached what it missed."""
    return None if value is None else int(value * 100 * 10**PERCENT_DIGITS) / 10**PERCENT_DIGITS


def availability(found: Standing) -> dict[str, Any]:
    """The dictionary of an `AvailabilityShape`."""
    so_far = found.so_far
    return {
        "service": named(found.service.pk, found.service.name),
        "month": found.month.slug,
        "agreement": found.pledge.name if found.pledge else None,
        "availability": _percent(so_far.availability),
        "target": _percent(found.target),
        "is_held": found.is_held,
        "agreed_seconds": _seconds(so_far.agreed),
        "lost_seconds": _seconds(so_far.lost),
        "failures": so_far.failures,
        "mtrs_seconds": _seconds(so_far.mtrs),
        "mtbf_seconds": _seconds(so_far.mtbf),
        "mtbsi_seconds": _seconds(so_far.mtbsi),
        "budget_seconds": _seconds(found.budget),
        "budget_left_seconds": _seconds(found.left),
    }


def burn(window: Window) -> dict[str, Any]:
    """The dictionary of a `BurnShape`."""
    return {
        "span": window.label,
        "availability": _percent(window.figures.availability),
        "lost_seconds": _seconds(window.figures.lost),
        "burn_rate": None if window.rate is None else float(window.rate),
    }


def _month(query: dict[str, Any], at: Any) -> Month:
    return read(query.get("month", ""), at=at) if query.get("month") else month_of(at)


class Availabilities(ApiView):
    """Availability of services."""

    operations = {"GET": "availability.view"}

    @describe(
        "List the availability of services",
        gives=listing_of(AvailabilityShape),
        parameters=[AvailabilityQuery],
        description="The provider's people get what is promised to everybody, others what is promised to them.",
    )
    def get(self, request: Any) -> Any:
        query, at = AvailabilityQuery.of(request), now()
        side = side_of(request.user)
        found, following = page(
            side.services().order_by(),
            request=request,
            sorts=BY_NAME,
            sort="name",
            cursor=query["cursor"],
            limit=query["limit"],
        )
        board = Board(found, at=at, month=_month(query, at), organization_id=side.organization_id)
        return self.answer(listing([availability(board.standing(each)) for each in found], following))


class OneAvailability(ApiView):
    """Availability of one service."""

    operations = {"GET": "availability.view"}

    @describe("Get the availability of a service", gives=OneAvailabilityShape, problems=[404], parameters=[MonthQuery])
    def get(self, request: Any, number: int) -> Any:
        query, at = MonthQuery.of(request), now()
        side = side_of(request.user)
        service = one_of(side.services(), number)
        board = Board([service], at=at, month=_month(query, at), organization_id=side.organization_id)
        found = board.standing(service)
        costs = explain.costs_of(board.book, service.pk, board.month)
        return self.answer(
            availability(found)
            | {
                "explanation": explain.sentences(found, costs, is_present=board.is_present),
                "next_hour": explain.next_hour(found) if board.is_present else "",
                "burn": [burn(each) for each in board.windows(service)] if board.is_present else [],
            }
        )
