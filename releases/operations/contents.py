"""What goes live with a release: taking changes in and out."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refusal, Refused
from people.access import require
from records import operations as records
from records.enums import LinkKind
from records.models import Link

from ..enums import State
from ..models import Release

OPEN_TO_ADD = frozenset({State.PLANNING, State.BUILDING})
OPEN_TO_TAKE_OUT = OPEN_TO_ADD | {State.TESTING, State.READY}


@transaction.atomic
def add_change(*, release: Release, change: Any, by: Any, at: datetime) -> Link:
    """
    Put a change into the release, as long as the tests have not begun.

    :raises NotAllowed: :raises Refused: it is in already, in another open release, ended, or the tests have begun.
    """
    require(by, "release.edit", release)
    made: Link = records.link(record=change, to=release, kind=LinkKind.RELEASED_IN, by=by, at=at)
    return made


@transaction.atomic
def take_out(*, release: Release, link: Link, by: Any, at: datetime) -> None:
    """
    Take a change out, until the deployment begins. A decision to go lapses.

    :raises NotAllowed: :raises Refused: it is being deployed, or was.
    """
    require(by, "release.edit", release)
    records.unlink(link=link, by=by, at=at)


def refuse_link(release: Any, other: Any, kind: str, is_new: bool) -> Refusal | None:
    """Why the release takes or gives up such a link not now: what is tested together stays together."""
    if kind != LinkKind.RELEASED_IN:
        return None
    values = {"reference": release.reference, "state": release.state_label, "other": other.reference}
    if not is_new:
        if release.state in OPEN_TO_TAKE_OUT:
            return None
        return Refusal("contents", _("%(reference)s is %(state)s; what is in it stays as it is.") % values, "to")
    if release.state not in OPEN_TO_ADD:
        advice = (
            _("Send it back to building first.")
            if release.state in OPEN_TO_TAKE_OUT
            else _("Plan another release for %(other)s.") % values
        )
        said = _("%(reference)s is %(state)s and takes nothing more.") % values
        return Refusal("contents", f"{said} {advice}", "to")
    if other.is_done:
        return Refusal("ended", _("%(other)s has ended. Choose one that is still to come.") % values, "to")
    elsewhere = (
        Link.objects.filter(from_record=other.pk, kind=LinkKind.RELEASED_IN)
        .exclude(to_record=release.pk)
        .exclude(to_record__phase="done")
        .select_related("to_record")
        .first()
    )
    if elsewhere is None:
        return None
    values["release"] = elsewhere.to_record.reference
    return Refusal("elsewhere", _("%(other)s goes live with %(release)s. Take it out there first.") % values, "to")


def refuse_unless(release: Release, states: frozenset[State], act: Any) -> None:
    """:raises Refused: the release is not in one of these states. :param act: what is not possible, as a sentence."""
    if release.state in states:
        return
    raise Refused.because(
        "wrong_state",
        _("%(reference)s is %(state)s. %(act)s")
        % {"reference": release.reference, "state": release.state_label, "act": act},
    )
