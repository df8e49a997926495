"""
Who is told of which acts, after they were committed.

Each handler may run twice or late: a notice is unique on person, kind and cause, and work is looked at afresh. Nobody
is told of what they did themselves, and nobody of what they may not read.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Entry
from audit.subscriptions import subscribe
from people.models import User
from people.vocabularies.layers import spoken_by
from records import due_names
from records.models import Comment, Record, Watcher
from records.rendering import mentioned

from . import counts, preferences, receiving, subjects
from .models import Channel, Mute, Notice, NoticeKind
from .subjects import About

LONGEST_EXCERPT = 120
HEARD_ANYWAY = frozenset({"assigned", "mentioned", "decision"})
ASKED = gettext_lazy("because you are asked to decide it")
CONCERNED = gettext_lazy("because you were asked to decide it, or asked others to")
# What happened to an approval: why somebody is told, and what.
DECISIONS = {
    "asked": (ASKED, gettext_lazy("You are asked to %(label)s.")),
    "reminded": (ASKED, gettext_lazy("Still waiting for you to %(label)s.")),
    "overdue": (CONCERNED, gettext_lazy("The deadline has passed to %(label)s.")),
    "escalated": (ASKED, gettext_lazy("You may decide alone to %(label)s.")),
    "seat_moved": (ASKED, gettext_lazy("You are asked, in place of %(person_label)s, to %(label)s.")),
    "seat_vacant": (CONCERNED, gettext_lazy("Nobody decides in place of %(person_label)s.")),
    "handed_over": (ASKED, gettext_lazy("You are asked to %(label)s.")),
    "approved": (CONCERNED, gettext_lazy("Approved: %(label)s.")),
    "rejected": (CONCERNED, gettext_lazy("Rejected: %(label)s.")),
    "lapsed": (CONCERNED, gettext_lazy("What was to be decided has changed: %(label)s.")),
    "withdrawn": (CONCERNED, gettext_lazy("Nothing to decide any more: %(label)s.")),
}


def register() -> None:
    """Called when the app is ready."""
    subscribe("notifications.assigned", to=["*.assigned"], handler=assigned)
    subscribe("notifications.replied", to=["*.replied"], handler=replied)
    subscribe("notifications.noted", to=["*.noted"], handler=noted)
    subscribe("notifications.clocks", to=["clock.at_risk", "clock.breached", "clock.threshold"], handler=clock_passed)
    subscribe("notifications.decisions", to=[f"approval.{act}" for act in DECISIONS], handler=decision)


def record_of(entry: Entry) -> Record | None:
    """The record of the act; nothing for imported history, which tells nobody."""
    if entry.subject_kind != "record":
        return None
    return (
        Record.objects.select_related("assignee", "owner", "requester", "team__lead")
        .filter(pk=entry.subject_id, is_imported=False)
        .first()
    )


def tell(
    entry: Entry,
    subject: Record | About,
    kind: str,
    people: Mapping[User, Any],
    text: Any,
    *,
    asleep_until: Mapping[int, datetime | None] | None = None,
) -> None:
    """
    Put a line into the inboxes of these people; practices call it from subscribers of their own.

    Who may not see the subject, has muted it or wants no such news is not told.

    :param subject: a record, or `About` something of another kind, with what it is called.
    :param people: person -> why they get it.
    :param text: what happened; with the reasons it is put into each reader's words.
    :param asleep_until: person's key -> when the line shows first, for those who are not told at once.
    """
    about = subject if isinstance(subject, About) else About(subjects.RECORD, subject.pk)
    notices = []
    muted = set() if kind in HEARD_ANYWAY else muted_by(about, people)
    muted |= preferences.silenced(kind, Channel.PRODUCT, people)
    for person, why in people.items():
        if not person.is_active or person.pk == entry.actor_id or person.pk in muted:
            continue
        if not subjects.is_visible(about, person):
            continue
        with spoken_by(person):
            notices.append(
                Notice(
                    user=person,
                    kind=kind,
                    cause=f"entry:{entry.pk}",
                    why=str(why() if callable(why) else why)[:200],
                    text=str(text() if callable(text) else text)[:300],
                    by_id=entry.actor_id,
                    at=entry.at,
                    snoozed_until=(asleep_until or {}).get(person.pk),
                    subject_label=about.label[:200],
                    **about.fields,
                )
            )
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    counts.forget(notice.user_id for notice in notices)


def muted_by(about: About, people: Iterable[User]) -> set[int]:
    """Who of these people wants to hear nothing of it."""
    keys = [person.pk for person in people]
    return set(Mute.objects.filter(user__in=keys, **about.fields).values_list("user_id", flat=True))


def assigned(entry: Entry) -> None:
    """Tell the person to whom it was given, while they still have it; those who took it themselves know."""
    record = record_of(entry)
    change = entry.changed("assignee_id")
    if record is None or record.assignee is None or change is None or change[1] != record.assignee_id:
        return
    tell(
        entry,
        record,
        NoticeKind.ASSIGNED,
        {record.assignee: lambda: _("because it was given to you")},
        lambda: _("given to you"),
    )


def replied(entry: Entry) -> None:
    """Tell those who work on it and those who follow it; the requester when the provider's side wrote."""
    record = record_of(entry)
    comment = _comment_of(entry)
    if record is None or comment is None:
        return
    people: dict[User, Any] = {
        watcher.user: lambda: _("because you follow it")
        for watcher in Watcher.objects.filter(record=record).select_related("user").order_by("user_id")
    }
    if record.owner:
        people[record.owner] = lambda: _("because you own it")
    if record.assignee:
        people[record.assignee] = lambda: _("because it is assigned to you")
    if not comment.is_from_requester_side:
        people[record.requester] = lambda: _("because you reported it")
    tell(entry, record, NoticeKind.REPLIED, people, _excerpt(comment))
    _tell_mentioned(entry, record, comment)


