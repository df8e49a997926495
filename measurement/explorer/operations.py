"""The acts on files of measures: ask for one, stop it, remove it. They are one's own."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused
from common.speech import plainly
from people.access import require
from people.models import User

from ..declarations import KPI
from ..pivots.counting import is_possible
from ..scope import organizations_of
from .enums import Format, State, What
from .models import LONGEST_QUERY, Export

MOST_UNFINISHED = 3
KEPT = timedelta(days=7)


@transaction.atomic
def ask(*, kpi: KPI, what: str, format: str, query: str, by: Any, at: datetime) -> Export:
    """
    Ask for a file; a worker makes it, and it is kept for 7 days.

    :param query: of the address that shows what is wanted. :raises NotAllowed: :raises Refused: unknown kind or format,
        too many being made.
    """
    require(by, "kpi.export")
    if what not in What.values:
        raise Refused.because("unknown", _("Choose the table, the records, or two dimensions."), "what")
    if what == What.PIVOT and not is_possible(kpi):
        raise Refused.because("formula", _("This measure can't be set by two dimensions. Choose another."), "what")
    if what == What.RECORDS and kpi.formula is not None:
        said = _("A formula has no records of its own. Take the table, or the records of one of its counts.")
        raise Refused.because("formula", said, "what")
    if format not in Format.values:
        raise Refused.because("unknown", _("Choose CSV or Excel."), "format")
    if len(query) > LONGEST_QUERY:
        raise Refused.because("too_long", _("There are too many filters. Take some away."), "query")
    # The person's row is locked, so that two asked for at once are counted one after the other.
    User.objects.select_for_update().get(pk=by.pk)
    if Export.objects.filter(by=by).unfinished().count() >= MOST_UNFINISHED:
        raise Refused.because(
            "too_many",
            _("%(count)s of your files are still being made. Wait for one, or stop it.") % {"count": MOST_UNFINISHED},
        )
    reach = organizations_of(by)
    with plainly():  # the log says it, too
        title = _("%(measure)s: %(what)s") % {"measure": kpi.name, "what": What(what).label}
    export = Export.objects.create(
        by=by,
        title=title[:200],
        kpi=kpi.id,
        what=what,
        format=format,
        query=query.replace("\x00", ""),
        organizations=None if reach is None else sorted(reach),
        at=at,
        expires_at=at + KEPT,
    )
    log.record(
        "kpi.exported", subject_kind="measure", subject_id=0, subject_label=export.title, by=by, at=at,
        data={"kpi": kpi.id, "what": what, "format": format, "query": export.query, "export": export.pk},
    )  # fmt: skip
    return export


@transaction.atomic
def stop(*, export: Export, by: Any, at: datetime) -> Export:
    """Write no further rows. :raises Refused: it is over already."""
    locked = _own(export, by)
    if locked.is_over:
        raise Refused.because("over", _("This file is ready or stopped already."))
    locked.state, locked.ended_at = State.STOPPED, at
    locked.save(update_fields=["state", "ended_at"])
    return locked


@transaction.atomic
def remove(*, export: Export, by: Any) -> None:
    """Remove a file before it expires."""
    locked = _own(export, by)
    path = locked.path
    locked.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def may_read(export: Export, user: Any) -> bool:
    """Whether the person still reaches every organization whose rows are in the file."""
    reach = organizations_of(user, "kpi.export")
    return reach is None or (export.organizations is not None and set(export.organizations) <= reach)


def _own(export: Export, by: Any) -> Export:
    require(by, "kpi.export")
    return Export.objects.visible_to(by).select_for_update(of=("self",)).get(pk=export.pk)
