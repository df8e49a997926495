"""Reads for the ticket page: everything that hangs on one incident, with one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from common.refs import format_reference
from records import practices
from records.enums import REVERSE_LABELS, LinkKind, Phase, TaskState
from records.models import Attachment, Draft, ExternalReference, Link, Record, Task, Watcher

from .models import Incident

SIMILAR_AT_MOST = 5
SIMILAR_ENOUGH = 0.3
COMPARED_AT_MOST = 2_000


@dataclass(frozen=True)
class Linked:
    """A record on the other end of a link."""

    key: int
    label: Any
    reference: str
    title: str
    state: Any
    phase: str


@dataclass(frozen=True)
class Typed:
    """A draft of the viewer: in a composer, or held until `send_at`."""

    composer: str
    text: str
    saved_at: datetime | None
    send_at: datetime | None
    error: str
    wants_confirmation: bool
    file_count: int


def ticket(user: Any, number: int) -> Any:
    """
    The incident as this person may see it, with its people, service, files, links, tasks, followers and drafts.

    None when there is none that they may see. One statement, however much hangs on it.
    """
    of_it = {"record_id": OuterRef("pk")}
    visible = Record.objects.visible_to(user).values("pk")
    open_ones = (
        Record.objects.visible_to(user)
        .filter(requester_id=OuterRef("requester_id"))
        .exclude(phase=Phase.DONE)
        .order_by()
        .values("requester_id")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return (
        Incident.objects.visible_to(user)
        .select_related(
            "requester__organization", "organization", "service", "item", "category__parent", "team", "assignee",
            "owner", "resolved_by",
        )
        .annotate(
            file_rows=_rows(
                Attachment.objects.filter(**of_it).order_by("at", "pk"),
                "id", "name", "size_bytes", "comment_id", "is_public", "content_type",
            ),
            task_rows=_rows(
                Task.objects.filter(**of_it).order_by("pk"), "id", "title", "is_mandatory", "state", "skip_reason"
            ),
            watcher_rows=_rows(
                Watcher.objects.filter(**of_it).order_by("user__name", "user_id"), id="user_id", name="user__name"
            ),
            draft_rows=_rows(
                Draft.objects.filter(user_id=user.pk, **of_it), "composer", "content", "written_at", "send_at", "error"
            ),
            out_rows=_links(Link.objects.filter(from_record_id=OuterRef("pk"), to_record__in=visible), "to_record"),
            in_rows=_links(Link.objects.filter(to_record_id=OuterRef("pk"), from_record__in=visible), "from_record"),
            outside_rows=_rows(
                ExternalReference.objects.filter(**of_it).order_by("relation", "key"), "relation", "key", "url"
            ),
            open_of_requester=Subquery(open_ones),
        )
        .filter(pk=number)
        .first()
    )  # fmt: skip


def _rows(queryset: Any, *names: str, **renamed: str) -> ArraySubquery:
    return ArraySubquery(queryset.values(row=JSONObject(**{name: name for name in names}, **renamed)))


def _links(queryset: Any, end: str) -> ArraySubquery:
    columns = {name: f"{end}__{name}" for name in ("kind", "title", "state", "phase")}
    return _rows(queryset.order_by("kind", "pk"), id="id", link="kind", number=f"{end}_id", **columns)


def files_of(incident: Any) -> list[Attachment]:
    return [Attachment(record_id=incident.pk, **row) for row in incident.file_rows]


def links_of(incident: Any) -> list[Linked]:
    """Links in both directions, each read from this incident."""
    found = []
    for rows, is_out in ((incident.out_rows, True), (incident.in_rows, False)):
        for row in rows:
            practice, kind = practices.of(row["kind"]), LinkKind(row["link"])
            found.append(
                Linked(
                    key=row["id"],
                    label=kind.label if is_out else REVERSE_LABELS[kind],
                    reference=format_reference(practice.prefix, row["number"]),
                    title=row["title"],
                    state=practice.state_label(row["state"]),
                    phase=row["phase"],
                )
            )
    return found


def drafts_of(incident: Any) -> dict[str, Typed]:
    """The viewer's drafts by composer."""
    return {
        row["composer"]: Typed(
            composer=row["composer"],
            text=row["content"].get("text", ""),
            saved_at=parse_datetime(row["written_at"]),
            send_at=parse_datetime(row["send_at"]) if row["send_at"] else None,
            error=row["error"],
            wants_confirmation=bool(row["content"].get("wants_confirmation")),
            file_count=len(row["content"].get("files", ())),
        )
        for row in incident.draft_rows
    }


def tasks_of(incident: Any) -> list[dict[str, Any]]:
    return [
        row | {"is_open": row["state"] == TaskState.OPEN, "label": TaskState(row["state"]).label}
        for row in incident.task_rows
    ]


def outside_of(incident: Any) -> list[dict[str, Any]]:
    """What it points at in other tools."""
    relations = dict(ExternalReference.Relation.choices)
    return [row | {"label": relations.get(row["relation"], row["relation"])} for row in incident.outside_rows]


def similar_to(
    user: Any, *, title: str, service_id: int | None, without: int | None = None, is_open: bool | None = None
) -> Any:
    """
    Incidents whose subject reads alike, of the same service when one is known, the most alike first.

    Only the latest 2,000 are compared: what is older helps less, and the work stays the same on a table of any size.

    :param is_open: only open ones, or only those that were resolved.
    """
    latest = Record.objects.visible_to(user).filter(kind="incident")
    if service_id is not None:
        latest = latest.filter(service_id=service_id)
    if is_open is not None:
        latest = latest.exclude(phase=Phase.DONE) if is_open else latest.filter(phase=Phase.DONE)
    found = Incident.objects.filter(pk__in=latest.order_by("-pk").values("pk")[:COMPARED_AT_MOST])
    if is_open is False:
        found = found.exclude(resolution_text="")
    if without is not None:
        found = found.exclude(pk=without)
    return (
        found.annotate(alike=TrigramSimilarity("title", title))
        .filter(alike__gte=SIMILAR_ENOUGH)
        .select_related("requester", "resolved_by")
        .order_by("-alike", "-pk")[:SIMILAR_AT_MOST]
    )
