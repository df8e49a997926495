"""What the statements of a version may say."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from common.refusals import Refusal, Refused
from common.texts import one_line

from ..models import Service
from . import bounds
from .enums import Call, Cell
from .models import LONGEST_TEXT, Statement
from .terms import Said, Terms

IN_A_CELL = 30


def tidied(service: Service, terms: Terms, *, known_keys: Iterable[int]) -> Terms:
    """
    The statements as they are kept: trimmed, by cell, each with its key.

    :param known_keys: of statements that versions before had; one may keep its key, and a new one takes none of them.
    :raises Refused: everything that does not fit, at `statements.3` for the third.
    """
    refusals = list(_refusals(service, terms))
    if refusals:
        raise Refused.all_of(refusals)
    order = {cell: number for number, cell in enumerate(Cell.values)}
    cells = sorted(terms, key=lambda each: order[each.cell])
    return tuple(_keyed(cells, set(known_keys)))


def _keyed(terms: Iterable[Said], known: set[int]) -> Iterator[Said]:
    used: set[int] = set()
    following = max(known, default=0) + 1
    for each in terms:
        key = each.key if each.key in known and each.key not in used else 0
        if not key:
            key, following = following, following + 1
        used.add(key)
        value = None if each.value is None else bounds.every()[each.bound].checked(each.value)
        yield replace(each, key=key, text=one_line(each.text), also=one_line(each.also), value=value)


def _refusals(service: Service, terms: Terms) -> Iterator[Refusal]:
    known = bounds.every()
    offerings = set(service.offerings.values_list("pk", flat=True))
    for cell in Cell:
        if sum(each.cell == cell for each in terms) > IN_A_CELL:
            said = _("A cell holds at most %(limit)d statements. Put some together.") % {"limit": IN_A_CELL}
            yield Refusal("too_many", said, "statements")
    for number, each in enumerate(terms, start=1):
        for field, problem in _of_one(each, known, offerings):
            said = _("Statement %(number)d: %(problem)s") % {"number": number, "problem": problem}
            yield Refusal("unfit", said, f"statements.{number}.{field}")


def _of_one(each: Said, known: dict[str, bounds.Bound], offerings: set[int]) -> Iterator[tuple[str, str]]:
    if each.cell not in Cell.values:
        yield "cell", _("choose one of the four cells.")
        return
    if not 1 <= len(one_line(each.text)) <= LONGEST_TEXT:
        yield "text", _("say it in 1 to %(limit)d characters.") % {"limit": LONGEST_TEXT}
    if len(one_line(each.also)) > LONGEST_TEXT:
        yield "also", _("at most %(limit)d characters fit here.") % {"limit": LONGEST_TEXT}
    if each.call and each.call not in Call.values:
        yield "call", _("choose what a call about it is.")
    if each.offering is not None and each.offering not in offerings:
        yield "offering", _("this offering is none of the service. Choose another one.")
    if not each.bound and each.value is None:
        return
    bound = known.get(each.bound)
    if bound is None:
        yield "bound", _("choose what measures it, or leave the number out.")
    elif not Cell(each.cell).is_bounded or not bound.fits(each.cell):
        yield "bound", _("“%(bound)s” does not measure this cell. Choose another one.") % {"bound": bound.label}
    elif each.value is None:
        yield "value", _("say the number for “%(bound)s”.") % {"bound": bound.label}
    else:
        try:
            bound.checked(each.value)
        except ValueError:
            yield "value", too_far(bound)


def too_far(bound: bounds.Bound) -> str:
    """Which numbers are possible."""
    if bound.unit == bounds.MINUTES:
        return _("a time is a whole minute to a year, such as 30 min or 4 h.")
    return _("a share is 0 to 100 percent, such as 99.5.")


def keys_of(service: Service) -> set[int]:
    """Keys that statements of the service ever had."""
    rows = Statement.objects.filter(specification__service=service)
    return set(rows.values_list("key", flat=True))
