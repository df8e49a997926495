"""Deciding about what came at once: make it a problem, dismiss it, take the dismissal back."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import NotAllowed, Refused
from common.speech import plainly
from people.access import can, require
from records import operations as record_operations
from records.enums import LinkKind
from records.homes import covers
from records.models import Record

from ... import operations as problem_operations
from ...enums import Origin
from .. import together
from ..decided import decided_about
from ..enums import ClusterState
from ..models import DecidedBurst
from .clusters import LINKED_AT_MOST
from .wording import said_why

_LOCK = 5_273_002


@transaction.atomic
def accept_burst(*, asked: together.Asked, by: Any, at: datetime, title: str = "", problem: Any = None) -> DecidedBurst:
    """
    Make what came at once a problem and link its incidents as caused by it, the newest 1,000 at most.

    :param problem: link them with this open problem instead of opening one.
    :raises NotAllowed: the person may not decide, log problems or link one of the incidents.
    :raises Refused: it is not proposed any more, or the problem is over.
    """
    shown, members = _proposed(asked, by=by, at=at)
    linked = members[-LINKED_AT_MOST:]
    if problem is None:
        problem = _opened(shown, linked, title=title, by=by, at=at)
    else:
        if problem.kind != "problem" or problem.is_done:
            raise Refused.because(
                "no_problem", _("%(reference)s is no open problem. Name one, or open a new one.")
                % {"reference": problem.reference}, "problem",
            )  # fmt: skip
        record_operations.link_many(records=linked, to=problem, kind=LinkKind.CAUSED_BY, by=by, at=at)
    return _decide(shown, members, ClusterState.ACCEPTED, by=by, at=at, problem=problem)


def _opened(shown: together.Shown, incidents: list[Record], *, title: str, by: Any, at: datetime) -> Any:
    with plainly():
        subject = str(shown.subject)
    return problem_operations.create(
        by=by,
        at=at,
        title=title.strip() or subject,
        origin=Origin.TREND,
        is_sample=incidents[0].is_sample,
        impact=min(each.impact for each in incidents),
        urgency=min(each.urgency for each in incidents),
        incidents=incidents,
        **_shared(shown.burst.name, incidents[0]),
    )


def _shared(name: str, incident: Record) -> dict[str, Any]:
    """The field that all share, where a problem has it too."""
    if name == "category":
        return {"category": incident.category and (incident.category.parent or incident.category)}
    field = "category" if name == "subcategory" else name
    return {field: getattr(incident, field)} if field in ("service", "item", "category") else {}


@transaction.atomic
def dismiss_burst(*, asked: together.Asked, by: Any, at: datetime, reason: str) -> DecidedBurst:
    """
    Say that no problem lies behind it. It is not proposed again unless it has doubled, by ten at least.

    :raises NotAllowed: the person may not decide about one of its organizations.
    :raises Refused: it is not proposed any more, or the reason is missing.
    """
    words = said_why(reason)
    shown, members = _proposed(asked, by=by, at=at)
    return _decide(shown, members, ClusterState.DISMISSED, by=by, at=at, reason=words)


@transaction.atomic
def reconsider_burst(*, decided: DecidedBurst, by: Any, at: datetime) -> DecidedBurst:
    """Let it be proposed again. :raises NotAllowed: :raises Refused: it is not dismissed."""
    require(by, "cluster.decide")
    found = DecidedBurst.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=decided.pk).first()
    if found is None or not found.is_dismissed:
        raise Refused.because("not_dismissed", _("This is not dismissed, so there is nothing to take back."))
    _require_all(by, found.organization_ids)
    found.state, found.returned_at = ClusterState.PROPOSED, at
    found.save(update_fields=["state", "returned_at"])
    _log("burst.reconsidered", found, by=by, at=at)
    return found


def may_decide_burst(person: Any, organization_ids: list[int]) -> bool:
    """Whether the person's roles for deciding cover every organization that it touches."""
    return can(person, "cluster.decide") and covers(person, "cluster.decide", organization_ids)


def may_open_burst(person: Any, organization_ids: list[int]) -> bool:
    """Whether the person could open a problem from it, as far as rights go."""
    return (
        may_decide_burst(person, organization_ids)
        and can(person, "problem.create")
        and covers(person, "record.link", organization_ids)
    )


def _proposed(asked: together.Asked, *, by: Any, at: datetime) -> tuple[together.Shown, list[Record]]:
    """
    The burst as it is now and its incidents, oldest first. One decision at a time: the second of two people finds that
    it is proposed no longer.
    """
    require(by, "cluster.decide")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    shown = together.find(asked, by, at=at)
    if shown is None:
        raise Refused.because(*_why_not(asked, by))
    members = list(Record.objects.filter(pk__in=shown.burst.keys).order_by("opened_at", "pk"))
    _require_all(by, sorted({each.organization_id for each in members}))
    return shown, members


def _why_not(asked: together.Asked, by: Any) -> tuple[str, str]:
    decided = decided_about(
        by,
        name=asked.dimension.name,
        value=asked.dimension.slug(asked.key),
        first_at=asked.first_at,
        latest_at=asked.latest_at,
    )
    if decided is None:
        return "gone", _("Nothing stands out there any more. Look at the list again.")
    name = decided.decided_by or _("Somebody")
    if decided.is_accepted:
        return "decided", _("%(name)s has made this a problem already. Look at it there.") % {"name": name}
    return "decided", _("%(name)s has dismissed this. Take that back first.") % {"name": name}


def _require_all(by: Any, organization_ids: list[int]) -> None:
    if not may_decide_burst(by, organization_ids):
        raise NotAllowed.because(
            "not_allowed", _("You may see these incidents, but not decide about those of all of their organizations.")
        )


def _decide(
    shown: together.Shown, members: list[Record], state: ClusterState, *, by: Any, at: datetime, **said: Any
) -> DecidedBurst:
    burst = shown.burst
    decided = DecidedBurst.objects.create(
        is_sample=members[0].is_sample,
        name=burst.name,
        value=shown.slug,
        state=state,
        record_ids=burst.keys,
        organization_ids=sorted({each.organization_id for each in members}),
        first_at=burst.first_at,
        latest_at=burst.latest_at,
        expected=burst.expected,
        decided_at=at,
        decided_by=by,
        reason=said.get("reason", ""),
        problem_id=said["problem"].pk if "problem" in said else None,
    )
    _log(f"burst.{state.value}", decided, by=by, at=at, problem=decided.problem_id)
    return decided


def _log(action: str, decided: DecidedBurst, *, by: Any, at: datetime, **data: Any) -> None:
    log.record(
        action,
        subject_kind="burst",
        subject_id=decided.pk,
        subject_label=str(decided),
        by=by,
        at=at,
        reason=decided.reason,
        data={"incidents": decided.count, **{name: value for name, value in data.items() if value is not None}},
    )