def noted(entry: Entry) -> None:
    """Tell those whom a work note names."""
    record, comment = record_of(entry), _comment_of(entry)
    if record is not None and comment is not None:
        _tell_mentioned(entry, record, comment)


def _comment_of(entry: Entry) -> Comment | None:
    return Comment.objects.filter(pk=entry.data.get("comment"), record_id=entry.subject_id).first()


def _excerpt(comment: Comment) -> str:
    return " ".join(comment.text.split())[:LONGEST_EXCERPT]


def _tell_mentioned(entry: Entry, record: Record, comment: Comment) -> None:
    names = mentioned(comment.text)
    if not names:
        return
    people = [
        person
        for person in User.objects.active().filter(username__in=names)
        if comment.is_public or Comment.objects.visible_to(person).filter(pk=comment.pk).exists()
    ]
    why = {person: lambda: _("because you were named in it") for person in people}
    tell(entry, record, NoticeKind.MENTIONED, why, _excerpt(comment))


def clock_passed(entry: Entry) -> None:
    """Tell whom the agreement names, or else the assignee, or else the lead of the team: at risk, missed, a warning."""
    record = record_of(entry)
    if record is None or not entry.data.get("notify", True) or record.is_done:
        return
    found = receiving.receivers_of(entry, record)
    if found is None:
        found = _usual(record)
    level = str(entry.data.get("level"))
    is_missed = entry.action == "clock.breached" or (level[:1] == "p" and int(level[1:]) >= 100)

    def text() -> str:
        clock = capfirst(due_names.label(entry.data.get("kind")))
        clock = f"{clock}: {entry.data['about']}" if entry.data.get("about") else clock
        return f"{clock}: {due_names.passed(level)}" if entry.action == "clock.threshold" else clock

    tell(
        entry,
        record,
        NoticeKind.BREACHED if is_missed else NoticeKind.AT_RISK,
        {each.person: each.why for each in found},
        text,
        asleep_until={each.person.pk: each.asleep_until for each in found},
    )


def _usual(record: Record) -> list[receiving.Receiver]:
    if record.assignee is not None:
        return [receiving.Receiver(record.assignee, lambda: _("because it is assigned to you"))]
    lead = record.team.lead if record.team else None
    if lead is None:
        return []
    return [receiving.Receiver(lead, lambda: _("because you lead the team and nobody has it yet"))]


def decision(entry: Entry) -> None:
    """Tell those whom an act on an approval concerns; who may not see what it is about finds it under My decisions."""
    about: Record | About | None = record_of(entry)
    if entry.subject_kind != subjects.RECORD:
        about = About(entry.subject_kind, entry.subject_id or 0, label=entry.subject_label)
    said = DECISIONS.get(entry.action.removeprefix("approval."))
    if about is None or said is None:
        return
    why, text = said
    words = {name: entry.data.get(name, "") for name in ("label", "person_label")}
    people = User.objects.active().filter(pk__in=entry.data.get("people", []))
    tell(entry, about, NoticeKind.DECISION, {person: lambda: why for person in people}, lambda: text % words)
