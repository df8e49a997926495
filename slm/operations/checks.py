"""What the text of an agreement must fulfil to be saved, and to be offered for signature."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from common.refusals import Refusal, Refused
from records.operations.editing import check_fields

from .. import declarations, thresholds
from ..enums import AgreementType, MaintenancePolicy, VolumePeriod
from ..models import Agreement, Target
from ..terms import LONGEST_TARGET_MINUTES

LONGEST_NOTICE_DAYS = 1_095
MOST_RECORDS = 10_000_000
# Days beyond these have no moment in every zone, and nobody means them.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2199, 12, 31)
CHECKED = (
    "name", "supplier_name", "pause_reasons", "reopen_policy", "retarget_policy", "attainment_target",
    "availability_target", "maintenance", "exclusions", "notice_days",
)  # fmt: skip


def refuse_unfit(agreement: Agreement, targets: Iterable[Target]) -> None:
    """
    Check a text before it is saved.

    :raises Refused: one refusal for each value that does not fit.
    """
    check_fields(agreement, set(CHECKED))
    refusals = [*_unfit_values(agreement), *_unfit_party(agreement), *_unfit_limits(agreement.limits)]
    refusals += _unfit_pauses(agreement)
    clocks = [each.clock for each in declarations.of(agreement.kind)]
    refusals += thresholds.unfit(agreement.thresholds, clocks=clocks)
    known = {each.clock for each in declarations.promised(agreement.kind)}
    for each in targets:
        if each.clock not in known:
            message = _("A record of this kind has no such clock: %(clock)s.") % {"clock": each.clock}
            refusals.append(Refusal("unknown_clock", message, f"{each.clock}_{each.priority}"))
        if not 1 <= each.target_minutes <= LONGEST_TARGET_MINUTES:
            message = _("A target takes between one minute and a year of working time.")
            refusals.append(Refusal("out_of_range", message, f"{each.clock}_{each.priority}"))
    if refusals:
        raise Refused.all_of(refusals)


def refuse_unfit_signatories(agreement: Agreement) -> None:
    """
    Check who is to sign before it is saved.

    :raises Refused: one person for both sides, or somebody who does not belong to the side.
    """
    provider, partner = agreement.provider_signatory, agreement.partner_signatory
    if provider is not None and provider == partner:
        message = _("One person can't sign for both sides. Choose two.")
        raise Refused.because("same_person", message, "partner_signatory")
    if provider is not None and not provider.organization.is_provider:
        message = _("%(person)s does not work for the provider. Choose somebody who does.")
        raise Refused.because("stranger", message % {"person": provider}, "provider_signatory")
    is_of_customer = agreement.type == AgreementType.CUSTOMER and agreement.organization_id is not None
    if partner is not None and is_of_customer and partner.organization_id != agreement.organization_id:
        message = _("%(person)s does not belong to %(customer)s. Choose somebody who does.")
        said = {"person": partner, "customer": agreement.organization}
        raise Refused.because("stranger", message % said, "partner_signatory")


def refuse_days(**days: date | None) -> None:
    """:raises Refused: one of the days, by the name of its field, lies beyond what is worked out here."""
    if refusals := _unfit_days(**days):
        raise Refused.all_of(refusals)


def refuse_unready(agreement: Agreement, text: Agreement, *, today: date) -> None:
    """
    Check that a text can be signed: something measurable is promised, exclusions and review are settled, who signs.

    :param text: the agreement as the text says. :raises Refused: one refusal for each thing that is missing.
    """
    refusals = []
    if not list(text.targets.all()) and text.availability_target is None and not text.limits.get("quality"):
        refusals.append(Refusal("required", _("Nothing is promised yet. Enter a target first."), "targets"))
    if not text.exclusions.strip():
        message = _("The exclusions are missing. Write what does not count, or none.")
        refusals.append(Refusal("required", message, "exclusions"))
    if agreement.review_date is None or agreement.review_date <= today:
        message = _("The next review has no day to come. Choose one.")
        refusals.append(Refusal("required", message, "review_date"))
    if agreement.provider_signatory_id is None:
        refusals.append(Refusal("required", _("Say who signs for the provider."), "provider_signatory"))
    if text.end is not None and text.end <= today:
        refusals.append(Refusal("past", _("Its validity is over already. Give a later end."), "valid_to"))
    if refusals:
        raise Refused.all_of(refusals)


def _unfit_days(**days: date | None) -> list[Refusal]:
    message = _("This date is outside of 1970 to 2199.")
    return [
        Refusal("range", message, name)
        for name, day in days.items()
        if day is not None and not FIRST_DAY <= day <= LAST_DAY
    ]


def _unfit_pauses(agreement: Agreement) -> list[Refusal]:
    known = {reason for reason, _label in declarations.reason_choices(agreement.kind)}
    said = agreement.pause_reasons
    if unknown := sorted(set(said) - known):
        message = _("Records of this kind wait for no such reason: %(reason)s.") % {"reason": ", ".join(unknown)}
        return [Refusal("unknown_reason", message, "pause_reasons")]
    if len(set(said)) < len(said):
        return [Refusal("twice", _("A reason stands twice. Give each once."), "pause_reasons")]
    return []


def _unfit_values(agreement: Agreement) -> list[Refusal]:
    refusals = _unfit_days(valid_from=agreement.valid_from, valid_to=agreement.valid_to)
    if Agreement.objects.filter(name=agreement.name).exclude(pk=agreement.pk).exists():
        message = _("Another agreement is called “%(name)s”.") % {"name": agreement.name}
        refusals.append(Refusal("taken", message, "name"))
    if agreement.valid_from and agreement.valid_to and agreement.valid_from >= agreement.valid_to:
        message = _("The validity ends before it begins. Give a later end.")
        refusals.append(Refusal("reversed_validity", message, "valid_to"))
    if not 0 <= agreement.attainment_target <= 100:
        refusals.append(Refusal("unfit", _("A percentage lies between 0 and 100."), "attainment_target"))
    if agreement.availability_target is not None and not 0 <= agreement.availability_target <= 100:
        refusals.append(Refusal("unfit", _("A percentage lies between 0 and 100."), "availability_target"))
    if agreement.maintenance == MaintenancePolicy.WINDOWS and agreement.maintenance_windows_id is None:
        message = _("The agreed windows are missing. Choose the calendar that is open during maintenance.")
        refusals.append(Refusal("required", message, "maintenance_windows"))
    if agreement.notice_days > LONGEST_NOTICE_DAYS:
        refusals.append(Refusal("out_of_range", _("Notice takes three years at the most."), "notice_days"))
    return refusals


def _unfit_party(agreement: Agreement) -> list[Refusal]:
    """Who stands on the other side must fit the type."""
    is_team, is_supplier = agreement.type == AgreementType.TEAM, agreement.type == AgreementType.SUPPLIER
    refusals = []
    if is_team and agreement.team_id is None:
        refusals.append(Refusal("required", _("Whose agreement is it? Choose the team."), "team"))
    if not is_team and agreement.team_id is not None:
        refusals.append(Refusal("unfit", _("Only agreements with a team name one. Leave it empty."), "team"))
    named = (agreement.supplier_id is not None) + bool(agreement.supplier_name)
    if is_supplier and named != 1:
        message = _("Name the supplier: choose an organization, or write a name, not both.")
        refusals.append(Refusal("required", message, "supplier"))
    if is_supplier and agreement.supplier is not None and agreement.supplier.is_provider:
        message = _("A supplier is somebody else. With a team of ours, make an agreement with that team.")
        refusals.append(Refusal("unfit", message, "supplier"))
    if not is_supplier and named:
        message = _("Only contracts with a supplier name one. Leave it empty.")
        refusals.append(Refusal("unfit", message, "supplier"))
    return refusals


def _unfit_limits(limits: Mapping[str, Any]) -> list[Refusal]:
    refusals = []
    volume = limits.get("volume")
    if volume and (volume["per"] not in VolumePeriod.values or not 1 <= volume["most"] <= MOST_RECORDS):
        message = _("A limit counts between 1 and %(most)s tickets.") % {"most": f"{MOST_RECORDS:,}"}
        refusals.append(Refusal("out_of_range", message, "volume_most"))
    for measure, bound in limits.get("quality", {}).items():
        try:
            is_fit = 0 <= Decimal(bound) <= 1_000_000
        except (InvalidOperation, TypeError, ValueError):
            is_fit = False
        if not is_fit:
            refusals.append(Refusal("unfit", _("A bound is a number from 0 up."), f"quality_{measure}"))
    return refusals
