"""For whom and of which month figures are counted, and the rows behind them as they are found."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q

from common.fingerprints import fingerprint_of
from common.months import Month
from people.models import Organization
from services.models import Offering, Service, Stage

from ..enums import Rows


@dataclass
class Ledger:
    """Figures by key, each with the rows that it counts."""

    rows: dict[str, tuple[Rows, list[int]]] = field(default_factory=dict)

    def count(self, key: str, kind: Rows, ids: Iterable[int]) -> dict[str, Any]:
        """Keep the rows of a figure, in order and each once. Returns the figure: how many, and its key; 0 has none."""
        found = sorted(set(ids))
        if not found:
            return {"count": 0, "key": ""}
        self.rows[key] = (kind, found)
        return {"count": len(found), "key": key}

    def digests(self) -> dict[str, Any]:
        """What the document says of the rows, so that its fingerprint covers them."""
        return {
            key: {"kind": str(kind), "count": len(ids), "sha256": fingerprint_of(ids)}
            for key, (kind, ids) in sorted(self.rows.items())
        }


@dataclass(frozen=True)
class Scope:
    """
    A customer and a month.

    :param at: the moment of counting; what goes on is counted up to it.
    """

    organization: Organization
    month: Month
    at: datetime

    @property
    def at_from(self) -> datetime:
        return self.month.began_at

    @property
    def at_to(self) -> datetime:
        return self.month.ended_at

    @cached_property
    def services(self) -> list[Service]:
        """What the customer gets to use, by name: offered to them, or to everybody."""
        offered = Offering.objects.filter(is_active=True).filter(
            Q(organizations=None) | Q(organizations=self.organization.pk)
        )
        rows = Service.objects.exclude(stage=Stage.PIPELINE).filter(is_sample=self.organization.is_sample)
        # Asked by key: the joins to offerings would repeat a service.
        theirs = Service.objects.filter(Q(offerings=None) | Q(pk__in=offered.values("service_id")))
        return list(rows.filter(pk__in=theirs.values("pk")).order_by("name"))
