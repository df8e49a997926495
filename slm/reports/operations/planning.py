"""Plans: for whom a report is made each month, and who gets it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.months import EARLIEST, LATEST
from common.refusals import Refused, Stale
from common.texts import said
from people.access import access_of, require
from people.models import Organization, User

from ..chapters import find
from ..models import ReportPlan

FIELDS = ("purpose", "zone", "owner", "first_month", "left_out", "is_active")
MOST_RECEIVERS = 50
LONGEST_PURPOSE = 300


@transaction.atomic
def create_plan(
    *, organization: Organization, by: Any, at: datetime, zone: str, first_month: date, purpose: str = "",
    owner: User | None = None, receivers: Collection[User] = (), left_out: Collection[str] = (), is_active: bool = True,
) -> ReportPlan:  # fmt: skip
    """
    Plan a monthly report for a customer. A worker makes it for each month from the first one on, once it is over.

    :param zone: IANA name; says when a month begins. :param left_out: names of chapters not told to this customer.
    :raises NotAllowed: :raises Refused: the provider itself, planned already, a receiver who may not read it.
    """
    plan = ReportPlan(organization=organization, is_sample=organization.is_sample)
    if by is not None:
        require(by, "report.prepare", plan)
    if organization.is_provider:
        raise Refused.because("provider", _("Reports are for customers. Choose one."), "organization")
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if ReportPlan.objects.filter(organization=organization).exists():
        raise Refused.because(
            "exists", _("%(customer)s has a report plan already. Open it.") % {"customer": organization}, "organization"
        )
    _take(
        plan, purpose=purpose, zone=zone, owner=owner, first_month=first_month, left_out=left_out, is_active=is_active
    )
    _refuse_strangers(plan, receivers)
    plan.save(force_insert=True)
    plan.receivers.set(receivers)
    _log("planned", plan, by=by, at=at, changes={name: (None, getattr(plan, name)) for name in FIELDS})
    return plan


@transaction.atomic
def revise_plan(
    *, plan: ReportPlan, by: Any, at: datetime, version: int | None = None, receivers: Collection[User] | None = None,
    **values: Any,
) -> ReportPlan:  # fmt: skip
    """
    Change a plan; reports that were made keep what they say.

    :param values: of `FIELDS`; what is left out stays. :raises NotAllowed: :raises Stale: :raises Refused:
    """
    locked = ReportPlan.objects.select_for_update(of=("self",)).select_related("organization", "owner").get(pk=plan.pk)
    require(by, "report.prepare", locked)
    if version is not None and version != locked.version:
        raise Stale.because("stale", _("The plan was changed by somebody else meanwhile. Compare, then save again."))
    before = {name: getattr(locked, name) for name in FIELDS}
    _take(locked, **(before | values))
    if receivers is not None:
        _refuse_strangers(locked, receivers)
        locked.receivers.set(receivers)
    locked.version += 1
    locked.save(update_fields=[*FIELDS, "version"])
    changes = {name: (before[name], getattr(locked, name)) for name in FIELDS if before[name] != getattr(locked, name)}
    told = {} if receivers is None else {"receivers": sorted(each.pk for each in receivers)}
    _log("plan_revised", locked, by=by, at=at, changes=changes, data=told)
    return locked


def _take(
    plan: ReportPlan, *, purpose: str, zone: str, owner: User | None, first_month: date, left_out: Collection[str],
    is_active: bool,
) -> None:  # fmt: skip
    if zone not in available_timezones():
        raise Refused.because(
            "zone", _("“%(zone)s” is no time zone. Pick one such as Europe/Oslo.") % {"zone": zone}, "zone"
        )
    if not EARLIEST <= first_month <= LATEST:
        raise Refused.because("unfit", _("This month is too far away. Check the year."), "first_month")
    unknown = [name for name in left_out if find(name) is None and name not in plan.left_out]
    if unknown:
        raise Refused.because("unknown", _("There is no chapter “%(name)s”.") % {"name": unknown[0]}, "left_out")
    if owner is not None and not (owner.is_active and access_of(owner).allows_on("report.prepare", plan)):
        raise Refused.because(
            "owner", _("%(person)s may not prepare this report. Choose somebody else.") % {"person": owner}, "owner"
        )
    plan.purpose = said(purpose, field="purpose", limit=LONGEST_PURPOSE)
    plan.zone, plan.owner, plan.first_month = zone, owner, first_month.replace(day=1)
    plan.left_out, plan.is_active = sorted(set(left_out)), is_active


def _refuse_strangers(plan: ReportPlan, receivers: Collection[User]) -> None:
    """Receivers are people of the customer, or of ours who may see its reports."""
    if len(receivers) > MOST_RECEIVERS:
        raise Refused.because(
            "too_many", _("At most %(count)d people get a report.") % {"count": MOST_RECEIVERS}, "receivers"
        )
    for person in receivers:
        is_theirs = person.organization_id == plan.organization_id
        if not person.is_active or not (is_theirs or access_of(person).allows_on("report.view", plan)):
            raise Refused.because(
                "stranger",
                _("%(person)s belongs to another organization and may not read this report. Take them off.")
                % {"person": person},
                "receivers",
            )


def _log(action: str, plan: ReportPlan, *, by: Any, at: datetime, **said: Any) -> None:
    log.record(
        f"report.{action}",
        subject_kind="report_plan",
        subject_id=plan.pk,
        subject_label=str(plan.organization),
        organization_id=plan.organization_id,
        by=by,
        at=at,
        **said,
    )
