"""Packs and certificates over REST."""

from typing import Any

from common.api.describing import describe
from common.api.fields import Nothing
from common.api.filters import PageQuery
from common.api.paging import Sort, listing, listing_of, page
from common.api.preconditions import seen_version
from common.api.rows import RowDoor
from common.api.views import ApiView, one_of
from common.time import now

from .. import operations
from ..models import Certificate, Pack
from .shapes import FrameworkCertificateShape, FrameworkPackBody, FrameworkPackShape, certificate, pack

VIEW, EDIT = "practice_map.view", "framework_pack.edit"
SORTS = {"id": Sort(), "-id": Sort(is_descending=True)}


class _PackDoor(RowDoor):
    part = "pack"
    address = "framework-packs"

    def rows(self) -> Any:
        return Pack.objects.defer("document")

    def shape(self, row: Any) -> dict[str, Any]:
        return pack(row)


class FrameworkPacks(_PackDoor):
    """Packs."""

    operations = {"GET": VIEW, "POST": EDIT}

    @describe("List framework packs", gives=listing_of(FrameworkPackShape), parameters=[PageQuery])
    def get(self, request: Any) -> Any:
        query = PageQuery.of(request)
        found, following = page(
            self.rows(), request=request, sorts=SORTS, sort="id", cursor=query["cursor"], limit=query["limit"]
        )
        return self.answer(listing([pack(row) for row in found], following))

    @describe(
        "Adopt a framework pack", takes=FrameworkPackBody, gives=FrameworkPackShape, status=201, problems=[409],
        description="Loads the pack, compares the product before and after, and keeps a certificate of that.",
    )  # fmt: skip
    def post(self, request: Any) -> Any:
        said = FrameworkPackBody.read(request.data, by=request.user)
        made, _certificate = operations.adopt(by=request.user, at=now(), text=said["text"])
        return self.made(made)


class OneFrameworkPack(_PackDoor):
    """One pack."""

    operations = {"GET": VIEW, "PUT": EDIT, "DELETE": EDIT}

    @describe("Get a framework pack", gives=FrameworkPackShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.shown(number)

    @describe(
        "Upgrade a framework pack", takes=FrameworkPackBody, gives=FrameworkPackShape, problems=[404, 409, 412, 428]
    )
    def put(self, request: Any, number: int) -> Any:
        return self.acted(number, operations.upgrade, FrameworkPackBody, is_required=True)

    @describe("Remove a framework pack", status=204, problems=[404, 409, 412, 428])
    def delete(self, request: Any, number: int) -> Any:
        found = self.found(number)
        operations.remove(pack=found, by=request.user, at=now(), version=seen_version(request, is_required=True))
        return self.answer(status=204)


class FrameworkPackSwitchingOff(_PackDoor):
    """Off the map."""

    operations = {"POST": EDIT}

    @describe("Switch a framework pack off", takes=Nothing, gives=FrameworkPackShape, problems=[404, 409, 412])
    def post(self, request: Any, number: int) -> Any:
        return self.acted(number, operations.switch_off)


class FrameworkPackSwitchingOn(_PackDoor):
    """On the map again."""

    operations = {"POST": EDIT}

    @describe("Switch a framework pack on", takes=Nothing, gives=FrameworkPackShape, problems=[404, 409, 412])
    def post(self, request: Any, number: int) -> Any:
        return self.acted(number, operations.switch_on)


class FrameworkCertificates(ApiView):
    """Certificates, the newest first."""

    operations = {"GET": VIEW}

    @describe("List certificates", gives=listing_of(FrameworkCertificateShape), parameters=[PageQuery])
    def get(self, request: Any) -> Any:
        query = PageQuery.of(request)
        found, following = page(
            Certificate.objects.select_related("by"), request=request, sorts=SORTS, sort="-id",
            cursor=query["cursor"], limit=query["limit"],
        )  # fmt: skip
        return self.answer(listing([certificate(row) for row in found], following))


class OneFrameworkCertificate(ApiView):
    """One certificate."""

    operations = {"GET": VIEW}

    @describe("Get a certificate", gives=FrameworkCertificateShape, problems=[404])
    def get(self, request: Any, number: int) -> Any:
        return self.answer(certificate(one_of(Certificate.objects.select_related("by"), number)))
