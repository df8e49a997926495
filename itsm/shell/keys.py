"""
The single keys: what each does, and how one person has them.

A page marks what a key presses by the shipped key; whoever has others, their browser translates. So a row here is a
shipped key with all it means, and moving it moves all of that. Shift with a letter follows its letter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from common.refusals import Refusal, Refused

from . import navigation

# The first of two keys that lead to a place.
GO = "g"


@dataclass(frozen=True)
class Key:
    """One single key. `shipped` is the key that pages are marked with, `name` what stands for it in the database."""

    name: str
    shipped: str
    label: Any

    @property
    def is_second(self) -> bool:
        """Whether it is pressed after the key for going to a place."""
        return self.shipped.startswith(f"{GO} ")


@dataclass(frozen=True)
class Group:
    """Keys that work in the same kind of place."""

    name: str
    heading: Any
    keys: tuple[Key, ...]


GROUPS = (
    Group(
        "everywhere",
        gettext_lazy("Everywhere"),
        (
            Key("search", "/", gettext_lazy("Search")),
            Key("keys", "?", gettext_lazy("Show all keys")),
            Key("new", "c", gettext_lazy("New ticket")),
            Key("go", GO, gettext_lazy("Go to a place, with a second key")),
            Key("nav", "[", gettext_lazy("Fold the navigation")),
            Key("side", "\\", gettext_lazy("Show or hide the side panel")),
            Key("copy", "y", gettext_lazy("Copy a link to this page")),
        ),
    ),
    Group(
        "lists",
        gettext_lazy("Lists"),
        (
            Key("next", "j", gettext_lazy("Next row; next ticket of the list")),
            Key("previous", "k", gettext_lazy("Previous row; previous ticket of the list")),
            Key("select", "x", gettext_lazy("Select; skip, while playing")),
            Key("filter", "f", gettext_lazy("Filter")),
            Key("unread", "u", gettext_lazy("Mark unread, or read again")),
            Key("done", "e", gettext_lazy("Done, in the inbox; edit, on an article or item")),
            Key("snooze", "z", gettext_lazy("Put off, in the inbox")),
            Key("today", ".", gettext_lazy("Today, on the change calendar")),
        ),
    ),
    Group(
        "records",
        gettext_lazy("Records"),
        (
            Key("reply", "r", gettext_lazy("Reply")),
            Key("note", "n", gettext_lazy("Work note; play, in the queue")),
            Key("assign", "a", gettext_lazy("Assign")),
            Key("take", "i", gettext_lazy("I take it; impact, on an item")),
            Key("priority", "p", gettext_lazy("Priority")),
            Key("state", "s", pgettext_lazy("of a record", "State")),
            Key("service", "v", gettext_lazy("Service")),
            Key("tags", "t", gettext_lazy("Tags")),
            Key("link", "l", gettext_lazy("Link")),
            Key("clocks", "d", gettext_lazy("Clock details")),
            Key("follow", "w", gettext_lazy("Follow")),
            Key("back_out", "b", gettext_lazy("Back out, while a change runs")),
        ),
    ),
)


def to_places() -> tuple[Key, ...]:
    """Return the keys that lead to a place, in the order of the navigation."""
    return tuple(Key(f"go_{place.name}", place.key, place.label) for place in navigation.items() if place.key)


def known() -> tuple[Key, ...]:
    """Return every key that a person can move."""
    return (*(key for group in GROUPS for key in group.keys), *to_places())


def own_key(key: Key, own: Mapping[str, str]) -> str:
    """Return what one presses for it: of a place the second key alone."""
    return own.get(key.name) or key.shipped.removeprefix(f"{GO} ")


def checked(wanted: Mapping[str, str]) -> dict[str, str]:
    """
    Return the keys that differ from the shipped ones, by name; an empty wish stands for the shipped key.

    :raises Refused: a name that there is not, more than one sign for a key, or one key for two things; the field of
        each reason is the name of the key.
    """
    by_name = {key.name: key for key in known()}
    if unknown := sorted(set(wanted) - set(by_name)):
        raise Refused.because("unknown_key", _("There is no act “%(name)s” to give a key.") % {"name": unknown[0]})
    own = {name: pressed.strip().lower() for name, pressed in wanted.items() if pressed.strip()}
    refusals = [_not_one_key(by_name[name], pressed) for name, pressed in own.items() if not _is_one_key(pressed)]
    if not refusals:
        refusals = [*_shared(own, is_second=False), *_shared(own, is_second=True)]
    if refusals:
        raise Refused.all_of(refusals)
    return {name: pressed for name, pressed in own.items() if pressed != own_key(by_name[name], {})}


def translation(own: Mapping[str, str]) -> dict[str, str]:
    """Return what the browser needs: shipped key to the person's, as far as they differ; `g h` to `g x`."""
    moved = (key for key in known() if key.name in own)
    return {key.shipped: f"{GO} {own[key.name]}" if key.is_second else own[key.name] for key in moved}


def _is_one_key(pressed: str) -> bool:
    return len(pressed) == 1 and pressed.isprintable()


def _not_one_key(key: Key, pressed: str) -> Refusal:
    sentence = _("“%(pressed)s” for “%(act)s” is not one key. Type one letter, digit or sign.")
    return Refusal("not_one_key", sentence % {"pressed": pressed[:20], "act": key.label}, key.name)


def _shared(own: Mapping[str, str], *, is_second: bool) -> list[Refusal]:
    """One reason for each act whose key means another act already. Keys for places follow another one: apart."""
    first: dict[str, Key] = {}
    found = []
    # The person's own wishes last, so that the reason stands at a key they have moved.
    for key in sorted((each for each in known() if each.is_second == is_second), key=lambda each: each.name in own):
        pressed = own_key(key, own)
        other = first.setdefault(pressed, key)
        if other is not key:
            sentence = _(
                "%(pressed)s already means “%(other)s”. Choose another key for “%(act)s”, or move that one too."
            )
            values = {"pressed": pressed.upper(), "other": other.label, "act": key.label}
            found.append(Refusal("key_taken", sentence % values, key.name))
    return found
