"""The terms of one version of an agreement as plain values, kept in the process."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from calendars import registry

from .enums import AgreementType
from .models import Agreement, AgreementVersion
from .points import Hours, Point

LONGEST_TARGET_MINUTES = 525_600


@dataclass(frozen=True)
class Promise:
    """
    A target: how much working time, on which calendar.

    :param point: the point in time promised instead; `target` is then the longest that it can take until `since`.
    """

    target: timedelta
    calendar_id: int
    point: Point | None = None

    @classmethod
    def said(cls, target: int | Point, calendar_id: int) -> "Promise":
        """From working minutes or a point."""
        if isinstance(target, Point):
            minutes = min(target.longest_minutes(registry.current(calendar_id).time.spec), LONGEST_TARGET_MINUTES)
            return cls(timedelta(minutes=minutes), calendar_id, target)
        return cls(timedelta(minutes=target), calendar_id)

    def since(self, start: datetime, hours: Hours | None = None) -> "Promise":
        """
        The same, counted from a moment: a point as the working time from there on, anything else as it is.

        :param hours: those of the calendar as they stand now, if not given.
        """
        if self.point is None:
            return self
        target = self.point.target(start, hours or registry.current(self.calendar_id).time)
        return self if target is None else replace(self, target=target)


@dataclass(frozen=True)
class Terms:
    """What one version of an agreement says. `promises` by clock and priority; `availability` in plain values."""

    agreement_id: int
    name: str
    version: int
    kind: str
    organization_id: int | None
    service_id: int | None
    requester_id: int | None
    calendar_id: int
    promises: Mapping[tuple[str, int], Promise]
    pause_reasons: tuple[str, ...]
    reopen_policy: str
    retarget_policy: str
    valid_from: date | None
    valid_to: date | None
    availability: Mapping[str, Any] = field(default_factory=dict)
    thresholds: tuple[Mapping[str, Any], ...] = ()
    type: str = AgreementType.CUSTOMER
    team_id: int | None = None
    supplier_id: int | None = None

    def promise(self, clock: str, priority: int) -> Promise | None:
        """The target of a clock for a priority; None where nothing was promised."""
        return self.promises.get((str(clock), int(priority)))

    @classmethod
    def of(cls, agreement: Agreement) -> "Terms":
        """Read the terms from the rows; `targets` should be prefetched. Notice that was given ends them too."""
        promises = {
            (each.clock, each.priority): Promise(
                timedelta(minutes=each.target_minutes),
                each.calendar_id or agreement.calendar_id,
                Point.from_code(each.point),
            )
            for each in agreement.targets.all()
        }
        return cls(
            agreement_id=agreement.pk,
            name=agreement.name,
            version=agreement.version,
            kind=agreement.kind,
            organization_id=agreement.organization_id,
            service_id=agreement.service_id,
            requester_id=agreement.requester_id,
            calendar_id=agreement.calendar_id,
            promises=promises,
            pause_reasons=tuple(agreement.pause_reasons),
            reopen_policy=agreement.reopen_policy,
            retarget_policy=agreement.retarget_policy,
            valid_from=agreement.valid_from,
            valid_to=agreement.end,
            availability={
                "target": None if agreement.availability_target is None else str(agreement.availability_target),
                "hours": agreement.service_hours_id,
                "maintenance": agreement.maintenance,
                "windows": agreement.maintenance_windows_id,
            },
            thresholds=tuple(agreement.thresholds),
            type=str(agreement.type),
            team_id=agreement.team_id,
            supplier_id=agreement.supplier_id,
        )

    def as_document(self) -> dict[str, Any]:
        """Write the terms as plain JSON values; `from_document` reads them back."""
        return {
            "name": self.name,
            "kind": self.kind,
            "organization": self.organization_id,
            "service": self.service_id,
            "requester": self.requester_id,
            "calendar": self.calendar_id,
            "targets": [
                [clock, priority, each.target // timedelta(minutes=1), each.calendar_id]
                for (clock, priority), each in sorted(self.promises.items())
            ],
            "points": [
                [clock, priority, each.point.code]
                for (clock, priority), each in sorted(self.promises.items())
                if each.point
            ],
            "pause_reasons": list(self.pause_reasons),
            "reopen_policy": self.reopen_policy,
            "retarget_policy": self.retarget_policy,
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "availability": dict(self.availability),
            "thresholds": [dict(each) for each in self.thresholds],
            "type": str(self.type),
            "team": self.team_id,
            "supplier": self.supplier_id,
        }

    @classmethod
    def from_document(cls, agreement_id: int, version: int, document: Mapping[str, Any]) -> "Terms":
        """Read what `as_document` wrote."""
        points = {(clock, priority): Point.from_code(code) for clock, priority, code in document.get("points", ())}
        return cls(
            agreement_id=agreement_id,
            name=document["name"],
            version=version,
            kind=document["kind"],
            organization_id=document["organization"],
            service_id=document["service"],
            requester_id=document["requester"],
            calendar_id=document["calendar"],
            promises={
                (clock, priority): Promise(timedelta(minutes=minutes), calendar_id, points.get((clock, priority)))
                for clock, priority, minutes, calendar_id in document["targets"]
            },
            pause_reasons=tuple(document["pause_reasons"]),
            reopen_policy=document["reopen_policy"],
            retarget_policy=document["retarget_policy"],
            valid_from=date.fromisoformat(document["valid_from"]) if document["valid_from"] else None,
            valid_to=date.fromisoformat(document["valid_to"]) if document["valid_to"] else None,
            availability=document.get("availability", {}),
            thresholds=tuple(document.get("thresholds", ())),
            type=document.get("type", AgreementType.CUSTOMER),
            team_id=document.get("team"),
            supplier_id=document.get("supplier"),
        )


def earlier_terms(agreement_id: int, version: int) -> Terms | None:
    """Look up the terms of a version that may no longer be in force; None if nobody wrote them down."""
    row = AgreementVersion.objects.filter(agreement_id=agreement_id, number=version).first()
    return None if row is None else Terms.from_document(agreement_id, version, row.document)
