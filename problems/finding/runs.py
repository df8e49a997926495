"""A look through the incidents from end to end, and keeping what it brought beside what people have decided."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count

from audit import log
from common.copying import copy_rows
from records import practices

from ..enums import State
from .enums import ClusterState
from .gathering import DAYS, MOST_PROPOSED, SMALLEST, Candidate, Gathered, gather, window_of
from .models import Cluster, ClusterMember, Run

LOST_AFTER = timedelta(minutes=15)
# What was dismissed is proposed again when it has doubled, and by no fewer than ten.
GROWN_FACTOR, GROWN_BY = 2, 10
_LOCK = 5_273_001


def find(*, at: datetime, days: int = DAYS) -> Run | None:
    """
    Look through the incidents of the days before `at` and keep what looks like one problem.

    Safe to run twice and by several workers: one looks, the others leave. Running it again on the same incidents
    changes nothing.

    :returns: None when another worker is at it.
    """
    run = _begin(at=at, days=days)
    if run is None:
        return None
    brought = [gather(window_of(at, days=days, is_sample=each), is_sample=each) for each in (False, True)]
    with transaction.atomic():
        _lock()
        keep(brought, at=at, since=run.began_at)
        run.counted_from, run.counted_to = brought[0].window.at_from, brought[0].window.at_to
        run.incident_count = sum(each.incident_count for each in brought)
        run.proposed_count = Cluster.objects.proposed().count()
        run.ended_at = at
        run.save()
    return run


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


@transaction.atomic
def _begin(*, at: datetime, days: int) -> Run | None:
    """A run that never ended was lost with its worker and is forgotten after a quarter of an hour."""
    _lock()
    unfinished = Run.objects.filter(ended_at=None)
    if unfinished.filter(began_at__gt=at - LOST_AFTER, began_at__lte=at + LOST_AFTER).exists():
        return None
    unfinished.delete()
    return Run.objects.create(began_at=at, counted_from=at - timedelta(days=days), counted_to=at)


def keep(brought: list[Gathered], *, at: datetime, since: datetime) -> None:
    """
    Store the clusters. What somebody decided since the looking began is left as it is; it counts from the next run on.
    """
    stored = {each.pk: each for each in Cluster.objects.select_for_update().order_by("pk")}
    ended = _ended_problems(each.problem_id for each in stored.values() if each.problem_id)
    kept: list[tuple[Cluster, Candidate]] = []
    for gathered, candidate in [(each, candidate) for each in brought for candidate in each.known]:
        cluster = stored.pop(candidate.key or 0, None)
        if cluster is None or (cluster.decided_at is not None and cluster.decided_at > since):
            continue
        if cluster.is_proposed and len(candidate.members) < SMALLEST:
            stored[cluster.pk] = cluster
            continue
        _count(cluster, candidate, gathered, at)
        _propose_again_if_due(cluster, ended, at=at)
        kept.append((cluster, candidate))
    kept, new = _worth_proposing(kept, brought)
    for cluster in stored.values():
        _fade(cluster, at=at, since=since)
    kept += _made(new, at=at)
    _write_members(kept)


def _worth_proposing(
    kept: list[tuple[Cluster, Candidate]], brought: list[Gathered]
) -> tuple[list[tuple[Cluster, Candidate]], list[tuple[Gathered, Candidate]]]:
    """
    The proposals that cost most, known and new ones together, for a list that nobody can read to its end helps nobody.

    Proposals that fall out of it are forgotten; decisions are not.
    """
    known = [(candidate, cluster, None) for cluster, candidate in kept if cluster.is_proposed]
    new = [(candidate, None, gathered) for gathered in brought for candidate in gathered.new]
    ranked = sorted([*known, *new], key=lambda each: (-each[0].lost_minutes, each[1] is None, each[0].members[0]))
    dropped = {
        cluster.pk for _candidate, cluster, _gathered in ranked[MOST_PROPOSED:] if cluster and not cluster.decided_at
    }
    Cluster.objects.filter(pk__in=dropped).delete()
    return (
        [pair for pair in kept if pair[0].pk not in dropped],
        [(gathered, candidate) for candidate, _cluster, gathered in ranked[:MOST_PROPOSED] if gathered],
    )


def _fade(cluster: Cluster, *, at: datetime, since: datetime) -> None:
    """Nothing like it came any more. A proposal goes; what was ever decided stays for the day when it comes back."""
    if cluster.decided_at is None:
        cluster.delete()
        return
    if cluster.decided_at > since:
        return
    if cluster.is_proposed:
        cluster.state = ClusterState.ACCEPTED if cluster.problem_id else ClusterState.DISMISSED
    cluster.member_count = cluster.lost_minutes = cluster.earlier_count = cluster.later_count = 0
    cluster.counted_at = at
    cluster.save()


def _count(cluster: Cluster, candidate: Candidate, gathered: Gathered, at: datetime) -> None:
    for name, value in candidate.figures.items():
        setattr(cluster, name, value)
    cluster.counted_at, cluster.counted_from = at, gathered.window.at_from
    cluster.save()


def _ended_problems(keys: Any) -> set[int]:
    """Problems that somebody believes to be over. An accepted risk is not: it is known that incidents go on."""
    model = practices.of("problem").model
    over = model._default_manager.filter(pk__in=set(keys), state__in=[State.CLOSED, State.CANCELLED])
    return set(over.values_list("pk", flat=True))


def has_grown(cluster: Cluster) -> bool:
    """Whether it is so much larger than when it was dismissed that people should look again."""
    before = cluster.decided_count or 0
    return cluster.member_count >= max(before * GROWN_FACTOR, before + GROWN_BY)


def _propose_again_if_due(cluster: Cluster, ended: set[int], *, at: datetime) -> None:
    if cluster.is_dismissed and has_grown(cluster):
        why = "grown"
    elif cluster.is_accepted and cluster.problem_id in ended and cluster.member_count >= SMALLEST:
        why = "came back"
    else:
        return
    cluster.state, cluster.returned_at = ClusterState.PROPOSED, at
    cluster.save(update_fields=["state", "returned_at"])
    log.record(
        "cluster.returned",
        subject_kind="cluster",
        subject_id=cluster.pk,
        subject_label=cluster,
        by=None,
        at=at,
        data={"why": why, "incidents": cluster.member_count, "before": cluster.decided_count},
    )


def _made(new: list[tuple[Gathered, Candidate]], *, at: datetime) -> list[tuple[Cluster, Candidate]]:
    taken = set(Cluster.objects.values_list("fingerprint", flat=True))
    made = []
    for gathered, candidate in new:
        if candidate.fingerprint in taken:
            continue
        taken.add(candidate.fingerprint)
        is_sample, service, category, item = candidate.place
        cluster = Cluster(
            fingerprint=candidate.fingerprint,
            is_sample=is_sample,
            service_id=service,
            category_id=category,
            item_id=item,
            subject=candidate.subject[:200],
            found_at=at,
            counted_at=at,
            counted_from=gathered.window.at_from,
            **candidate.figures,
        )
        made.append((cluster, candidate))
    Cluster.objects.bulk_create([cluster for cluster, _candidate in made])
    return made


def _write_members(kept: list[tuple[Cluster, Candidate]]) -> None:
    """Replace the members of every cluster that was counted; COPY, for there may be a hundred thousand."""
    keys = [cluster.pk for cluster, _candidate in kept]
    idle = Cluster.objects.annotate(listed=Count("members")).filter(member_count=0, listed__gt=0)
    ClusterMember.objects.filter(cluster__in=[*keys, *idle.values_list("pk", flat=True)]).delete()
    # What a decision made during the looking still lists.
    listed = set(ClusterMember.objects.values_list("record_id", flat=True))
    rows = (
        (cluster.pk, record, likeness)
        for cluster, candidate in kept
        for record, likeness in zip(candidate.members, candidate.likeness, strict=True)
        if record not in listed
    )
    with connection.cursor() as cursor:
        copy_rows(cursor, ClusterMember._meta.db_table, ("cluster_id", "record_id", "likeness"), rows)
