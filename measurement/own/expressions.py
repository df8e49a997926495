"""
Formulas that people write over declared counts: `+ - * /`, brackets, numbers, names. Nothing else is understood.

A small parser of our own reads them into a tree of these five things; nothing of what a person typed is ever run or
reaches a statement. Arithmetic is exact (fractions of whole numbers). Division by zero gives no value.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from ..declarations import Count
from .models import LONGEST

DEEPEST, NAMES_AT_MOST, DIGITS_AT_MOST = 20, 20, 9
_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z][a-z_.]*[a-z])|(?P<sign>[-+*/()×÷−]))", re.ASCII)
_ALIKE = {"×": "*", "÷": "/", "−": "-"}
# What is larger is no figure that anybody reads, and soon none that a machine holds.
LARGEST = 10**18


class Misread(ValueError):
    """A formula that cannot be read: why, in words. :ivar at: the character it is about, from 1 on."""

    def __init__(self, message: Any, at: int) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True)
class Node:
    """
    One piece of a formula.

    :param kind: `number`, `count`, `+`, `-`, `*`, `/` or `negative`.
    """

    kind: str
    parts: tuple["Node", ...] = ()
    number: Fraction = Fraction(0)
    count: Count = ("", "")

    def value(self, of: Callable[[Count], int]) -> Fraction | None:
        """None where something is divided by zero."""
        if self.kind == "number":
            return self.number
        if self.kind == "count":
            return Fraction(of(self.count))
        values = [part.value(of) for part in self.parts]
        if any(each is None for each in values):
            return None
        first = values[0] or Fraction(0)
        if self.kind == "negative":
            return -first
        second = values[1] or Fraction(0)
        if self.kind == "/":
            return first / second if second else None
        return {"+": first + second, "-": first - second, "*": first * second}[self.kind]

    def has_division(self) -> bool:
        return self.kind == "/" or any(part.has_division() for part in self.parts)

    def names(self) -> list[Count]:
        found = [self.count] if self.kind == "count" else []
        return found + [count for part in self.parts for count in part.names()]


@dataclass(frozen=True)
class Expression:
    """A formula that was read."""

    root: Node
    text: str

    @cached_property
    def counts(self) -> tuple[Count, ...]:
        """Every count it names, once, in the order of the formula."""
        return tuple(dict.fromkeys(self.root.names()))

    @property
    def is_plain_ratio(self) -> bool:
        """Whether it is one amount divided by another, so that both can be shown."""
        return self.root.kind == "/" and not any(part.has_division() for part in self.root.parts)

    @property
    def has_division(self) -> bool:
        return self.root.has_division()

    def parts(self, of: Callable[[Count], int]) -> tuple[int | float, int | float | None]:
        """
        Numerator and denominator, as `Value` takes them; the denominator is None without any division.

        Of several divisions the whole stands above 1, or above 0 where it has no value. What is larger than `LARGEST`
        has no value either.
        """
        whole = self.root.value(of)
        if whole is not None and abs(whole) > LARGEST:
            return 0, 0
        if self.is_plain_ratio:
            over, under = (part.value(of) or Fraction(0) for part in self.root.parts)
            return (0, 0) if max(abs(over), abs(under)) > LARGEST else (_number(over), _number(under))
        return _number(whole), (int(whole is not None) if self.has_division else None)


def _number(value: Fraction | None) -> int | float:
    if value is None:
        return 0
    return int(value) if value.denominator == 1 else float(value)


def parse(text: str, *, known: Callable[[str], Count | None]) -> Expression:
    """
    Read a formula. :param known: the count of a name; None for none.

    :raises Misread: it is too long or too deep, or says something that is not understood.
    """
    if len(text) > LONGEST:
        raise Misread(_("The formula has more than %(limit)d characters. Shorten it.") % {"limit": LONGEST}, LONGEST)
    reader = _Reader(text, known)
    root = reader.sum(0)
    if reader.kind:
        raise reader.unexpected()
    found = Expression(root, " ".join(text.split()))
    if not found.counts:
        raise Misread(_("The formula names no count. Name one at least, such as incident.flow.opened."), 1)
    if len(found.counts) > NAMES_AT_MOST:
        raise Misread(_("At most %(limit)d different counts fit.") % {"limit": NAMES_AT_MOST}, 1)
    return found


class _Reader:
    """Reads from left to right; times and divided before plus and minus."""

    def __init__(self, text: str, known: Callable[[str], Count | None]) -> None:
        self.text, self.known, self.at = text, known, 0
        self.kind, self.read, self.begin = "", "", 0
        self.advance()

    def advance(self) -> None:
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            rest = self.text[self.at :].lstrip()
            self.kind, self.read, self.begin = "", "", len(self.text) - len(rest) + 1
            if rest:
                raise Misread(
                    _("“%(sign)s” at character %(at)d is not understood. Use names of counts, numbers, + - * / and ().")
                    % {"sign": rest[0] if rest[0].isprintable() else f"U+{ord(rest[0]):04X}", "at": self.begin},
                    self.begin,
                )
            return
        self.kind = found.lastgroup or ""
        self.read = _ALIKE.get(found[self.kind], found[self.kind])
        self.begin, self.at = found.start(self.kind) + 1, found.end()

    def unexpected(self) -> Misread:
        if not self.kind:
            return Misread(_("The formula ends too early. Something is missing at its end."), self.begin)
        return Misread(
            _("“%(token)s” at character %(at)d stands where it makes no sense.")
            % {"token": self.read, "at": self.begin},
            self.begin,
        )

    def sum(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise Misread(_("More than %(limit)d brackets in each other. Write it flatter.") % {"limit": DEEPEST}, 1)
        found = self.product(depth)
        while self.kind == "sign" and self.read in "+-":
            sign = self.read
            self.advance()
            found = Node(sign, (found, self.product(depth)))
        return found

    def product(self, depth: int) -> Node:
        found = self.single(depth)
        while self.kind == "sign" and self.read in "*/":
            sign = self.read
            self.advance()
            found = Node(sign, (found, self.single(depth)))
        return found

    def single(self, depth: int) -> Node:
        if self.kind == "number":
            return self._number()
        if self.kind == "name":
            return self._name()
        if self.kind == "sign" and self.read == "-":
            self.advance()
            if depth > DEEPEST:
                raise self.unexpected()
            return Node("negative", (self.single(depth + 1),))
        if self.kind == "sign" and self.read == "(":
            self.advance()
            found = self.sum(depth + 1)
            if self.read != ")":
                raise Misread(_("A bracket is not closed. Add “)”."), self.begin)
            self.advance()
            return found
        raise self.unexpected()

    def _number(self) -> Node:
        if len(self.read.replace(".", "")) > DIGITS_AT_MOST:
            raise Misread(
                _("The number at character %(at)d has more than %(limit)d digits.")
                % {"at": self.begin, "limit": DIGITS_AT_MOST},
                self.begin,
            )
        found = Node("number", number=Fraction(self.read))
        self.advance()
        return found

    def _name(self) -> Node:
        count = self.known(self.read)
        if count is None:
            raise Misread(
                _("“%(name)s” at character %(at)d is no count. Choose one from the list.")
                % {"name": self.read[:60], "at": self.begin},
                self.begin,
            )
        self.advance()
        return Node("count", count=count)
