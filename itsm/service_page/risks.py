"""What may yet go wrong with a service, out of the records that say so: a bounded number of each kind."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from changes.enums import Band
from changes.models import Change
from problems.enums import State
from problems.models import KnownError, Problem
from services.models import Service
from slm.models import Agreement, BackToBackCheck

MOST_EACH = 50


@dataclass(frozen=True)
class Risk:
    """:ivar url: of its own page. :ivar why: what makes it one. :ivar is_high: it calls for a decision now."""

    name: str
    title: str
    url: str
    why: str
    is_high: bool = False


def risks_of(service: Service, viewer: Any, agreements: Sequence[Agreement], *, at: datetime) -> list[Risk]:
    """High ones first. :param agreements: those for this service in particular."""
    found = [
        *_changes(service, viewer),
        *_accepted(service, viewer, at),
        *_without_workaround(service, viewer),
        *_not_carried(agreements),
    ]
    return sorted(found, key=lambda each: not each.is_high)


def _changes(service: Service, viewer: Any) -> Iterator[Risk]:
    further = Change.services.through.objects.filter(service=service).values("change")
    rows = Change.objects.visible_to(viewer).open().filter(risk_band__in=[Band.HIGH, Band.VERY_HIGH])
    for each in rows.filter(Q(service=service) | Q(pk__in=further)).order_by("planned_from", "pk")[:MOST_EACH]:
        why = _("change of %(band)s risk") % {"band": each.get_risk_band_display()}
        yield Risk(each.reference, each.title, each.get_absolute_url(), why, each.risk_band == Band.VERY_HIGH)


def _accepted(service: Service, viewer: Any, at: datetime) -> Iterator[Risk]:
    rows = Problem.objects.visible_to(viewer).filter(service=service, state=State.RISK_ACCEPTED)
    for each in rows.order_by("review_date", "pk")[:MOST_EACH]:
        is_late = each.review_date is not None and each.review_date <= at.astimezone(viewer.zone).date()
        said = {"day": date_format(each.review_date, "j M Y") if each.review_date else "–"}
        why = _("accepted; to be decided again on %(day)s") % said
        yield Risk(each.reference, each.title, each.get_absolute_url(), why, is_late)


def _without_workaround(service: Service, viewer: Any) -> Iterator[Risk]:
    about = KnownError.services.through.objects.filter(service=service).values("knownerror")
    rows = KnownError.objects.published().visible_to(viewer).filter(has_workaround=False)
    rows = rows.filter(Q(problem__service=service) | Q(pk__in=about)).select_related("problem")
    for each in rows.order_by("-published_at", "-pk")[:MOST_EACH]:
        yield Risk(each.reference, each.title, each.get_absolute_url(), _("known error without a workaround"))


def _not_carried(agreements: Iterable[Agreement]) -> Iterator[Risk]:
    by_key = {each.pk: each for each in agreements}
    for check in BackToBackCheck.objects.filter(pk__in=by_key).exclude(findings=[]) if by_key else ():
        agreement, count = by_key[check.pk], len(check.findings)
        why = ngettext(
            "%(count)d promise that the agreements underneath don't carry",
            "%(count)d promises that the agreements underneath don't carry",
            count,
        )
        yield Risk(_("Agreement"), agreement.name, agreement.get_absolute_url(), why % {"count": count})
