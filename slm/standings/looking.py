"""Looks over services and agreements: how each stands now, kept from one look to the next as long as it stays so."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Greatest

from measurement.marks import mark_days
from measurement.periods import today
from services.models import Offering, Service, ServiceDependency

from ..backtoback import promises
from ..enums import AgreementType
from ..models import Agreement, AgreementVersion
from .models import AVAILABILITY, Aspect, Standing

LOCK = 0x5354_534C  # any number that nothing else locks
CHUNK_ROWS = 5_000
# How long before its notice begins a contract is to be decided about.
LEAD = timedelta(days=30)
COLUMNS = (
    "aspect", "service_id", "agreement_id", "clock", "priority", "team_id", "organization_id", "is_sample", "is_fine",
)  # fmt: skip
Row = tuple[Any, ...]


@transaction.atomic
def look(*, at: datetime, is_sample: bool | None = None) -> int:
    """
    Look over everything and keep how it stands. Returns how much stands otherwise than at the look before.

    Looks wait for each other. One that comes late dates nothing before what is kept.

    :param is_sample: only what belongs to the sample, or only what does not.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    found = {*_services(), *_promises(at), *_contracts(at)}
    rows = Standing.objects.holding()
    if is_sample is not None:
        rows = rows.filter(is_sample=is_sample)
        found = {row for row in found if row[COLUMNS.index("is_sample")] == is_sample}
    held = {tuple(row[2:]): row[:2] for row in rows.values_list("pk", "from_at", *COLUMNS)}
    ended = [known for row, known in held.items() if row not in found]
    begun = sorted(found - held.keys(), key=str)
    Standing.objects.filter(pk__in=[key for key, _from_at in ended]).update(until_at=Greatest(F("from_at"), at))
    Standing.objects.bulk_create(
        (Standing(from_at=at, **dict(zip(COLUMNS, row, strict=True))) for row in begun), batch_size=CHUNK_ROWS
    )
    if ended or begun:
        mark_days([today(at), *(today(max(from_at, at)) for _key, from_at in ended)], at=at)
    return len(ended) + len(begun)


def _services() -> Iterator[Row]:
    """
    Live services that customers use: offered to somebody, or needed by no other service and part of none.

    Covered by an agreement with customers in force about it or about all services. One with a single person promises
    nothing for the service, one of the sample nothing for a real one.
    """
    about = Q(service=OuterRef("pk")) | Q(service=None)
    fitting = Q(is_sample=False) | Q(is_sample=OuterRef("is_sample"))
    covering = Agreement.objects.with_customers().in_force().filter(about, fitting, requester=None)
    offered = Exists(Offering.objects.filter(service=OuterRef("pk"), is_active=True))
    alone = Q(parent=None) & ~Exists(ServiceDependency.objects.filter(needs=OuterRef("pk")))
    rows = Service.objects.live().filter(Q(offered) | alone).annotate(is_covered=Exists(covering)).order_by()
    for pk, team, is_sample, is_covered in rows.values_list("pk", "support_team", "is_sample", "is_covered"):
        yield Aspect.SERVICE.value, pk, None, "", 0, team, None, is_sample, is_covered


def _promises(at: datetime) -> Iterator[Row]:
    """Promises to customers in force that others carry."""
    for agreement, carried in promises.carried(at=at):
        for (clock, priority), is_carried in carried.items():
            yield (
                Aspect.PROMISE.value, agreement.service_id, agreement.pk, clock or AVAILABILITY, priority, None,
                agreement.organization_id, agreement.is_sample, is_carried,
            )  # fmt: skip


def _contracts(at: datetime) -> Iterator[Row]:
    """
    Contracts with suppliers in force. One that ends is to be decided about from 30 days before its notice begins.

    Decided is it by a notice, or by a next version that was offered for signature.
    """
    offered = AgreementVersion.objects.filter(
        agreement=OuterRef("pk"), number=OuterRef("proposed_version"), offered_at__isnull=False
    )
    rows = Agreement.objects.in_force().filter(type=AgreementType.SUPPLIER).annotate(is_renewed=Exists(offered))
    for each in rows.select_related("calendar").order_by():
        day = at.astimezone(ZoneInfo(each.calendar.zone)).date()
        is_decided = each.ends_date is not None or each.is_renewed
        is_soon = each.valid_to is not None and day >= each.valid_to - timedelta(days=each.notice_days) - LEAD
        yield (
            Aspect.CONTRACT.value, each.service_id, each.pk, "", 0, None, each.organization_id, each.is_sample,
            is_decided or not is_soon,
        )  # fmt: skip
