"""The list of breaches: which ones are asked for, the chips that say so, pages by key, and lines of the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext as _

from common.numbers import number_in
from common.templatetags.steward import hours_minutes
from common.texts import one_line
from people.models import Team
from services.models import Service

from .. import declarations
from ..models import Agreement
from .enums import BreachState
from .models import Breach, Cause

ROWS = 50
# Joined are the tables that every breach has a row in; the rest is read by key, where there is any: PostgreSQL plans a
# join of fifteen for half a second.
JOINED = ("record__service", "record__organization", "clock", "team", "cause")
READ_BY_KEY = (
    "agreement", "owner", "clause", "explained_by", "asked_by", "decided_by", "attachment", "approval",
)  # fmt: skip
ALL = "all"
SHOWN = (*BreachState.values, ALL)
NO_CAUSE = "none"


def whole(rows: Any) -> Any:
    """Breaches with everything that a page or the API says of them."""
    return rows.select_related(*JOINED).prefetch_related(*READ_BY_KEY)


@dataclass(frozen=True)
class Asked:
    """Which breaches: `show` is a state or `all`; the others narrow, by key or short name."""

    show: str = BreachState.RECORDED
    narrowed: Mapping[str, Any] = field(default_factory=dict)
    before: int | None = None

    @classmethod
    def read(cls, query: Mapping[str, str], user: Any) -> "Asked":
        """From the address; what names nothing there is left out."""
        narrowed: dict[str, Any] = {}
        for name, model in (("team", Team), ("service", Service), ("agreement", Agreement)):
            found = (
                model._default_manager.filter(slug=one_line(query.get(name, ""))[:80]).first()
                if query.get(name)
                else None
            )
            if found is not None:
                narrowed[name] = found
        cause = query.get("cause", "")
        if cause == NO_CAUSE:
            narrowed["cause"] = None
        elif cause and (known := Cause.objects.filter(key=cause[:40]).first()):
            narrowed["cause"] = known
        if query.get("clock") in dict(declarations.clock_choices()):
            narrowed["clock"] = query["clock"]
        if query.get("mine") == "1":
            narrowed["mine"] = user
        if query.get("late") == "1":
            narrowed["late"] = True
        before = query.get("before", "")
        return cls(
            show=query.get("show", "") if query.get("show") in SHOWN else BreachState.RECORDED,
            narrowed=narrowed,
            before=number_in(before),
        )

    def rows(self, user: Any, *, at: datetime) -> Any:
        """What matches, not ordered."""
        rows = Breach.objects.visible_to(user)
        if self.show != ALL:
            rows = rows.filter(state=self.show)
        for name, value in self.narrowed.items():
            rows = rows.filter(
                {
                    "team": lambda value: Q(team=value),
                    "service": lambda value: Q(record__service=value),
                    "agreement": lambda value: Q(agreement=value),
                    "cause": lambda value: Q(cause=value),
                    "clock": lambda value: Q(clock_kind=value),
                    "mine": lambda value: Q(owner=value),
                    "late": lambda value: Q(state=BreachState.RECORDED, explain_by_at__lte=at),
                }[name](value)
            )
        return rows

    def page(self, user: Any, *, at: datetime) -> tuple[list[Breach], str]:
        """One page, the newest miss first, and the address of the older ones."""
        rows = self.rows(user, at=at)
        latest = Breach.objects.visible_to(user).filter(pk=self.before).first() if self.before else None
        if latest is not None:
            older = Q(missed_at=latest.missed_at, pk__lt=latest.pk) | Q(missed_at__lt=latest.missed_at)
            rows = rows.filter(Q(missed_at__lte=latest.missed_at) & older)
        found = list(whole(rows).order_by("-missed_at", "-pk")[: ROWS + 1])
        older_url = self.url(before=found[ROWS - 1].pk) if len(found) > ROWS else ""
        return found[:ROWS], older_url

    @property
    def parameters(self) -> dict[str, Any]:
        found: dict[str, Any] = {} if self.show == BreachState.RECORDED else {"show": self.show}
        for name, value in self.narrowed.items():
            if name in ("mine", "late"):
                found[name] = 1
            elif name == "cause":
                found[name] = value.key if value else NO_CAUSE
            else:
                found[name] = value if name == "clock" else value.slug
        return found

    def url(self, **changes: Any) -> str:
        said = {name: value for name, value in {**self.parameters, **changes}.items() if value not in (None, "")}
        return f"?{urlencode(said)}"

    @property
    def chips(self) -> list[dict[str, str]]:
        """What narrows the list beside its state, each with the address that takes it away."""
        found = []
        for name, value in self.narrowed.items():
            label = {
                "mine": lambda value: _("yours"),
                "late": lambda value: _("past the deadline"),
                "cause": lambda value: str(value or _("no cause yet")),
                "clock": declarations.label_of,
            }.get(name, str)(value)
            found.append({"label": label, "remove_url": self.url(**{name: None})})
        return found


HEAD = (
    "reference", "subject", "clock", "service", "team", "organization", "agreement", "priority", "target_h_mm",
    "missed_at", "state", "cause", "explanation", "explained_by", "explain_by", "clause", "evidence", "decided_at",
    "decided_by", "decision_reason",
)  # fmt: skip


def as_line(breach: Breach) -> list[Any]:
    """One line of the file; moments in UTC, ISO 8601."""
    record = breach.record
    return [
        record.reference, record.title, breach.clock_kind, record.service or "", breach.team or "",
        record.organization, breach.agreement or "", f"P{breach.clock.priority}", hours_minutes(breach.clock.target),
        breach.missed_at.isoformat(), breach.state, breach.cause.key if breach.cause else "", breach.explanation,
        breach.explained_by or "", breach.explain_by_at.isoformat() if breach.explain_by_at else "",
        breach.clause.key if breach.clause else "", breach.evidence,
        breach.decided_at.isoformat() if breach.decided_at else "", breach.decided_by or "", breach.decision_reason,
    ]  # fmt: skip
