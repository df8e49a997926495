"""
What the calendar repeats some hundred times, written in Python: rows of the list, cells of month and lanes, choices.

As templates these cost more than everything else of the page. Whatever people typed is escaped here.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import speech
from common.templatetags.steward import icon, state_mark

from .calendar_cards import Card
from .calendar_places import Day, Lane


def rows(cards: Iterable[Card], day: date, *, is_twin: bool) -> SafeString:
    """
    The rows of a day in the list.

    :param is_twin: the entries stand elsewhere on the page as well, and have their place there.
    """
    earlier = f"{escape(_('since earlier'))}, "
    return SafeString(
        "".join(
            f'<tr><td class="table__meta number">{earlier if card.starts.date() < day else ""}{card.times}</td>'
            f"<td>{card.written('', is_first=not is_twin)}</td><td>{_state(card)}</td>"
            f'<td class="table__meta schedule-list__services">{escape(card.services) or "–"}</td>'
            f'<td class="table__meta" data-narrow="hide">{escape(card.team) or "–"}</td>'
            f'<td class="table__meta"><bdi>{escape(card.entry.person) or "–"}</bdi></td></tr>'
            for card in cards
        )
    )


def _state(card: Card) -> str:
    entry = card.entry
    if not entry.state:
        return f'<span class="muted">{escape(card.kind_label)}</span>'
    return _mark(entry.state, entry.phase, entry.state_name, speech.current())


@lru_cache(maxsize=256)
def _mark(label: str, phase: str, state: str, _speech: str) -> SafeString:
    return state_mark(label, phase, state)


def entries(cards: Iterable[Card], day: date, *, hours: bool = False, again: bool = False) -> SafeString:
    """
    Entries of a cell, as items of its list.

    :param hours: with until when. :param again: they stand elsewhere on the page as well, and have their place there.
    """
    return SafeString("".join(f"<li>{entry(card, day, hours=hours, again=again)}</li>" for card in cards))


def entry(card: Card, day: date, *, hours: bool = False, again: bool = False) -> SafeString:
    """One entry with its time on that day."""
    begins = card.starts.date() == day
    until = f"{card.ends:%H:%M}" if hours and begins else ""
    return card.written(card.times_on(day), until=until, is_first=not again and begins)


def holidays(names: Iterable[str]) -> str:
    """Public holidays of a day, as items of its list."""
    return "".join(f'<li class="schedule-holiday">{icon("calendar-days")}{escape(name)}</li>' for name in names)


def month_day(day: Day) -> SafeString:
    """The cell of a day in the month: its holidays, and the first few of its windows and entries."""
    said = (" data-outside" if day.is_outside else "") + (' aria-current="date"' if day.is_today else "")
    windows, cards = entries(day.windows, day.date), entries(day.cards, day.date)
    further = ""
    if day.more:
        more = ngettext("%(count)s more", "%(count)s more", day.more) % {"count": day.more}
        further = f'<li><a href="{escape(day.url)}">{escape(more)}</a></li>'
    return SafeString(
        f'<td{said}><a class="schedule-month__day" href="{escape(day.url)}" aria-label="{escape(day.name)}">'
        f'{day.date.day}</a><ul class="schedule-cell" role="list">{holidays(day.holidays)}'
        f"{windows}{cards}{further}</ul></td>"
    )


def cells(lane: Lane, *, is_collapsed: bool) -> SafeString:
    """The cells of a lane: how many there are, leading to their list, or each of them."""
    if not is_collapsed:
        return SafeString(
            "".join(
                f'<td><ul class="schedule-cell" role="list">{entries(cell.cards, cell.day, again=True)}</ul></td>'
                for cell in lane.cells
            )
        )
    return SafeString(
        "".join(
            f'<td><a class="schedule-lanes__count" href="{escape(cell.url)}" data-entry>{len(cell.cards)}</a></td>'
            if cell.cards
            else "<td></td>"
            for cell in lane.cells
        )
    )


def options(choices: Iterable[tuple[Any, Any]], chosen: Any) -> SafeString:
    """Choices of a list, one of them chosen."""
    mark = " selected"
    return SafeString(
        "".join(
            f'<option value="{escape(str(value))}"{mark if value == chosen else ""}>{escape(str(label))}</option>'
            for value, label in choices
        )
    )
