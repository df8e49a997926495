"""
Clusters within one service, category and item: subjects around a typical one. Pure.

Around a typical subject, not in chains: A like B and B like C does not put A and C together. Subjects of clusters that
are known already come first, so that a proposal keeps its subject from run to run and a dismissed one does not return
under a slightly different name.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from . import text
from .text import Features, Signer, Weights

ALIKE = 0.4
# So few clusters of a group are compared one by one. Among more, signatures say which are worth comparing: of those
# that meet in a band (the first so many, for common words fill a band) the ones that meet in most.
COMPARED_ALL, COMPARED, READ_OF_A_BAND = 48, 16, 32
# In one place so many wordings can stand for a cluster at the most: those of most incidents, then the newest.
MOST_LEADERS = 10_000
EXACT = 100


@dataclass
class Found:
    """
    A cluster: its typical subject and its members.

    :param key: the cluster that an earlier run has stored; None for a new one.
    :param subject: the typical subject as somebody wrote it; empty where only the coded fields are the same.
    :param likeness: percent, for each member.
    """

    subject: str
    key: int | None = None
    members: "array[int]" = field(default_factory=lambda: array("q"))
    likeness: "array[int]" = field(default_factory=lambda: array("B"))

    def add(self, members: Iterable[int], percent: int) -> None:
        before = len(self.members)
        self.members.extend(members)
        self.likeness.extend([percent] * (len(self.members) - before))


@dataclass(slots=True)
class _Variant:
    """One wording: its own words, how somebody wrote it first, and whose it is."""

    subject: str
    words: str
    members: "array[int]"


class Grouper:
    """Puts the incidents of a group together. One is made for a run; groups are handed in one after another."""

    def __init__(self, weights: Weights) -> None:
        self._weights, self._signer = weights, Signer()

    def clusters(
        self,
        incidents: Iterable[tuple[int, str]],
        *,
        coded: Iterable[str] = (),
        known: Sequence[tuple[int, str]] = (),
        by_fields: bool = True,
    ) -> list[Found]:
        """
        The clusters of a group, single incidents included, in no order.

        :param incidents: key and subject of each.
        :param coded: names of the group's service, category and item: a subject that merely repeats them says nothing.
        :param known: clusters of this group that are stored: key and typical subject, the oldest first.
        :param by_fields: whether incidents without any text of their own belong together for their coded fields.
        """
        unsaid = {word for name in coded for word in text.words_of(name)}
        leaders = _Leaders(self._signer)
        for key, subject in known:
            words = self._own_words(subject, unsaid)
            leaders.add(Found(subject=subject if words else "", key=key), words, self._features(words))
        for variant in self._variants(incidents, unsaid):
            if not variant.words and not by_fields:
                continue
            features = self._features(variant.words)
            found, percent = leaders.nearest(variant.words, features)
            if found is None and len(leaders.found) >= MOST_LEADERS:
                continue
            if found is None:
                found, percent = Found(subject=variant.subject if variant.words else ""), EXACT
                leaders.add(found, variant.words, features)
            found.add(variant.members, percent)
        return [each for each in leaders.found if each.members]

    def _variants(self, incidents: Iterable[tuple[int, str]], unsaid: set[str]) -> list[_Variant]:
        """Wordings, those of most incidents first, then the newest: what is typical is not left to chance."""
        variants: dict[str, _Variant] = {}
        for key, subject in incidents:
            words = self._own_words(subject, unsaid)
            variant = variants.get(words)
            if variant is None:
                variant = variants[words] = _Variant(subject, words, array("q"))
            variant.members.append(key)
        return sorted(variants.values(), key=lambda each: (-len(each.members), -each.members[-1]))

    def _own_words(self, subject: str, unsaid: set[str]) -> str:
        """What a subject says beyond the coded fields and beyond numbers that nobody else wrote."""
        words = text.words_of(subject)
        return " ".join(word for word in words if word not in unsaid and not self._weights.is_chance(word))

    def _features(self, words: str) -> Features:
        return self._weights.features(text.keys_of(words.split()))


class _Leaders:
    """The typical subjects of a group so far, and which of them may be like another subject."""

    def __init__(self, signer: Signer) -> None:
        self.found: list[Found] = []
        self._signer = signer
        self._features: list[Features] = []
        self._exact: dict[str, int] = {}
        self._bands: dict[bytes, list[int]] = {}
        self._banded = 0

    def add(self, found: Found, words: str, features: Features) -> None:
        self._exact.setdefault(words, len(self.found))
        self.found.append(found)
        self._features.append(features)

    def nearest(self, words: str, features: Features) -> tuple[Found | None, int]:
        """The cluster whose typical subject is most like this one, if any is like enough, and how like in percent."""
        same = self._exact.get(words)
        if same is not None:
            return self.found[same], EXACT
        best, most = None, ALIKE
        for at in self._candidates(features):
            alike = text.likeness(features, self._features[at])
            if alike > most or (alike == most and best is None):
                best, most = at, alike
        return (None, 0) if best is None else (self.found[best], min(round(most * 100), EXACT - 1))

    def _candidates(self, features: Features) -> Iterable[int]:
        if len(self.found) <= COMPARED_ALL:
            return range(len(self.found))
        while self._banded < len(self.found):
            for band in self._signer.bands(list(self._features[self._banded].weights)):
                self._bands.setdefault(band, []).append(self._banded)
            self._banded += 1
        met: Counter[int] = Counter()
        for band in self._signer.bands(list(features.weights)):
            met.update(self._bands.get(band, ())[:READ_OF_A_BAND])
        return [at for at, _bands in met.most_common(COMPARED)]
