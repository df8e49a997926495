"""
The navigation: nouns under the five stable processes, or under the practices of ITIL 4 for those who think in them.

An item shows only if its page exists and the person may ever use it. Practices add theirs with `register`, from
their app's `ready`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from common import speech
from people import access
from people.enums import NavGrouping
from records import practices

PROCESSES = {"top": "", **practices.PROCESSES, "bottom": ""}
# Names of practices as ITIL 4 has them, in the order of the alphabet of its English names.
PRACTICES = {
    "availability": _("Availability management"),
    "change": _("Change enablement"),
    "improvement": _("Continual improvement"),
    "incident": _("Incident management"),
    "security": _("Information security management"),
    "knowledge": _("Knowledge management"),
    "measurement": _("Measurement and reporting"),
    "problem": _("Problem management"),
    "release": _("Release management"),
    "configuration": _("Service configuration management"),
    "service_level": _("Service level management"),
}


def headings_of_practices() -> dict[str, Any]:
    """What places are grouped under by practice; those of added practices come last."""
    return PRACTICES | {each.kind: each.heading for each in practices.all_practices() if each.heading}


@dataclass(frozen=True)
class Item:
    """
    One place of the product.

    :param process: heading it stands under: a key of `PROCESSES`.
    :param operation: name in the permission matrix; empty for places open to everybody who signed in.
    :param query: what follows the address, for items that are a view of a list: `q=kind:incident`.
    :param key: chord that leads here, such as `g q`.
    :param practice: heading in the grouping by practice: a key of `PRACTICES`, or an added kind of record; without one
        it keeps its process.
    :param also: further addresses that belong to the place, such as tabs of its area that stand elsewhere.
    """

    name: str
    label: Any
    url_name: str
    process: str
    icon: str
    operation: str = ""
    query: str = ""
    key: str = ""
    practice: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """An item as one person sees it on one page."""

    name: str
    label: Any
    url: str
    icon: str
    key: str
    is_current: bool

    @property
    def also_called(self) -> str:
        """What it is called without a vocabulary, where that is something else: the palette finds it by both."""
        if not speech.is_reworded():
            return ""
        with speech.plainly():
            plain = str(self.label)
        return "" if plain == str(self.label) else plain


@dataclass(frozen=True)
class Section:
    name: str
    heading: Any
    links: list[Link]


_ITEMS: dict[str, Item] = {}


def register(*items: Item) -> None:
    """:raises ValueError: an item stands under an unknown heading, or its key is taken by another."""
    for item in items:
        if item.process not in PROCESSES:
            raise ValueError(f"{item.name}: no heading {item.process}")
        if item.practice and item.practice not in headings_of_practices():
            raise ValueError(f"{item.name}: no practice {item.practice}")
        for other in _ITEMS.values():
            if item.key and other.key == item.key and other.name != item.name:
                raise ValueError(f"{item.name}: key {item.key} is taken by {other.name}")
        _ITEMS[item.name] = item


def items() -> Iterable[Item]:
    """Every place that was registered, whether its page exists or not."""
    return _ITEMS.values()


@cache
def address(url_name: str) -> str:
    """Where the page is, or nothing while no such page is installed."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def sections(*, user: Any, path: str, query: str = "", grouping: str = NavGrouping.PROCESS) -> list[Section]:
    """
    What this person finds in the navigation.

    :param path: of the page shown; the item with the longest matching address is the current one.
    :param query: of the page shown, as it stands in the address.
    :param grouping: what the headings are; links, addresses and rights are the same.
    """
    usable = [
        (item, f"{url}?{item.query}" if item.query else url)
        for item in _ITEMS.values()
        if (url := address(item.url_name)) and (not item.operation or access.can(user, item.operation))
    ]
    current = _current(usable, path, f"{path}?{query}" if query else path)
    by_practice = grouping == NavGrouping.PRACTICE
    grouped: dict[str, list[Link]] = {}
    for item, url in usable:
        link = Link(item.name, item.label, url, item.icon, item.key, is_current=item.name == current)
        grouped.setdefault(_heading_of(item, by_practice=by_practice), []).append(link)
    return [Section(name, heading, grouped[name]) for name, heading in _headings(by_practice) if name in grouped]


def _current(usable: Iterable[tuple[Item, str]], path: str, shown: str) -> str:
    """Name of the item with the longest address that the page stands under."""
    longest, name = -1, ""
    for item, url in usable:
        for each in (url, *filter(None, map(address, item.also))):
            if (shown == each or (each != "/" and path.startswith(each))) and len(each) > longest:
                longest, name = len(each), item.name
    return name


def _heading_of(item: Item, *, by_practice: bool) -> str:
    return f"practice-{item.practice}" if by_practice and item.practice else item.process


def _headings(by_practice: bool) -> Iterable[tuple[str, Any]]:
    """Name and text of each heading in order: practices take the place of the processes between top and bottom."""
    for process, heading in PROCESSES.items():
        if process == "bottom" and by_practice:
            yield from ((f"practice-{name}", label) for name, label in headings_of_practices().items())
        yield process, heading
