"""
What a call is, by what the service is said to be: the cell that decides is quoted, and where none does, that is said.

The order is USM's. What stands under what we do for you is a request, or what the statement itself says it is;
what fails and stands under what you get to use is an incident; how well we do it is what people complain about.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.speech import plainly

from ..models import Service
from ..queries import services_visible_to
from .enums import Call, Cell
from .models import Specification, Statement
from .queries import statements_for

LONGEST = 200
MOST_WORDS = 8
LOOKED_AT = 60
SHOWN = 3
SHORTEST = 3
ALIKE = 0.84
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Words of each language, so that they are translated as one list.
FAILING = gettext_lazy(
    "broken, breaks, broke, fails, failed, failing, failure, fault, faulty, down, dead, crash, crashes, crashed, "
    "error, errors, slow, hangs, frozen, stuck, can't, cannot, won't, doesn't, isn't, not, nobody, nothing, no, "
    "unable, unavailable, unreachable, outage, stopped, stops, drops, dropped, interrupted, corrupt, wrong"
)
EMPTY = gettext_lazy(
    "the, and, for, with, from, that, this, have, has, had, was, were, are, is, be, been, my, mine, our, your, you, "
    "they, them, their, his, her, its, it, me, we, us, what, when, where, who, how, why, which, does, do, did, can, "
    "could, would, should, will, get, got, need, needs, want, wants, please, hello, hi, there, here, some, any, all, "
    "again, still, just, since, today, yesterday, into, out, about, after, before, but, also, work, works, working"
)


@dataclass(frozen=True)
class Hit:
    """A statement that speaks of the call. :param words: those of the call that it speaks of."""

    statement: Statement
    words: tuple[str, ...]

    @property
    def service(self) -> Service:
        return self.statement.specification.service

    @property
    def cell(self) -> Cell:
        return Cell(self.statement.cell)


@dataclass(frozen=True)
class Verdict:
    """
    What the call is.

    :param call: None where no cell decides. :param hit: the statement that decides, or the nearest one; None where
        nothing speaks of the call. :param others: further statements that speak of it.
    """

    call: Call | None
    hit: Hit | None
    reason: str
    is_asked: bool = True
    is_failing: bool = False
    others: list[Hit] = field(default_factory=list)


def classify(user: Any, text: str, *, on: date, service: Service | None = None) -> Verdict:
    """
    Say what a call is by the statements in force that the person may read; two database statements at the most.

    :param text: what the caller says; the first 200 characters count. :param service: look at this one alone.
    """
    words, is_failing = _words(text)
    if not words:
        return Verdict(None, None, _("Type a few words of what the caller says."), is_asked=False)
    hits = _hits(_candidates(user, words, on=on, service=service), words)
    if not hits:
        return Verdict(None, None, _("No service says anything about it, so no cell decides."), is_failing=is_failing)
    most = len(hits[0].words)
    if most * 2 < len(words):
        said = _("No cell decides: the nearest statement speaks of a part of it only. Ask what is wanted.")
        return Verdict(None, hits[0], said, is_failing=is_failing, others=hits[1 : SHOWN + 1])
    return _judge([each for each in hits if len(each.words) == most], hits, is_failing=is_failing)


def _judge(best: list[Hit], hits: list[Hit], *, is_failing: bool) -> Verdict:
    """:param best: those that speak of most of the call, all alike."""
    meant = [(each, _call_of(each, is_failing=is_failing)) for each in best]
    decided = [(each, call) for each, call in meant if call is not None]
    calls = {call for _each, call in decided}
    if len(calls) == 1:
        hit, call = decided[0]
        others = [each for each in hits if each is not hit][:SHOWN]
        return Verdict(call, hit, _reason(hit), is_failing=is_failing, others=others)
    others = [each for each in hits if each is not best[0]][:SHOWN]
    if calls:
        said = _("No cell decides: the statements that speak of it differ. Ask what is wanted.")
    else:
        said = _("No cell decides: if it fails, it is an incident; if somebody wants it, ask what for.")
    return Verdict(None, best[0], said, is_failing=is_failing, others=others)


def _call_of(hit: Hit, *, is_failing: bool) -> Call | None:
    """What the statement makes of the call; None where it leaves that open."""
    if hit.statement.call:
        return Call(hit.statement.call)
    if hit.cell.is_facility:
        return Call.INCIDENT if is_failing else None
    if hit.cell == Cell.SUPPORT_FUNCTIONING:
        return Call.COMPLAINT
    return None if is_failing else Call.REQUEST


def _reason(hit: Hit) -> str:
    if hit.statement.call:
        return _("The statement itself says what a call about it is.")
    if hit.cell.is_facility:
        return _("It is part of what you get, and it fails.")
    if hit.cell == Cell.SUPPORT_FUNCTIONING:
        return _("It is about how well we do what we promised.")
    return _("It is something that we do for you, and nothing fails.")


def _words(text: str) -> tuple[list[str], bool]:
    """The words that say what it is about, and whether others say that it fails."""
    failing, empty = _list(FAILING), _list(EMPTY)
    cleaned = text[:LONGEST].replace("\x00", " ").replace("’", "'").casefold()
    found, is_failing = [], False
    for word in _WORD.findall(cleaned):
        if word in failing:
            is_failing = True
        elif len(word) >= SHORTEST and word not in empty and word not in found:
            found.append(word)
    return found[:MOST_WORDS], is_failing


def _list(words: Any) -> frozenset[str]:
    """What callers say, so in no vocabulary: whoever says otherwise for an outage still understands the word."""
    with plainly():
        return frozenset(each.strip().casefold() for each in str(words).split(","))


def _candidates(user: Any, words: list[str], *, on: date, service: Service | None) -> Iterable[Statement]:
    """Statements with one of the words, or with a word that looks alike, found by index."""
    query = " | ".join(f"'{_stem(word)}':*" for word in words)
    wanted = Q(words=SearchQuery(query, search_type="raw", config="simple"))
    for word in words:
        wanted |= Q(text__trigram_word_similar=word) | Q(also__trigram_word_similar=word)
    seen = services_visible_to(user).live() if service is None else services_visible_to(user).filter(pk=service.pk)
    standing = Specification.objects.in_force(on).filter(service__in=seen.values("pk"))
    rows = statements_for(user).filter(wanted, specification__in=standing.values("pk"))
    return rows.select_related("specification__service", "offering").order_by("pk")[:LOOKED_AT]


def _stem(word: str) -> str:
    """The beginning by which other forms of the word are found, too; harmless inside a quoted lexeme."""
    return word.partition("'")[0][: max(4, len(word) - 3)]


def _hits(rows: Iterable[Statement], words: list[str]) -> list[Hit]:
    """Those that speak of most words first; among equals, the shorter statement is more about it."""
    found = []
    for row in rows:
        own = _WORD.findall(f"{row.text} {row.also}".replace("’", "'").casefold())
        spoken = tuple(word for word in words if any(_is_same(word, each) for each in own))
        if spoken:
            found.append(Hit(row, spoken))
    return sorted(found, key=lambda each: (-len(each.words), len(each.statement.text), each.statement.pk))


def _is_same(word: str, other: str) -> bool:
    """Whether two words are forms of one, or one is the other mistyped."""
    if word == other:
        return True
    shorter, longer = sorted((word, other), key=len)
    if len(shorter) < 4:
        return False
    common = next((n for n, pair in enumerate(zip(shorter, longer, strict=False)) if pair[0] != pair[1]), len(shorter))
    if common >= 4 and common * 5 >= len(longer) * 3:
        return True
    return SequenceMatcher(None, shorter, longer).ratio() >= ALIKE
