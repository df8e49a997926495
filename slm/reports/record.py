"""How one agreement was kept, month by month, as the issued reports say, with the words of both sides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.months import Month
from people.models import Organization

from .models import Remark, ServiceReport
from .queries import RELATED
from .reading import Reading


@dataclass(frozen=True)
class KeptMonth:
    """
    What the report of a month says of one agreement.

    :ivar targets: as `Reading.agreements` has it, None where no clock finished. :ivar services: availability of each.
    :ivar credit: None where it gives none. :ivar remarks: of both sides, in order, about earlier editions too.
    """

    report: ServiceReport
    targets: dict[str, Any] | None
    services: list[dict[str, Any]]
    credit: dict[str, Any] | None
    remarks: list[Remark]

    @property
    def has_words(self) -> bool:
        return bool(self.report.summary or self.remarks)


def months_of(agreement_id: int, *, customer: Organization, until: Month, viewer: Any) -> list[KeptMonth]:
    """
    The twelve months up to one, the earliest first; of each the latest edition that was issued. Two statements.

    What is frozen is told as it was issued, so that both sides read the same.
    """
    rows = ServiceReport.objects.visible_to(viewer).frozen().latest_editions()
    rows = rows.filter(
        organization=customer, first_day__gte=until.moved(-11).first, first_day__lt=until.following.first
    )
    reports = rows.select_related(*RELATED).order_by("first_day", "edition")
    said: dict[date, list[Remark]] = {}
    earlier = Remark.objects.filter(report__in=ServiceReport.objects.visible_to(viewer).frozen())
    earlier = earlier.filter(report__organization=customer, report__first_day__in=[each.first_day for each in reports])
    for each in earlier.select_related("by", "report").order_by("at", "pk"):
        said.setdefault(each.report.first_day, []).append(each)
    return [_kept(report, agreement_id, said.get(report.first_day, [])) for report in reports]


def _kept(report: ServiceReport, agreement_id: int, remarks: list[Remark]) -> KeptMonth:
    reading = Reading(report)
    return KeptMonth(
        report=report,
        targets=next((each for each in reading.agreements if each["id"] == agreement_id), None),
        services=list(_services(reading.services, agreement_id)),
        credit=next((each for each in reading.credits if each["agreement_id"] == agreement_id), None),
        remarks=remarks,
    )


def _services(services: Iterable[dict[str, Any]], agreement_id: int) -> Iterable[dict[str, Any]]:
    """Where several agreements ruled one after the other, the days of this one."""
    for service in services:
        for each in service["parts"] or [service]:
            if each["agreement_id"] == agreement_id:
                yield each | {"name": service["name"]}
