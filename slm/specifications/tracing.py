"""
How the cells of a service and its agreements fit: promises without a target, targets without a promise.

Statements without a number promise nothing that could be compared. An agreement for every service counts where none is
for this one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from records import practices
from records.enums import Priority
from services.models import Offering, Service
from services.specifications import bounds
from services.specifications.bounds import Bound
from services.specifications.models import Specification, Statement

from .. import declarations
from ..enums import AgreementType
from ..models import Agreement
from ..reading import clock_label
from .measuring import AVAILABILITY, CLOCK, MEASURE, code_of, parts_of


class Fit(StrEnum):
    """How an agreement stands to a statement."""

    HELD = "held"
    WEAKER = "weaker"
    MISSING = "missing"


@dataclass(frozen=True)
class Trace:
    """One agreement beside one statement. :param promised: what it promises, in words; empty where nothing is."""

    agreement: Agreement
    fit: Fit
    promised: str


@dataclass
class Traced:
    """A statement with a number, and every agreement that would have to keep it."""

    statement: Statement
    bound: Bound
    traces: list[Trace] = field(default_factory=list)

    @property
    def said(self) -> str:
        return bounds.in_words({self.bound.code: self.bound}, self.bound.code, self.statement.value)


@dataclass(frozen=True)
class Loose:
    """Something that an agreement promises and no statement says."""

    agreement: Agreement
    label: str


@dataclass(frozen=True)
class Finding:
    """Something that does not fit, in words."""

    agreement: Agreement
    kind: str
    text: str


@dataclass
class Check:
    """All of it for one version."""

    traced: list[Traced]
    loose: list[Loose]
    agreements: list[Agreement]

    @property
    def findings(self) -> Iterator[Finding]:
        """What does not fit, a sentence each."""
        for each in self.traced:
            for trace in each.traces:
                said = {"text": each.statement.text, "said": each.said, "promised": trace.promised}
                if trace.fit == Fit.MISSING:
                    yield Finding(trace.agreement, trace.fit, _("“%(text)s” (%(said)s): no target keeps it.") % said)
                elif trace.fit == Fit.WEAKER:
                    words = _("“%(text)s” (%(said)s): the agreement promises less, %(promised)s.")
                    yield Finding(trace.agreement, trace.fit, words % said)
        for loose in self.loose:
            words = _("%(label)s: promised, but no cell says it.")
            yield Finding(loose.agreement, "loose", words % {"label": loose.label})


def is_about_calls(agreement: Agreement) -> bool:
    """Whether it is with customers, about records that they call for."""
    return agreement.type == AgreementType.CUSTOMER and agreement.kind in _kinds()


def _kinds() -> list[str]:
    return [each.kind for each in practices.all_practices() if each.has_portal_page]


def about_calls(agreements: Any) -> Any:
    """Of these, agreements with customers about what they call for, with all that a check reads."""
    rows = agreements.with_customers().filter(kind__in=_kinds())
    return rows.select_related("organization", "requester", "service").prefetch_related("targets")


def agreements_of(service: Service) -> list[Agreement]:
    """Those in force for this service, or, where there are none, for every service; two statements."""
    rows = about_calls(Agreement.objects.in_force()).filter(Q(service=service) | Q(service=None))
    found = list(rows.order_by("name", "pk"))
    return [each for each in found if each.service_id is not None] or found


def shared_availability() -> Decimal | None:
    """What the agreement for everybody promises, by which availability goes where others promise none."""
    rows = Agreement.objects.in_force().with_customers().filter(service=None, organization=None, requester=None)
    found = rows.exclude(availability_target=None).order_by("-availability_target")
    return found.values_list("availability_target", flat=True).first()


def checked(
    specification: Specification | None, agreements: Iterable[Agreement], *, shared: Decimal | None = None
) -> Check:
    """
    Hold them against each other; a statement where offerings are named, else none.

    :param specification: with its statements read. :param agreements: with their targets read.
    :param shared: the availability that everybody is promised.
    """
    known = bounds.every()
    agreements = list(agreements)
    statements = [] if specification is None else [each for each in specification.statements.all() if each.bound]
    offered = _offered(statements)
    traced = [Traced(each, known[each.bound]) for each in statements if each.bound in known]
    loose: list[Loose] = []
    named = {customer for each in agreements if (customer := _customer(each)) is not None}
    for agreement in agreements:
        concerned = [each for each in traced if _concerns(offered.get(each.statement.offering_id), agreement, named)]
        for each in concerned:
            each.traces += _traces(each, agreement, shared)
        codes = {each.bound.code for each in concerned}
        loose += [Loose(agreement, label) for label in _loose(agreement, codes, known)]
    return Check(traced, loose, agreements)


def _offered(statements: Iterable[Statement]) -> dict[int | None, set[int]]:
    """Organizations of the offerings that are not for everybody, by offering. At most one statement."""
    keys = {each.offering_id for each in statements if each.offering_id}
    found: dict[int | None, set[int]] = {}
    if keys:
        for key, organization in Offering.organizations.through.objects.filter(offering__in=keys).values_list(
            "offering_id", "organization_id"
        ):
            found.setdefault(key, set()).add(organization)
    return found


def _customer(agreement: Agreement) -> int | None:
    return agreement.organization_id or getattr(agreement.requester, "organization_id", None)


def _concerns(offered: set[int] | None, agreement: Agreement, named: set[int]) -> bool:
    """
    Whether the agreement is with somebody to whom the statement is offered.

    :param offered: None: to everybody. :param named: customers with an agreement of their own, to which the one for
        everybody does not apply.
    """
    customer = _customer(agreement)
    if offered is None:
        return True
    return customer in offered if customer is not None else bool(offered - named)


def _traces(traced: Traced, agreement: Agreement, shared: Decimal | None) -> Iterator[Trace]:
    kind, name, _priority = parts_of(traced.bound.code)
    if kind == CLOCK and name not in _clocks_of(agreement):
        return  # an agreement about other records, which have no such clock
    promised = promises_of(agreement)
    if shared is not None:
        promised.setdefault(AVAILABILITY, shared)
    found = [value for code, value in promised.items() if _is_covered(traced.bound.code, code)]
    if not found or traced.statement.value is None:
        yield Trace(agreement, Fit.MISSING, "")
        return
    weakest = min(found) if traced.bound.is_at_least else max(found)
    is_kept = weakest >= traced.statement.value if traced.bound.is_at_least else weakest <= traced.statement.value
    yield Trace(agreement, Fit.HELD if is_kept else Fit.WEAKER, bounds.said(traced.bound, weakest))


def promises_of(agreement: Agreement) -> dict[str, Decimal]:
    """Every number that an agreement promises, by the code of what it is about; clocks by priority."""
    found = {
        code_of(CLOCK, each.clock, each.priority): Decimal(each.target_minutes) for each in agreement.targets.all()
    }
    if agreement.availability_target is not None:
        found[AVAILABILITY] = Decimal(agreement.availability_target)
    for name, bound in agreement.limits.get("quality", {}).items():
        found[code_of(MEASURE, name)] = Decimal(bound)
    return found


def _is_covered(stated: str, promised: str) -> bool:
    """Whether a statement about `stated` speaks of what is promised: a clock without a priority, of every one."""
    return stated == promised or (stated.startswith(f"{CLOCK}:") and promised.startswith(f"{stated}:"))


def _clocks_of(agreement: Agreement) -> set[str]:
    return {each.clock for each in declarations.promised(agreement.kind)}


def _loose(agreement: Agreement, stated: set[str], known: dict[str, Bound]) -> Iterator[str]:
    """Labels of what no statement speaks of; priorities of one clock are told together."""
    open_codes = [code for code in promises_of(agreement) if not any(_is_covered(each, code) for each in stated)]
    clocks: dict[str, list[int]] = {}
    for code in open_codes:
        kind, name, priority = parts_of(code)
        if kind == CLOCK and priority is not None:
            clocks.setdefault(name, []).append(priority)
        elif code in known:
            yield known[code].label
    for name, priorities in clocks.items():
        if len(priorities) == len(Priority):
            yield clock_label(name)
        else:
            told = ", ".join(f"P{each}" for each in sorted(priorities))
            yield _("%(clock)s, %(priorities)s") % {"clock": clock_label(name), "priorities": told}
