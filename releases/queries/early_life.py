"""
The early life of a release: the incidents it caused, those that may be its, and whether it may be closed.

An incident counts against a release when it is linked as caused by it or by something in it, and came up since its
deployment began.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records.enums import LinkKind, Phase, Priority
from records.models import Link, Record

from .contents import keys_of

SHOWN = 50
DEFECTS = ("incident", "problem")


@dataclass(frozen=True)
class ExitCriterion:
    """
    One thing that ends early life.

    :ivar wanted: what was agreed. :ivar sentence: how it stands, as whole sentences.
    """

    name: str
    wanted: str
    sentence: str
    is_met: bool


def _causes(release: Any) -> list[int]:
    return [release.pk, *keys_of(release)]


def caused(release: Any) -> QuerySet[Record]:
    """Incidents and problems that count against it; cancelled ones don't."""
    links = Link.objects.filter(to_record__in=_causes(release), kind=LinkKind.CAUSED_BY).values("from_record")
    rows = Record.objects.filter(pk__in=links, kind__in=DEFECTS).exclude(state="cancelled")
    if release.deploy_began_at is None:
        return rows.none()
    return rows.filter(opened_at__gte=release.deploy_began_at)


def caused_incidents(release: Any) -> QuerySet[Record]:
    return caused(release).filter(kind="incident")


def visible(rows: QuerySet[Record], user: Any) -> list[Record]:
    """Those of them that this person may see, the latest first; `SHOWN` at most."""
    seen = Record.objects.visible_to(user).filter(pk__in=rows.values("pk"))
    return list(seen.order_by("-opened_at", "-pk")[:SHOWN])


def candidates(release: Any, user: Any) -> list[Record]:
    """
    Incidents of its services that came up since its deployment began, up to the end of its early life, and are not
    linked with it or with what is in it.
    """
    begin = release.deploy_began_at
    if begin is None:
        return []
    services = set(release.services.values_list("pk", flat=True)) | {release.service_id} - {None}
    linked = Link.objects.filter(to_record__in=_causes(release)).values("from_record")
    rows = (
        Record.objects.visible_to(user)
        .filter(kind="incident", service__in=services, opened_at__gte=begin)
        .exclude(pk__in=linked)
        .exclude(state="cancelled")
    )
    end = release.rolled_back_at or release.early_life_ends_at
    if end is not None:
        rows = rows.filter(opened_at__lt=end)
    return list(rows.order_by("priority", "-opened_at", "-pk")[:SHOWN])


def exit_criteria(release: Any, *, at: datetime) -> list[ExitCriterion]:
    """What has to hold before it may be closed, as agreed before it went live. Two queries at most."""
    live_from = release.deployed_at
    found = [_window(release, at)]
    if release.quiet_days:
        severe = caused_incidents(release).filter(priority__lte=release.quiet_priority).order_by("-opened_at", "-pk")
        found.append(_quiet(release, list(severe) if live_from is not None else [], at))
    if release.most_incidents is not None:
        found.append(_count(release, caused_incidents(release).count()))
    return found


def _window(release: Any, at: datetime) -> ExitCriterion:
    wanted = ngettext("%(days)d day live", "%(days)d days live", release.early_life_days) % {
        "days": release.early_life_days
    }
    ends_at = release.early_life_ends_at
    if ends_at is None:
        return ExitCriterion("window", wanted, _("It is not live yet."), False)
    shown = date_format(localtime(ends_at), "j M Y, H:i")
    if at < ends_at:
        return ExitCriterion("window", wanted, _("Its early life lasts until %(moment)s.") % {"moment": shown}, False)
    return ExitCriterion("window", wanted, _("Its early life was over on %(moment)s.") % {"moment": shown}, True)


def _quiet(release: Any, severe: list[Record], at: datetime) -> ExitCriterion:
    """:param severe: the incidents that break the quiet, the latest first."""
    worst = _priorities(release.quiet_priority)
    values = {"worst": worst, "days": release.quiet_days}
    wanted = ngettext("%(days)d day without %(worst)s", "%(days)d days without %(worst)s", release.quiet_days) % values
    if release.deployed_at is None:
        return ExitCriterion("quiet", wanted, _("It is not live yet."), False)
    still_open = [each for each in severe if each.phase != Phase.DONE and each.resolved_at is None]
    if still_open:
        said = _("%(reference)s is still open.") % {"reference": still_open[0].reference}
        return ExitCriterion("quiet", wanted, said, False)
    since = max([release.deployed_at, *(each.opened_at for each in severe[:1])])
    ends = since + timedelta(days=release.quiet_days)
    if at >= ends:
        return ExitCriterion("quiet", wanted, _("It has been quiet since %(moment)s.") % {"moment": _day(since)}, True)
    values |= {"since": _day(since), "until": _day(ends)}
    if severe:
        values["reference"] = severe[0].reference
        said = _("The latest was %(reference)s on %(since)s; it has to be quiet until %(until)s.") % values
    else:
        said = _("There was none since %(since)s; it has to be quiet until %(until)s.") % values
    return ExitCriterion("quiet", wanted, said, False)


def _count(release: Any, count: int) -> ExitCriterion:
    wanted = ngettext("at most %(most)d incident", "at most %(most)d incidents", release.most_incidents) % {
        "most": release.most_incidents
    }
    said = ngettext("It caused %(count)d incident.", "It caused %(count)d incidents.", count) % {"count": count}
    return ExitCriterion("count", wanted, said, count <= release.most_incidents)


def _priorities(worst: int) -> str:
    if worst == Priority.P1:
        return "P1"
    if worst == Priority.P2:
        return _("P1 or P2")
    return _("P1 to P%(number)d") % {"number": worst}


def _day(moment: datetime) -> str:
    return date_format(localtime(moment), "j M Y, H:i")
