"""The eight cards of a service: one fact each, how it went of late, and the way to what is behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measurement import drill
from measurement.values import Value, write, write_change
from people.access import can

from . import money
from .page import BACKLOG, CAUSED, REOPENED, ServicePage


@dataclass
class Card:
    """
    :ivar key: the single key that opens it; the same on every service.
    :ivar fact: what it comes to; a card without data has none and says in `lines` what to connect.
    :ivar lines: text and address, or no address.
    :ivar shape: a series, None is a gap; `shape_label` says it in words.
    """

    key: int
    label: str
    fact: str
    url: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    tone: str = ""
    shape: Sequence[float | None] = ()
    shape_label: str = ""


def cards_of(page: ServicePage) -> list[Card]:
    """In their order; what the viewer may not see is left out."""
    made = [
        _availability(page), _targets(page), _work(page), _changes(page), _money(page), _risks(page),
        _improvements(page), _reopened(page),
    ]  # fmt: skip
    return [each for each in made if each is not None]


def _availability(page: ServicePage) -> Card:
    standing, url = page.standing, reverse("availability:service", args=[page.service.slug])
    card = Card(1, _("Availability, %(month)s") % {"month": page.board.month.label}, "", url)
    if not standing.is_agreed:
        card.lines.append((_("No service hours are agreed. They come with an agreement."), reverse("slm:agreements")))
        return card
    card.fact, card.tone = standing.availability, standing.tone
    card.lines.append(
        (
            _("target %(target)s") % {"target": standing.target_text}
            if standing.target_text
            else _("no target agreed"),
            "",
        )
    )
    if standing.budget is not None:
        said = {"left": standing.left_text, "budget": standing.budget_text, "rate": page.burn.rate_text}
        card.lines.append((_("error budget: %(left)s of %(budget)s left; latest day %(rate)s") % said, ""))
    year = [None if each.so_far.availability is None else float(each.so_far.availability * 100) for each in page.year]
    _draw(card, year, _("12 months"), "percent")
    return card


def _targets(page: ServicePage) -> Card:
    numbers, attained = page.numbers, page.numbers.attained
    card = Card(2, _("Targets met, 30 days"), attained.text, page.attained_url)
    if not attained.denominator:
        card.fact = ""
        card.lines.append((_("no clock finished"), page.attained_url))
        return card
    card.tone = "ok" if numbers.is_attained else "bad"
    card.lines.append((_("%(net)s without excused misses") % {"net": numbers.attained_net.text}, ""))
    said = ngettext("%(count)d miss", "%(count)d misses", attained.missed) % {"count": attained.missed}
    card.lines.append((said, page.misses_url if attained.missed else ""))
    _change(card, attained, numbers.before)
    _draw(card, numbers.weekly, _("12 weeks"), "percent")
    return card


def _work(page: ServicePage) -> Card:
    card = Card(3, _("Open work"), str(page.open_total[0]), page.open_total[1])
    late, url = page.overdue_total
    said = ngettext("%(count)d past its target", "%(count)d past their targets", late) % {"count": late}
    card.lines.append((said, url if late else ""))
    card.tone = "bad" if late else ""
    _draw(card, _numbers(page.series[BACKLOG]), _("open incidents, 12 weeks"), "count")
    return card


def _changes(page: ServicePage) -> Card:
    count, url = page.open_of("change")
    card = Card(4, _("Open changes"), str(count), url)
    if page.changes:
        following: Any = page.changes[0]  # what is scheduled has a beginning
        when = date_format(following.planned_from.astimezone(page.viewer.zone), "D j M, H:i")
        card.lines.append((_("next: %(when)s") % {"when": when}, following.get_absolute_url()))
    else:
        card.lines.append((_("none in the next 45 days"), page.calendar_url))
    caused = page.series[CAUSED].total.numerator
    said = ngettext("%(count)d incident by a change in 12 weeks", "%(count)d incidents by changes in 12 weeks", caused)
    card.lines.append((said % {"count": caused}, page.records_url(CAUSED, part=drill.HIT) if caused else ""))
    return card


def _money(page: ServicePage) -> Card | None:
    if not can(page.viewer, money.OPERATION) or not can(page.viewer, "agreement.view"):
        return None
    found = page.money
    card = Card(5, _("Fees a month"), found.fees, reverse("reports:credits"))
    if not found.fees:
        card.lines.append((_("Nothing is known. Fees stand with the service credits of its agreements."), card.url))
        return card
    url = f"{reverse('reports:reports')}?show=all&month={found.month:%Y-%m}"
    said = {"amount": found.credits or _("nothing"), "month": date_format(found.month, "F Y")}
    card.lines.append((_("%(amount)s given back for %(month)s") % said, url))
    card.tone = "bad" if found.credits else ""
    return card


def _risks(page: ServicePage) -> Card:
    card = Card(6, _("Risks"), str(len(page.risks)), "#risks")
    high = sum(each.is_high for each in page.risks)
    card.tone = "bad" if high else "risk" if page.risks else ""
    card.lines.append(
        (ngettext("%(count)d high", "%(count)d high", high) % {"count": high} if high else _("none high"), "")
    )
    return card


def _improvements(page: ServicePage) -> Card:
    count, url = page.open_of("improvement")
    card = Card(7, _("Improvements under way"), str(count), url)
    for each in page.improvements[:1]:
        card.lines.append((_("latest: %(reference)s, %(state)s") % {
            "reference": each.reference, "state": each.state_label
        }, each.get_absolute_url()))  # fmt: skip
    return card


def _reopened(page: ServicePage) -> Card:
    found = page.series[REOPENED]
    value = found.total
    card = Card(8, _("Came back to us, 12 weeks"), value.text, page.records_url(REOPENED, part=drill.HIT))
    if not value.denominator:
        card.fact = ""
        card.lines.append((_("no incident was resolved"), ""))
        return card
    said = ngettext("of %(count)d resolved incident", "of %(count)d resolved incidents", value.denominator)
    card.lines.append((said % {"count": value.denominator}, page.records_url(REOPENED, part=drill.MEASURED)))
    if value.kpi.target is not None:
        card.lines.append((_("at most %(target)s wanted") % {"target": write(value.kpi.target, value.kpi.unit)}, ""))
    card.tone = "" if value.is_on_target is None else "ok" if value.is_on_target else "bad"
    _draw(card, _numbers(found), _("12 weeks"), value.kpi.unit)
    return card


def _numbers(series: Any) -> list[float | None]:
    return [None if each.value is None else each.value.number for each in series.points]


def _change(card: Card, now: Value, before: Value) -> None:
    if (change := now.change_from(before)) is not None:
        card.lines.append((_("%(change)s in 30 days") % {"change": write_change(change, now.kpi.unit)}, ""))


def _draw(card: Card, values: Sequence[float | None], span: str, unit: str) -> None:
    """The shape with its first and latest number in words; nothing where one point is all there is."""
    known = [each for each in values if each is not None]
    if len(known) > 1:
        said = {"span": span, "first": write(known[0], unit), "latest": write(known[-1], unit)}
        card.shape, card.shape_label = values, _("%(span)s: from %(first)s to %(latest)s") % said
