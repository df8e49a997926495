"""Agreements in the REST API: what was promised to whom."""

from typing import Any

from common.api.describing import IDEMPOTENCY_KEY, IF_MATCH, describe
from common.api.fields import Nothing
from common.api.paging import listing_of
from common.api.preconditions import etag, seen_version
from common.api.views import ApiView, ListDoor, one_of
from common.problems import STALE, Problem
from common.refusals import Stale
from common.time import now
from records.api.idempotency import once

from .. import operations
from ..models import Agreement
from ..texts import latest_document
from .agreement_bodies import (
    AgreementChange,
    AgreementHandlingBody,
    AgreementQuery,
    NewAgreement,
    TargetsBody,
    targets_of,
    with_limits,
    with_warnings,
)
from .agreement_shapes import RELATED, AgreementShape, agreement

DRAFTS = (
    "Makes a version, which both sides sign: beside the one in force, or in place of a draft. Clocks that run keep the "
    "one they started under. If-Match is required."
)


def _rows() -> Any:
    return Agreement.objects.select_related(*RELATED).prefetch_related("targets__calendar")


class AgreementDoor(ApiView):
    """A door to one agreement."""

    def agreement(self, number: int) -> Agreement:
        return one_of(_rows(), number)

    def shown(self, key: int, *, status: int = 200, location: str = "") -> Any:
        row = _rows().get(pk=key)
        return self.answer(agreement(row), status=status, version=row.latest_version, location=location)

    def or_current(self, key: int, act: Any) -> Any:
        """Do the act; when somebody else was faster, refuse with the agreement as it is now."""
        try:
            return act()
        except Stale as stale:
            fresh = _rows().get(pk=key)
            raise Problem(
                STALE, str(stale), headers={"ETag": etag(fresh.latest_version)}, current=agreement(fresh)
            ) from stale


class Agreements(AgreementDoor, ListDoor):
    """Agreements."""

    operations = {"GET": "agreement.view", "POST": "agreement.edit"}

    @describe("List agreements", gives=listing_of(AgreementShape), parameters=[AgreementQuery])
    def get(self, request: Any) -> Any:
        query = AgreementQuery.of(request)
        rows = _rows()
        for name in ("type", "state"):
            if name in query:
                rows = rows.filter(**{f"{name}__in": query[name]})
        return self.listed(request, rows, query, agreement)

    @describe(
        "Make an agreement",
        takes=NewAgreement,
        gives=AgreementShape,
        status=201,
        problems=[409],
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            (
                "Critical incidents of one service",
                {
                    "name": "VPN gold",
                    "service": "vpn",
                    "calendar": "24x7",
                    "pause_reasons": ["requester"],
                    "targets": [{"clock": "resolution", "priority": 1, "minutes": 120}],
                },
            )
        ],
    )
    def post(self, request: Any) -> Any:
        at = now()
        values = with_warnings(NewAgreement.read(request.data, by=request.user))
        matrix = targets_of(values.pop("targets"))
        values = with_limits(values, {})

        def act() -> Any:
            made = operations.create_agreement(by=request.user, at=at, **matrix, **values)
            return self.shown(made.pk, status=201, location=f"{request.path}{made.pk}/")

        return once(request, at=at, act=act)


class OneAgreement(AgreementDoor):
    """One agreement."""

    operations = {"GET": "agreement.view", "PATCH": "agreement.edit"}

    @describe("Get an agreement", gives=AgreementShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        return self.answer(agreement(found), version=found.latest_version)

    @describe(
        "Change what an agreement says beside its targets",
        takes=AgreementChange,
        gives=AgreementShape,
        problems=[404, 409, 412, 428],
        parameters=[IF_MATCH],
        description=DRAFTS,
    )
    def patch(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        version = seen_version(request, is_required=True)
        values = with_warnings(AgreementChange.read(request.data, by=request.user))
        values = with_limits(values, latest_document(found).get("limits", {}))
        edit = operations.edit_agreement
        self.or_current(
            found.pk, lambda: edit(agreement=found, by=request.user, at=now(), values=values, version=version)
        )
        return self.shown(found.pk)


class AgreementTargets(AgreementDoor):
    """The targets of an agreement."""

    operations = {"PUT": "agreement.edit"}

    @describe(
        "Replace the targets of an agreement",
        takes=TargetsBody,
        gives=AgreementShape,
        problems=[404, 409, 412, 428],
        parameters=[IF_MATCH],
        description=DRAFTS,
    )
    def put(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        version = seen_version(request, is_required=True)
        matrix = targets_of(TargetsBody.read(request.data, by=request.user)["targets"])
        act = operations.set_targets
        self.or_current(found.pk, lambda: act(agreement=found, by=request.user, at=now(), version=version, **matrix))
        return self.shown(found.pk)


class AgreementHandling(AgreementDoor):
    """Who signs an agreement, and when it is reviewed."""

    operations = {"PATCH": "agreement.edit"}

    @describe(
        "Say who signs an agreement, and when it is reviewed",
        takes=AgreementHandlingBody,
        gives=AgreementShape,
        problems=[404, 409],
        description="No part of the text: no version, and no new signatures.",
    )
    def patch(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        values = AgreementHandlingBody.read(request.data, by=request.user)
        operations.handle(agreement=found, by=request.user, at=now(), values=values)
        return self.shown(found.pk)


class AgreementRetirement(AgreementDoor):
    """Taking an agreement out of use."""

    operations = {"POST": "agreement.edit"}

    @describe("Retire an agreement", takes=Nothing, gives=AgreementShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        Nothing.read(request.data, by=request.user)
        operations.retire(agreement=found, by=request.user, at=now())
        return self.shown(found.pk)


class AgreementReinstatement(AgreementDoor):
    """Using an agreement again."""

    operations = {"POST": "agreement.edit"}

    @describe("Use a retired agreement again", takes=Nothing, gives=AgreementShape, problems=[404, 409])
    def post(self, request: Any, number: int) -> Any:
        found = self.agreement(number)
        Nothing.read(request.data, by=request.user)
        operations.reinstate(agreement=found, by=request.user, at=now())
        return self.shown(found.pk)
