"""What meetings have decided is to be done: open and overdue actions, whichever meeting gave them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from measurement.declarations import IN_ZONE, KPI, Direction, Event, Family, Unit, add_family, day_of, register
from measurement.marks import mark_days
from measurement.periods import today

ONE_DAY = timedelta(days=1)
# People type any year; the day after the last one of all is none.
LATEST = date(9000, 1, 1)
OVERDUE = KPI(
    id="csi-actions-overdue",
    name=_("Actions overdue"),
    question=_("Do we do what reviews decided?"),
    unit=Unit.PERCENT,
    direction=Direction.LOWER,
    families=(),
    numerator="overdue",
    numerator_text=_("open actions whose day is over"),
    denominator="open",
    denominator_text=_("open actions of service reviews and of boards"),
    factor=100,
    target=10,
    event_text=_("the end of the day; for longer periods of their last day"),
    source_text=_("actions given in reviews and meetings, and their improvements in the register"),
    is_stock=True,
    caveat=_("An action is overdue from the day after its last. One without a day is open and never overdue."),
)


def family_of(*, name: str, rows: str, source: str) -> Family:
    """
    The actions of one kind of meeting, counted on the days on which they are given, become overdue, and end.

    :param source: rows `r` with `made_at`, `due_date`, `ended_at` (empty while open), and what every row has.
    """
    due = "r.due_date IS NOT NULL AND (r.ended_at IS NULL OR {ended} > r.due_date)".format(ended=day_of("r.ended_at"))
    stands = f"({day_of('r.made_at')} <= %(day)s AND (r.ended_at IS NULL OR {day_of('r.ended_at')} > %(day)s))"
    return Family(
        name=name,
        definition=1,
        source=source,
        amounts=("open", "overdue"),
        events=(
            Event(moment="r.made_at", amounts={"open": "1"}),
            Event(
                moment=f"greatest(r.made_at, (least(r.due_date, '{LATEST}') + 1)::timestamp{IN_ZONE})",
                where=due,
                amounts={"overdue": "1"},
            ),
            Event(moment="r.ended_at", amounts={"open": "-1", "overdue": f"-({due})::int"}),
        ),
        standing={"open": stands, "overdue": f"({stands} AND coalesce(r.due_date < %(day)s, false))"},
        rows=rows,
        row="r.row_id",
    )


def measured_note(action: Any, meeting: Any) -> str:
    """What stands beside an action in the rows behind the measure: whose it is, until when, and where it was given."""
    said = {"who": action.owner, "meeting": meeting}
    if action.due_date is None:
        return text("%(who)s · %(meeting)s") % said
    return text("%(who)s, until %(day)s · %(meeting)s") % (said | {"day": date_format(action.due_date)})


def measure(family: Family) -> None:
    """Count the actions of a family among the overdue ones."""
    register(family)
    add_family(OVERDUE.id, family.name)


def count_again(action: Any, *, at: datetime, left: datetime | None = None) -> None:
    """
    Have the days counted again on which an action comes, becomes overdue, and goes.

    :param left: when it was done, before somebody said that it is not.
    """
    days = {today(each) for each in (action.made_at, action.done_at, left) if each is not None}
    if action.due_date is not None:
        days.add(min(action.due_date, LATEST) + ONE_DAY)
    mark_days(days, at=at)


register(OVERDUE)
