"""What must fit before an outage is kept: each reason a sentence, at the field it is about."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from common.refusals import Refusal, Refused

from .models import Outage

LONGEST_BACK = timedelta(days=3_660)
LONGEST_AHEAD = timedelta(days=732)
LONGEST_CAUSE = 300
MOST_USERS = 2_147_483_647


def refuse_unfit(outage: Outage, *, at: datetime) -> None:
    """:raises Refused: all reasons at once."""
    refusals = [*_moments(outage, at), *_amounts(outage)]
    if outage.offering is not None and outage.offering.service_id != outage.service_id:
        refusals.append(
            Refusal("unfit", _("This offering belongs to another service. Choose one of the service."), "offering")
        )
    if refusals:
        raise Refused.all_of(refusals)


def _moments(outage: Outage, at: datetime) -> list[Refusal]:
    found = []
    if outage.started_at < at - LONGEST_BACK:
        found.append(Refusal("too_early", _("This is more than ten years back. Check the date."), "started_at"))
    if outage.is_planned:
        if max(outage.started_at, outage.ended_at or outage.started_at) > at + LONGEST_AHEAD:
            found.append(Refusal("too_late", _("This is more than two years ahead. Check the date."), "started_at"))
    else:
        ahead = _("This lies ahead. Only planned downtime can: mark it as planned, or correct the time.")
        if outage.started_at > at:
            found.append(Refusal("ahead", ahead, "started_at"))
        if outage.ended_at is not None and outage.ended_at > at:
            found.append(Refusal("ahead", ahead, "ended_at"))
    if outage.ended_at is not None and outage.ended_at <= outage.started_at:
        found.append(Refusal("reversed", _("The outage ends before it began. Give a later end."), "ended_at"))
    if outage.is_planned and outage.ended_at is None and outage.started_at > at:
        found.append(
            Refusal("required", _("Downtime planned ahead needs its end. Say when it is to be over."), "ended_at")
        )
    return found


def _amounts(outage: Outage) -> list[Refusal]:
    found = []
    if not 0 <= outage.weight <= 1 or outage.weight != round(outage.weight, 2):
        found.append(
            Refusal("unfit", _("The share lost lies between 0 and 100 percent, without fractions of one."), "weight")
        )
    if outage.users_affected is not None and not 0 <= outage.users_affected <= MOST_USERS:
        found.append(Refusal("unfit", _("So many people there are not. Check the number."), "users_affected"))
    if len(outage.cause) > LONGEST_CAUSE:
        message = _("The cause has more than %(most)s characters.") % {"most": LONGEST_CAUSE}
        found.append(Refusal("too_long", message, "cause"))
    return found


def refuse_double(outage: Outage) -> None:
    """
    Find the same outage among those that stand: of the same ticket, or of the same part from the same moment on.

    Others that overlap may stand beside it: at each moment the heaviest counts, once.

    :raises Refused: it is there already; the sentence says by whom.
    """
    others = Outage.objects.live().filter(service=outage.service).exclude(pk=outage.pk).select_related("entered_by")
    same = others.filter(offering=outage.offering, started_at=outage.started_at, is_planned=outage.is_planned).first()
    if same is None and outage.record_id is not None:
        same = others.filter(record=outage.record_id).first()
    if same is None:
        return
    who = same.entered_by.name if same.entered_by else "Steward"
    if same.is_proposed:
        message = _("This outage is proposed already, as number %(number)s. Confirm that one.") % {"number": same.pk}
    else:
        message = _("%(who)s recorded this outage already, as number %(number)s. Open that one.") % {
            "who": who,
            "number": same.pk,
        }
    raise Refused.because("double", message)


def share_of(percent: int) -> Decimal:
    """A share from full percent: 50 becomes 0.50."""
    return Decimal(percent) / 100
