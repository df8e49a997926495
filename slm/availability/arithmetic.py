"""
The arithmetic of availability (domain reference A4), pure and exact.

Durations are whole microseconds or fractions of them; shares are fractions from 0 to 1. Doors round when they write.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, exp

from .spans import Span, cut, length, merged, worst

ONE = Fraction(1)


@dataclass(frozen=True)
class Down:
    """
    One outage as the arithmetic sees it.

    :param weight: share of the service that was lost, 0 to 1. :param users: people affected, None if nobody said.
    """

    at_from: int
    at_to: int
    weight: Fraction = ONE
    is_planned: bool = False
    users: int | None = None

    @property
    def is_failure(self) -> bool:
        """Whether it counts for reliability: not planned, and it took something away."""
        return not self.is_planned and self.weight.numerator > 0


@dataclass(frozen=True)
class Figures:
    """
    What a span of agreed time amounts to. Figures of following spans can be added up.

    :param agreed: agreed service time. :param lost: downtime in it, by weight. :param failed: time in it during which a
        failure lasted, without weights. :param failures: how many began. :param user_time: people × downtime.
    """

    agreed: int = 0
    lost: Fraction = Fraction(0)
    failed: int = 0
    failures: int = 0
    user_time: Fraction = Fraction(0)

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.agreed + other.agreed,
            self.lost + other.lost,
            self.failed + other.failed,
            self.failures + other.failures,
            self.user_time + other.user_time,
        )

    @property
    def availability(self) -> Fraction | None:
        """(AST - DT) / AST; None where nothing was agreed."""
        return (self.agreed - self.lost) / self.agreed if self.agreed else None

    @property
    def mtrs(self) -> Fraction | None:
        """Mean time to restore service: time failed / failures; None without a failure."""
        return Fraction(self.failed, self.failures) if self.failures else None

    @property
    def mtbf(self) -> Fraction | None:
        """Mean time between failures: time up / failures; None without a failure: longer than the period."""
        return Fraction(self.agreed - self.failed, self.failures) if self.failures else None

    @property
    def mtbsi(self) -> Fraction | None:
        """Mean time between service incidents: AST / failures, which is MTBF + MTRS."""
        return Fraction(self.agreed, self.failures) if self.failures else None

    def budget(self, target: Fraction) -> Fraction:
        """Error budget: the downtime that a target leaves."""
        return (1 - target) * self.agreed

    def burn_rate(self, target: Fraction) -> Fraction | None:
        """
        How many times as fast as the target allows the budget was used; 1 uses it up exactly at the end.

        None where nothing was agreed, or the target leaves no budget.
        """
        if not self.agreed or target >= 1:
            return None
        return self.lost / self.agreed / (1 - target)


def figures(agreed: Sequence[Span], downs: Iterable[Down], at_from: int, at_to: int) -> Figures:
    """
    Work out one span.

    A failure counts where it first meets agreed time: one that began in an earlier span isn't counted a second time.

    :param agreed: agreed service time, ordered and separate; for failures that began before the span, from there on.
    :param downs: every outage that touches the span; overlapping ones count once, by the heaviest.
    """
    here = cut(agreed, at_from, at_to)
    found = [each for each in downs if each.at_from < at_to and each.at_to > at_from]
    lost = _by_weight(
        (weight, length(cut(here, start, end)))
        for start, end, weight in worst((each.at_from, each.at_to, each.weight) for each in found)
    )
    failed, failures = 0, 0
    for _span, inside, is_begun in _failing(agreed, found, here, at_from):
        failed += inside
        failures += is_begun
    people = _by_weight(
        (each.weight, length(cut(here, each.at_from, each.at_to)) * each.users) for each in found if each.users
    )
    return Figures(length(here), lost, failed, failures, people)


def failures_begun(agreed: Sequence[Span], downs: Iterable[Down], at_from: int, at_to: int) -> list[Span]:
    """The failures that `figures` counts, from their begin to their end: outages that overlap or touch are one."""
    found = [each for each in downs if each.at_from < at_to and each.at_to > at_from]
    here = cut(agreed, at_from, at_to)
    return [span for span, _inside, is_begun in _failing(agreed, found, here, at_from) if is_begun]


def _failing(
    agreed: Sequence[Span], downs: Iterable[Down], here: Sequence[Span], at_from: int
) -> Iterator[tuple[Span, int, bool]]:
    """Each failure with its agreed time in the span, and whether it first meets agreed time there."""
    for start, end in merged((each.at_from, each.at_to) for each in downs if each.is_failure):
        inside = length(cut(here, start, end))
        yield (start, end), inside, bool(inside) and not cut(agreed, start, at_from)


def _by_weight(amounts: Iterable[tuple[Fraction, int]]) -> Fraction:
    """Add up weighted amounts: whole numbers for each weight first, for fractions are slow to add and to look up."""
    sums: dict[tuple[int, int], int] = {}
    for weight, amount in amounts:
        key = weight.numerator, weight.denominator
        sums[key] = sums.get(key, 0) + amount
    return sum((Fraction(*key) * amount for key, amount in sums.items()), Fraction(0))


def serial(parts: Iterable[Fraction]) -> Fraction:
    """Availability of a chain that needs every part: A = A1 × A2 × …; 1 for no part at all."""
    result = ONE
    for part in parts:
        result *= part
    return result


def parallel(parts: Iterable[Fraction]) -> Fraction:
    """Availability where one of the parts suffices: A = 1 - (1 - A1)(1 - A2)…"""
    return 1 - serial(1 - part for part in parts)


def at_least(needed: int, parts: Sequence[Fraction]) -> Fraction:
    """
    Availability where `needed` of the parts suffice, alike or not.

    Adds up, part by part, the chance that exactly so many work.

    :raises ValueError: more are needed than there are, or none.
    """
    if not 1 <= needed <= len(parts):
        raise ValueError(f"{needed} of {len(parts)} parts can't be needed")
    chances = [ONE]
    for part in parts:
        up = [Fraction(0), *(chance * part for chance in chances)]
        down = [*(chance * (1 - part) for chance in chances), Fraction(0)]
        chances = [a + b for a, b in zip(up, down, strict=True)]
    return sum(chances[needed:], Fraction(0))


def at_least_equal(needed: int, count: int, part: Fraction) -> Fraction:
    """The same for equal parts by the formula of the books: the sum of C(n, i) A^i (1 - A)^(n - i) from k to n."""
    return sum((comb(count, i) * part**i * (1 - part) ** (count - i) for i in range(needed, count + 1)), Fraction(0))


def from_means(mtbf: Fraction, mtrs: Fraction) -> Fraction:
    """Availability from means: MTBF / (MTBF + MTRS)."""
    return mtbf / (mtbf + mtrs)


def user_weighted(lost_user_time: Fraction, users: int, agreed: int) -> Fraction | None:
    """1 - lost user time / (all users × AST); None where nobody uses it or nothing was agreed."""
    whole = users * agreed
    return 1 - lost_user_time / whole if whole else None


def by_requests(good: int, valid: int) -> Fraction | None:
    """Good requests / valid requests; None without any."""
    return Fraction(good, valid) if valid else None


def reliability(span: int, mtbf: Fraction) -> float:
    """The chance of no failure in a span: e^(-t / MTBF). Assumes a constant rate of failures; no exact number."""
    return exp(-span / mtbf)
