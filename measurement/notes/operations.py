"""The acts on notes: write, change, remove. Only their author changes them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import NotAllowed, Refused, Stale
from common.texts import one_line
from people.access import access_of, require
from people.models import Team

from .. import known
from ..scope import organizations_of
from .enums import Audience
from .models import LONGEST, Note

OPERATION = "kpi.note"
LONGEST_DAYS = 3 * 366
MOST_EACH = 200
EARLIEST, LATEST = 1970, 2999


@transaction.atomic
def write(
    *, by: Any, at: datetime, kpi: str, text: str, day_from: date, last_day: date | None = None,
    audience: str = Audience.OWN, team: Team | None = None, is_sample: bool = False,
) -> Note:  # fmt: skip
    """
    Write a note beside some days of a measure.

    :param last_day: included; None for one day. :param team: of the audience `team`; one of one's own.
    :raises NotAllowed: :raises Refused: everything that does not fit, or very many already.
    """
    require(by, OPERATION)
    if kpi not in {each.id for each in known.kpis()}:
        raise Refused.because("unknown", _("Choose a measure."), "kpi")
    if Note.objects.filter(author=by, kpi=kpi).count() >= MOST_EACH:
        raise Refused.because(
            "too_many", _("You have %(count)s notes on this measure. Remove one first.") % {"count": MOST_EACH}
        )
    values = _read(by, text=text, day_from=day_from, last_day=last_day, audience=audience, team=team)
    made = Note.objects.create(
        kpi=kpi, author=by, organization_id=by.organization_id, changed_at=at, is_sample=is_sample, **values
    )
    _write_down("written", made, by=by, at=at)
    return made


@transaction.atomic
def change(
    *, note: Note, by: Any, at: datetime, version: int | None, text: str, day_from: date, last_day: date | None = None,
    audience: str = Audience.OWN, team: Team | None = None,
) -> Note:  # fmt: skip
    """Change one's note. :raises NotAllowed: :raises Stale: :raises Refused:"""
    locked = _own(note, by=by, version=version)
    values = _read(by, text=text, day_from=day_from, last_day=last_day, audience=audience, team=team)
    before = locked.text
    for name, value in values.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.changed_at = at
    locked.save(update_fields=[*values, "version", "changed_at"])
    _write_down("changed", locked, by=by, at=at, changes={"text": (before, locked.text)})
    return locked


@transaction.atomic
def remove(*, note: Note, by: Any, at: datetime) -> None:
    """Take one's note away. :raises NotAllowed:"""
    locked = _own(note, by=by, version=None)
    _write_down("removed", locked, by=by, at=at)
    locked.delete()


def may_tell_everybody(by: Any) -> bool:
    """Whether a note of theirs may be read by people of every organization: only by those who see them all."""
    return organizations_of(by) is None


def _own(note: Note, *, by: Any, version: int | None) -> Note:
    require(by, OPERATION)
    locked = Note.objects.select_for_update(of=("self",)).filter(pk=note.pk).first()
    if locked is None or (version is not None and version != locked.version):
        raise Stale.because("stale", _("This note was changed since you opened it. Look at it anew, then repeat."))
    if locked.author_id != by.pk:
        raise NotAllowed.because("not_allowed", _("Only whoever wrote a note changes it."))
    return locked


def _read(
    by: Any, *, text: str, day_from: date, last_day: date | None, audience: str, team: Team | None
) -> dict[str, Any]:
    said, last = one_line(text), last_day or day_from
    found: list[Any] = []
    if not said:
        found += Refused.because("required", _("The note is empty. Say what happened."), "text").refusals
    if len(said) > LONGEST:
        message = _("At most %(limit)d characters fit here. Shorten it.") % {"limit": LONGEST}
        found += Refused.because("too_long", message, "text").refusals
    if not EARLIEST <= day_from.year <= LATEST or not EARLIEST <= last.year <= LATEST:
        found += Refused.because("range", _("Choose days between 1970 and 2999."), "day_from").refusals
    elif last < day_from:
        message = _("It ends before it begins. Choose a last day that is not before the first.")
        found += Refused.because("order", message, "last_day").refusals
    elif (last - day_from).days > LONGEST_DAYS:
        found += Refused.because("range", _("A note covers three years at most."), "last_day").refusals
    if audience not in Audience.values:
        found += Refused.because("unknown", _("Choose who reads it."), "audience").refusals
    elif audience == Audience.TEAM and (team is None or team.pk not in access_of(by).team_ids):
        found += Refused.because("unknown", _("Choose one of your teams."), "team").refusals
    elif audience == Audience.EVERYBODY and not may_tell_everybody(by):
        message = _("Only those who see the numbers of all customers write notes for everybody.")
        found += Refused.because("not_allowed", message, "audience").refusals
    if found:
        raise Refused.all_of(found)
    return {
        "text": said, "day_from": day_from, "day_to": last + timedelta(days=1), "audience": audience,
        "team": team if audience == Audience.TEAM else None,
    }  # fmt: skip


def _write_down(act: str, note: Note, *, by: Any, at: datetime, changes: Any = None) -> None:
    log.record(
        f"kpi_note.{act}", subject_kind="kpi_note", subject_id=note.pk, subject_label=note.text[:200], by=by, at=at,
        changes=changes or {}, data={"kpi": note.kpi},
    )  # fmt: skip
