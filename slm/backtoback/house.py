"""Everything that a check needs to know of agreements and services, read in a handful of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q

from services.models import Service, ServiceDependency

from ..availability.models import Redundancy
from ..clockwork.choosing import DEEPEST
from ..enums import AgreementType
from ..models import Agreement, AgreementVersion
from ..selection import rank
from ..texts import version_row

READ = ("team", "supplier", "service", "organization", "calendar")


@dataclass(frozen=True)
class House:
    """
    The agreements that bind, and the services that are in use.

    :ivar beneath: agreements with teams and contracts with suppliers, those in force first in each place.
    """

    beneath: Sequence[Agreement]
    services: dict[int, Service]
    needs: dict[int, list[Service]]
    groups: dict[int, list[Redundancy]]
    customers: Sequence[Agreement]
    at: datetime

    @classmethod
    def read(cls, *, at: datetime) -> "House":
        """Seven statements, however many agreements and services there are."""
        rows = list(
            Agreement.objects.binding()
            .exclude(Q(valid_to__lte=at.date()) | Q(ends_date__lte=at.date()))
            .select_related(*READ)
            .prefetch_related("targets")
            .order_by("pk")
        )
        live = Service.objects.live().select_related("support_team").order_by("pk")
        services = {each.pk: each for each in live.prefetch_related("redundancies__members")}
        needs: dict[int, list[Service]] = {}
        for service, needed in ServiceDependency.objects.values_list("service", "needs"):
            if needed in services and service in services:
                needs.setdefault(service, []).append(services[needed])
        for each in services.values():
            if each.parent_id in services:
                needs.setdefault(each.parent_id, []).append(each)
        return cls(
            beneath=[each for each in rows if each.type != AgreementType.CUSTOMER],
            services=services,
            needs=needs,
            groups={key: list(each.redundancies.all()) for key, each in services.items()},
            customers=[each for each in rows if each.type == AgreementType.CUSTOMER],
            at=at,
        )

    def team_agreement(self, text: Agreement, service: Service) -> Agreement | None:
        """The agreement with the team that supports the service, for tickets such as the text is about."""
        wanted = [
            each
            for each in self._fitting(text, service)
            if each.type == AgreementType.TEAM and each.team_id == service.support_team_id
        ]
        return max(wanted, key=lambda each: (rank(each), -each.pk), default=None)

    def contracts(self, text: Agreement, service: Service) -> list[Agreement]:
        """
        The contracts with suppliers for the service and for those that it needs, the most specific of each supplier:
        those that a ticket's clock goes by, the nearest first.
        """
        best: dict[Any, Agreement] = {}
        steps = self._steps_from(service)
        for each in self._fitting(text, service, *steps):
            if each.type != AgreementType.SUPPLIER or each.service_id is None:
                continue
            if service.supplier_id not in (None, each.supplier_id):
                continue
            key = each.supplier_id or each.supplier_name
            weight = rank(each), -steps.get(each.service_id, 0)
            if key not in best or weight > (rank(best[key]), -steps.get(best[key].service_id or 0, 0)):
                best[key] = each
        return list(best.values())

    def _steps_from(self, service: Service) -> dict[int, int]:
        """The services that one needs, as `clockwork.choosing` counts them: key -> steps."""
        found: dict[int, int] = {}
        latest = [service.pk]
        for depth in range(1, DEEPEST + 1):
            around = {each.pk for key in latest for each in self.needs.get(key, ())}
            latest = [key for key in around if key not in found and key != service.pk]
            found |= dict.fromkeys(latest, depth)
        return found

    def pledged(self, service: Service) -> Agreement | None:
        """Who promises the availability of a service: its contract, else its team, else what customers are promised."""
        for rows in (self.beneath, self.customers):
            found = [
                each
                for each in rows
                if each.service_id == service.pk and each.availability_target is not None and each.requester_id is None
            ]
            if found:
                return min(found, key=lambda each: (each.type != AgreementType.SUPPLIER, each.pk))
        return None

    def services_of(self, text: Agreement) -> list[Service]:
        """The service that the text names, if it is in use; without one every service that a team supports."""
        if text.service_id is not None:
            return [self.services[text.service_id]] if text.service_id in self.services else []
        return [each for each in self.services.values() if each.support_team_id is not None]

    @cached_property
    def has_beneath(self) -> bool:
        return bool(self.beneath)

    def _fitting(self, text: Agreement, service: Service, *needed: int) -> Iterable[Agreement]:
        return (
            each
            for each in self.beneath
            if each.kind == text.kind
            and each.service_id in (None, service.pk, *needed)
            and each.organization_id in (None, text.organization_id)
            and each.requester_id in (None, text.requester_id)
        )


def texts_to_check(agreements: Iterable[Agreement]) -> list[Agreement]:
    """The text in force and the one drafted beside it, of each agreement with customers. One statement for drafts."""
    rows = list(agreements)
    drafts = AgreementVersion.objects.filter(
        agreement__in=[each.pk for each in rows if each.proposed_version is not None]
    ).select_related("agreement__calendar")
    wanted = {(each.pk, each.proposed_version) for each in rows}
    return [*rows, *(version_row(each) for each in drafts if (each.agreement_id, each.number) in wanted)]
