"""Two versions compared in words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ..models import Offering
from . import bounds
from .enums import Call, Cell
from .terms import Said, Terms


def sentences(before: Terms, after: Terms) -> list[str]:
    """What is different, a sentence each, by cell; empty when nothing is. One statement for names of offerings."""
    keys = {each.offering for each in (*before, *after) if each.offering}
    names = dict(Offering.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    known = bounds.every()
    found = []
    for cell in Cell:
        old, new = ([each for each in terms if each.cell == cell] for terms in (before, after))
        found += [f"{cell.label[:1].upper()}{cell.label[1:]}: {each}" for each in _of_cell(old, new, names, known)]
    return found


def _of_cell(
    before: list[Said], after: list[Said], names: dict[int, str], known: dict[str, bounds.Bound]
) -> Iterator[str]:
    old, new = ({each.key: each for each in terms} for terms in (before, after))
    for each in before:
        if each.key not in new:
            yield _("left out: “%(text)s”") % {"text": each.text}
    for each in after:
        if each.key not in old:
            number = bounds.in_words(known, each.bound, each.value)
            words = _("new: “%(text)s” (%(bound)s)") if number else _("new: “%(text)s”")
            yield words % {"text": each.text, "bound": number}
        else:
            yield from _of_one(old[each.key], each, names, known)
    if [each.key for each in before if each.key in new] != [each.key for each in after if each.key in old]:
        yield _("the order is another one")


def _of_one(before: Said, after: Said, names: dict[int, str], known: dict[str, bounds.Bound]) -> Iterator[str]:
    text = {"text": after.text}
    if before.text != after.text:
        yield _("“%(before)s” now reads “%(text)s”") % (text | {"before": before.text})
    if (before.bound, before.value) != (after.bound, after.value):
        numbers = {
            "before": bounds.in_words(known, before.bound, before.value) or _("nothing"),
            "after": bounds.in_words(known, after.bound, after.value) or _("nothing"),
        }
        yield _("“%(text)s” is measured by %(after)s, not %(before)s") % (text | numbers)
    if before.offering != after.offering:
        offered = names.get(after.offering or 0) or _("everybody")
        yield _("“%(text)s” is for %(offered)s") % (text | {"offered": offered})
    if before.call != after.call:
        call = str(Call(after.call).label) if after.call else _("what its cell says")
        yield _("a call about “%(text)s” is: %(call)s") % (text | {"call": call})
    if before.also != after.also:
        yield _("people also say for “%(text)s”: %(also)s") % (text | {"also": after.also or _("nothing else")})
