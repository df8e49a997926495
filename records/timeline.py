"""The story of a record as one ordered stream: public replies, work notes, and what was done in between."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.models import Entry
from people.models import Team, User
from services.models import ConfigurationItem, Service

from . import faces, sentences
from .models import Attachment, Category, Comment
from .rendering import render

ALL, CONVERSATION, NOTES, HISTORY = "all", "conversation", "notes", "history"
FILTERS = {
    ALL: gettext_lazy("All"),
    CONVERSATION: gettext_lazy("Conversation"),
    NOTES: gettext_lazy("Work notes"),
    HISTORY: gettext_lazy("History"),
}
SHOWN_AT_MOST = 200
FOLDED_FROM = 3
NAMED_CHANNELS = frozenset({"mail", "api", "portal", "import"})
NAMED = {
    "requester_id": User, "assignee_id": User, "owner_id": User, "resolved_by_id": User, "opened_by_id": User,
    "team_id": Team, "service_id": Service, "category_id": Category, "item_id": ConfigurationItem,
}  # fmt: skip


@dataclass
class Line:
    """One thing that was said or done. `kind` is reply, note or system."""

    kind: str
    at: datetime
    key: int
    author: Any
    html: Any = ""
    side: str = "staff"
    channel: Any = ""
    files: Sequence[Attachment] = ()

    @property
    def anchor(self) -> str:
        return f"{'e' if self.kind == 'system' else 'c'}{self.key}"


@dataclass
class Item:
    """What the page shows as one: a line, or several acts in a row folded into one."""

    lines: list[Line] = field(default_factory=list)

    @property
    def line(self) -> Line:
        return self.lines[0]

    @property
    def is_folded(self) -> bool:
        return len(self.lines) >= FOLDED_FROM

    @property
    def summary(self) -> str:
        return ngettext("%(count)d change", "%(count)d changes", len(self.lines)) % {"count": len(self.lines)}


@dataclass
class Timeline:
    """
    :param counts: lines per filter, of what is shown at most.
    :param latest_entry: key of the newest log entry, for asking whether there is news.
    :param latest_reply: key of the newest public reply of somebody else.
    """

    items: list[Item]
    counts: dict[str, int]
    latest_entry: int
    latest_reply: int
    is_cut: bool = False


def _named_in_changes(entries: Iterable[Entry]) -> dict[Any, set[int]]:
    """Keys in the changes of log entries whose names the sentences say."""
    wanted: dict[Any, set[int]] = {}
    for entry in entries:
        for column, pair in entry.changes.items():
            if column in NAMED:
                wanted.setdefault(NAMED[column], set()).update(key for key in pair if isinstance(key, int))
    return wanted


def of_staff(
    record: Any,
    *,
    files: Sequence[Attachment],
    viewer: Any,
    titles: Mapping[int, str] | None = None,
    show: str = ALL,
    everything: bool = False,
) -> Timeline:
    """
    Everything on the record, for people who may read its work notes; three statements.

    What the record points at is read along with the names in its story.

    :param files: the attachments of the record, looked up by the caller.
    :param titles: of other records that the viewer may see, by number.
    :param everything: not only the latest 200 of each stream.
    """
    limit = None if everything else SHOWN_AT_MOST
    comments = list(Comment.objects.filter(record_id=record.pk).order_by("-at", "-id")[:limit])
    entries = list(
        Entry.objects.filter(subject_kind="record", subject_id=record.pk)
        .defer("hash", "address", "request_id")
        .order_by("-id")[:limit]
    )
    told = [entry for entry in entries if not entry.action.endswith((".replied", ".noted"))]
    known = faces.fill([record, *comments, *told], also=_named_in_changes(told))
    names = {key: str(face) for key, face in known.items()}
    lines = _said(comments, files) + [
        Line(
            kind="system",
            at=entry.at,
            key=entry.pk,
            author=entry.actor,
            html=sentences.sentence(entry, record=record, names=names, titles=titles),
        )
        for entry in told
    ]
    lines.sort(key=lambda line: (line.at, line.kind == "system", line.key))
    counts = {
        ALL: len(lines),
        CONVERSATION: sum(line.kind == "reply" for line in lines),
        NOTES: sum(line.kind == "note" for line in lines),
        HISTORY: sum(line.kind == "system" for line in lines),
    }
    wanted = {CONVERSATION: "reply", NOTES: "note", HISTORY: "system"}.get(show)
    others = [comment.pk for comment in comments if comment.is_public and comment.author_id != viewer.pk]
    return Timeline(
        items=_folded([line for line in lines if wanted in (None, line.kind)], fold=wanted is None),
        counts=counts,
        latest_entry=max((entry.pk for entry in entries), default=0),
        latest_reply=max(others, default=0),
        is_cut=limit is not None and (len(comments) == limit or len(entries) == limit),
    )


def of_requester(record: Any, *, files: Sequence[Attachment]) -> list[Line]:
    """The public conversation only, oldest first. The caller gives public files only."""
    comments = Comment.objects.filter(record_id=record.pk, is_public=True).select_related("author").order_by("at", "id")
    return _said(list(comments), [each for each in files if each.is_public])


def _said(comments: Sequence[Comment], files: Sequence[Attachment]) -> list[Line]:
    of_comment: dict[int, list[Attachment]] = {}
    for each in files:
        if each.comment_id:
            of_comment.setdefault(each.comment_id, []).append(each)
    return [
        Line(
            kind="reply" if comment.is_public else "note",
            at=comment.at,
            key=comment.pk,
            author=comment.author,
            html=render(comment.text),
            side="requester" if comment.is_from_requester_side else "staff",
            channel=comment.get_channel_display() if comment.channel in NAMED_CHANNELS else "",
            files=of_comment.get(comment.pk, ()),
        )
        for comment in comments
    ]


def _folded(lines: Iterable[Line], *, fold: bool) -> list[Item]:
    items: list[Item] = []
    for line in lines:
        if fold and line.kind == "system" and items and items[-1].line.kind == "system":
            items[-1].lines.append(line)
        else:
            items.append(Item([line]))
    unfolded: list[Item] = []
    for item in items:
        unfolded += [item] if item.is_folded else [Item([line]) for line in item.lines]
    return unfolded


def tabs(counts: dict[str, int], *, show: str, path: str) -> list[dict[str, Any]]:
    """The filters as tabs; each is an address."""
    return [
        {
            "label": label,
            "count": counts[name],
            "url": path if name == ALL else f"{path}?show={name}",
            "is_current": name == show,
        }
        for name, label in FILTERS.items()
    ]


def no_lines(show: str) -> str:
    """What to say when a filter holds nothing."""
    return {
        CONVERSATION: _("Nobody has replied yet."),
        NOTES: _("There are no work notes yet. Press N to write one."),
        HISTORY: _("Nothing was changed yet."),
    }.get(show, _("Nothing has happened yet."))
