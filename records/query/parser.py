"""From text to a query. Linear in the length of the text; raises nothing but QueryProblem."""

import re

from django.utils.translation import gettext as _

from .ast import OPERATORS, Part, Query, Sort, Span, Term, Value, Words
from .problems import QueryProblem

LONGEST = 1000
MOST_PARTS = 50
MOST_VALUES = 50
_NAME = re.compile(r"([A-Za-z][A-Za-z_]{0,29}):")
_SORT = re.compile(r"(-?)([A-Za-z_]{1,30})")


def parse(text: str) -> Query:
    """
    Read a query. Names of fields are not compared with the known ones here; that is done when it is compiled.

    :raises QueryProblem: too long, a quote without an end, a field without a value, an empty range.
    """
    return _Reader(text).query()


class _Reader:
    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise QueryProblem(
                _("The query has more than %(limit)s characters. Shorten it.") % {"limit": LONGEST},
                start=LONGEST,
                end=len(text),
            )
        self.text = text
        self.at = 0

    def query(self) -> Query:
        parts: list[Part] = []
        sort = None
        while self.skip_blanks():
            start = self.at
            part = self.part()
            if isinstance(part, Sort):
                sort = part
            else:
                parts.append(part)
            if len(parts) > MOST_PARTS:
                raise self.problem(_("The query has too many terms. Leave some out."), start)
        return Query(tuple(parts), sort)

    def skip_blanks(self) -> bool:
        while self.at < len(self.text) and (self.text[self.at].isspace() or self.text[self.at] == "\x00"):
            self.at += 1
        return self.at < len(self.text)

    def part(self) -> Part | Sort:
        start = self.at
        is_negated = self.text[self.at] == "-" and self.at + 1 < len(self.text) and not self.ends_at(self.at + 1)
        if is_negated:
            self.at += 1
        match = _NAME.match(self.text, self.at)
        if match is None:
            return self.words(start, is_negated)
        name = match[1].lower()
        self.at = match.end()
        if name == "sort":
            return self.sort(start)
        values = [self.value(start)]
        while self.peek() == ",":
            self.at += 1
            values.append(self.value(start))
            if len(values) > MOST_VALUES:
                raise self.problem(_("“%(name)s” has too many values. Leave some out.") % {"name": name}, start)
        if not self.ends_at(self.at):
            while not self.ends_at(self.at):
                self.at += 1
            raise self.problem(_("This value can't be read. Put it in quotes."), start)
        return Term(name, tuple(values), is_negated, Span(start, self.at))

    def words(self, start: int, is_negated: bool) -> Words:
        if self.peek() == '"':
            text = self.quotation()
            if not text.strip():
                raise self.problem(_("There is nothing between the quotes. Write a word there."), start)
            return Words(text, is_negated, Span(start, self.at))
        begin = self.at
        while not self.ends_at(self.at) and self.peek() != '"':
            self.at += 1
        return Words(self.text[begin : self.at], is_negated, Span(start, self.at))

    def sort(self, start: int) -> Sort:
        match = _SORT.match(self.text, self.at)
        if match is None or not self.ends_at(match.end()):
            while not self.ends_at(self.at):
                self.at += 1
            raise self.problem(_("Say what to sort by, such as sort:due or sort:-updated."), start, "sort:due")
        self.at = match.end()
        return Sort(match[2].lower(), bool(match[1]), Span(start, self.at))

    def value(self, start: int) -> Value:
        begin = self.at
        operator = next((each for each in OPERATORS if self.text.startswith(each, self.at)), "")
        self.at += len(operator)
        low = self.atom()
        if not operator and self.text.startswith("..", self.at):
            self.at += 2
            high = self.atom()
            if not low and not high:
                raise self.problem(_("The range has no ends. Write one, such as 2..4."), start)
            return Value(low, upto=high, span=Span(begin, self.at))
        if not low:
            raise self.problem(_("A value is missing after the colon or comma."), start)
        return Value(low, operator, span=Span(begin, self.at))

    def atom(self) -> str:
        """One value, in quotes or up to a blank, comma or the two dots of a range; empty when there is none."""
        if self.peek() == '"':
            return self.quotation()
        begin = self.at
        while not self.ends_at(self.at) and self.peek() not in {",", '"'} and not self.text.startswith("..", self.at):
            self.at += 1
        return self.text[begin : self.at]

    def quotation(self) -> str:
        start = self.at
        self.at += 1
        letters = []
        while self.at < len(self.text) and self.text[self.at] != '"':
            if self.text[self.at] == "\\" and self.at + 1 < len(self.text):
                self.at += 1
            letters.append(self.text[self.at])
            self.at += 1
        if self.at >= len(self.text):
            raise self.problem(_("The quotation has no end. Add a quote."), start, self.text[start:] + '"')
        self.at += 1
        return "".join(letters).replace("\x00", "")

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def ends_at(self, index: int) -> bool:
        return index >= len(self.text) or self.text[index].isspace() or self.text[index] == "\x00"

    def problem(self, message: str, start: int, suggestion: str = "") -> QueryProblem:
        return QueryProblem(message, start=start, end=max(self.at, start), suggestion=suggestion)
