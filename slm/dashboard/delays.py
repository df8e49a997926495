"""What the history of a missed clock shows; one miss may show several. SQL over the clock `c` and its record `r`."""

from django.utils.translation import gettext_lazy as _

HAND_OVERS_AT_LEAST = 3
DELAYS = {
    "late": (
        _("First answer came late"),
        "c.kind = 'response' OR EXISTS (SELECT 1 FROM slm_clock o"
        " WHERE o.record_id = c.record_id AND o.kind = 'response' AND o.state = 'missed')",
    ),
    "handed": (_("Changed teams 3 times or more"), f"r.bounce_count >= {HAND_OVERS_AT_LEAST}"),
    "waited": (
        _("Paused for a quarter of its life"),
        "(SELECT coalesce(sum(s.at_to - s.at_from), interval '0') FROM slm_segment s WHERE s.clock_id = c.id"
        " AND s.kind = 'paused') * 4 >= greatest(c.stopped_at - c.started_at, interval '1 second')",
    ),
    "reopened": (_("Was reopened"), "r.reopen_count > 0"),
    "raised": (_("Target tightened afterwards"), "c.is_breached_by_reclassification"),
}
NO_DELAY = "unexplained"


def condition(delay: str) -> str:
    """SQL that holds for the missed clocks with a delay: a key of `DELAYS`, or `unexplained`."""
    if delay == NO_DELAY:
        return " AND ".join(f"NOT ({sql})" for _label, sql in DELAYS.values())
    return DELAYS[delay][1]
