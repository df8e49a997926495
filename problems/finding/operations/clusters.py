"""Deciding about what was found: open it as a problem, link what came later, dismiss it, take the dismissal back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import NotAllowed, Refused
from people.access import can, require
from records import operations as record_operations
from records.enums import LinkKind
from records.homes import covers
from records.models import Record

from ... import operations as problem_operations
from ...enums import Origin
from ..enums import ClusterState
from ..models import Cluster, ClusterMember
from .wording import said_why

LINKED_AT_MOST = 1_000


@transaction.atomic
def accept(*, cluster: Cluster, by: Any, at: datetime, title: str = "") -> Record:
    """
    Open a problem from a proposal and link its incidents as caused by it, the newest 1,000 at most.

    Service, category, item and subject are taken over. The problem is logged and no more: whether it is worth the
    effort is decided there.

    :returns: the problem.
    :raises NotAllowed: the person may not decide, log problems or link one of the incidents.
    :raises Refused: somebody has decided about it already, or none of its incidents is left.
    """
    cluster = _lock(cluster, by)
    _require_proposed(cluster)
    members = _members(cluster)
    if not members:
        raise Refused.because(
            "no_incidents", _("All of these incidents are linked with a problem by now. There is nothing to open.")
        )
    problem = problem_operations.create(
        by=by,
        at=at,
        title=title.strip() or str(cluster),
        origin=Origin.TREND,
        is_sample=cluster.is_sample,
        impact=min(each.impact for each in members),
        urgency=min(each.urgency for each in members),
        incidents=members,
        service=cluster.service,
        category=cluster.category,
        item=cluster.item,
    )
    cluster.members.filter(record__in=members).delete()
    _decide(cluster, ClusterState.ACCEPTED, by=by, at=at)
    cluster.problem, cluster.reason = problem, ""
    cluster.save()
    _log("cluster.accepted", cluster, by=by, at=at, problem=problem.pk, incidents=len(members))
    return Record.objects.get(pk=problem.pk)


@transaction.atomic
def link_newer(*, cluster: Cluster, by: Any, at: datetime) -> int:
    """
    Link the incidents that have joined an accepted group since with its problem, 1,000 at most.

    :returns: how many were linked.
    :raises Refused: it has no problem, the problem is over, or nothing new came.
    """
    cluster = _lock(cluster, by)
    problem = cluster.problem if cluster.is_accepted else None
    if problem is None or problem.closed_at is not None:
        raise Refused.because("no_problem", _("There is no open problem to link these incidents with."))
    members = _members(cluster)
    if not members:
        raise Refused.because("no_incidents", _("No incident like these came since the problem was opened."))
    linked = record_operations.link_many(records=members, to=problem, kind=LinkKind.CAUSED_BY, by=by, at=at)
    cluster.members.filter(record__in=members).delete()
    cluster.member_count = cluster.members.count()
    cluster.save(update_fields=["member_count"])
    _log("cluster.extended", cluster, by=by, at=at, problem=problem.pk, incidents=linked)
    return linked


@transaction.atomic
def dismiss(*, cluster: Cluster, by: Any, at: datetime, reason: str) -> Cluster:
    """
    Say that no problem lies behind these incidents. It is not proposed again unless it has doubled, by ten at least.

    :raises Refused: somebody has decided about it already, or the reason is missing.
    """
    cluster = _lock(cluster, by)
    _require_proposed(cluster)
    reason = said_why(reason)
    _decide(cluster, ClusterState.DISMISSED, by=by, at=at)
    cluster.reason = reason
    cluster.save()
    _log("cluster.dismissed", cluster, by=by, at=at, why=reason, incidents=cluster.member_count)
    return cluster


@transaction.atomic
def reconsider(*, cluster: Cluster, by: Any, at: datetime) -> Cluster:
    """Propose a dismissed group again. :raises Refused: it is not dismissed."""
    cluster = _lock(cluster, by)
    if not cluster.is_dismissed:
        raise Refused.because("not_dismissed", _("This group is not dismissed, so there is nothing to take back."))
    cluster.state, cluster.returned_at = ClusterState.PROPOSED, at
    cluster.save(update_fields=["state", "returned_at"])
    _log("cluster.reconsidered", cluster, by=by, at=at)
    return cluster


def _lock(cluster: Cluster, by: Any) -> Cluster:
    """The row as it is now, for somebody who sees it and may decide about it."""
    require(by, "cluster.decide")
    found = Cluster.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=cluster.pk).first()
    if found is None:
        raise Refused.because("gone", _("This group is gone: nothing like it came any more. Look at the list again."))
    if not may_decide(by, found):
        raise NotAllowed.because(
            "not_allowed", _("You may see this group, but not decide about the tickets of all of its organizations.")
        )
    return found


def may_decide(person: Any, cluster: Cluster) -> bool:
    """Whether the person's roles for deciding cover every organization that the group touches."""
    return can(person, "cluster.decide") and covers(person, "cluster.decide", cluster.organization_ids)


def may_open(person: Any, cluster: Cluster) -> bool:
    """Whether the person could open a problem from the group, as far as rights go."""
    return (
        may_decide(person, cluster)
        and can(person, "problem.create")
        and covers(person, "record.link", cluster.organization_ids)
    )


def _require_proposed(cluster: Cluster) -> None:
    if cluster.is_proposed:
        return
    said = {"name": cluster.decided_by or _("Somebody")}
    if cluster.is_accepted:
        sentence = _("%(name)s has opened this as a problem already. Look at it there.")
    else:
        sentence = _("%(name)s has dismissed this group. Take that back first.")
    raise Refused.because("decided", sentence % said)


def _members(cluster: Cluster) -> list[Record]:
    newest = ClusterMember.objects.filter(cluster=cluster).order_by("-record_id").values("record_id")[:LINKED_AT_MOST]
    return list(Record.objects.filter(pk__in=newest))


def _decide(cluster: Cluster, state: ClusterState, *, by: Any, at: datetime) -> None:
    cluster.state, cluster.decided_by, cluster.decided_at = state, by, at
    cluster.decided_count = cluster.member_count
    if state == ClusterState.ACCEPTED:
        # What is linked is the problem's from now on; the few left over are counted by the next look.
        cluster.member_count = cluster.members.count()
        cluster.lost_minutes = cluster.earlier_count = cluster.later_count = 0


def _log(action: str, cluster: Cluster, *, by: Any, at: datetime, why: str = "", **data: Any) -> None:
    log.record(
        action,
        subject_kind="cluster",
        subject_id=cluster.pk,
        subject_label=cluster,
        by=by,
        at=at,
        reason=why,
        data=data,
    )
