"""What is wanted of measures in the sample, a measure made here, success factors, and a figure that was told anew."""

from datetime import datetime, timedelta
from typing import Any

from audit.acts import acting
from audit.models import Channel
from incidents import operations as incidents
from measurement import known
from measurement.catalog import operations as catalog
from measurement.ledger import closing
from measurement.own import operations as own
from measurement.own.operations import Meaning
from measurement.periods import today

from .cast import Cast

CLOSED_DAYS = 6
LATE = timedelta(days=3, hours=2)
# measure, owner, target, threshold
WANTED = (
    ("inc-resolution-sla", "ines", 95.0, 85.0),
    ("inc-reopen", "luca", 5.0, 8.0),
    ("inc-backlog-age", "luca", 5.0, 10.0),
    ("chg-success", "ines", 95.0, 90.0),
)
# name, what must be true, how it rolls up, measures with weights
FACTORS: tuple[tuple[str, str, str, list[tuple[str, int]]], ...] = (
    ("Services are back quickly", "People work again before they have to ask.", "worst",
     [("inc-resolution-sla", 1), ("inc-response-sla", 1), ("inc-backlog-age", 1)]),
    ("Solutions last", "What was fixed stays fixed.", "weighted",
     [("inc-reopen", 3), ("prb-recurrence", 2), ("prb-resolved-rate", 1)]),
    ("Changes do no harm", "We alter what runs without breaking it.", "weighted",
     [("chg-success", 3), ("chg-incidents-caused", 2), ("chg-window", 1)]),
    ("We learn from what we do", "Answers are found rather than invented again.", "worst",
     [("kn-reuse", 1), ("kn-freshness", 1), ("csi-with-baseline", 1)]),
)  # fmt: skip
OWN = Meaning(
    name="Opened for each one resolved",
    question="Do we keep up with what comes in?",
    expression="incident.flow.opened / incident.resolved.resolved",
    unit="each",
    direction="lower",
)


class Bookkeeper:
    """Tells what is wanted, closes the latest days, and has a call found that nobody had logged. After the counting."""

    def __init__(self, cast: Cast, *, at: datetime) -> None:
        self.cast, self.now = cast, at

    def tell(self, *, later: datetime) -> None:
        """:param later: when the late call is logged, and the figures of its day are told anew."""
        with acting(channel=Channel.WEB, is_quiet=True):
            self._wanted()
        closing.close(at=self.now, day_from=today(self.now) - timedelta(days=CLOSED_DAYS), only_sample=True)
        with acting(channel=Channel.WEB, is_quiet=True):
            self._late(later)
        closing.close(at=later, only_sample=True)

    def _wanted(self) -> None:
        by, at = self.cast.staff["ada"], self.now - timedelta(days=40)
        for name, owner, target, near in WANTED:
            catalog.handle(
                kpi=known.kpi(name), by=by, at=at, owner=self.cast.staff[owner], target=target, near=near,
                reason="Agreed for this year.", is_sample=True,
            )  # fmt: skip
        own.create(by=by, at=at, meaning=OWN, is_sample=True)
        for position, (name, statement, rollup, measures) in enumerate(FACTORS, start=1):
            catalog.create_factor(
                by=by, at=at, name=name, statement=statement, rollup=rollup, measures=measures,
                position=position * 10, owner=self.cast.staff["ines"], is_sample=True,
            )  # fmt: skip

    def _late(self, at: datetime) -> Any:
        """A call that came in three days ago, noted on paper while the telephone system was down."""
        return incidents.create(
            by=self.cast.staff["tom"],
            at=at,
            opened_at=at - LATE,
            reason="Noted on paper while the telephone system was down; logged when the note was found.",
            requester=self.cast.requesters[0],
            title="No sound in meetings",
            description="The headset is not found after the update.",
            source="phone",
            is_sample=True,
        )
