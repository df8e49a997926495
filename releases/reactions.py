"""What releases do after others have acted: follow the state of what is in them, count what it caused anew."""

from django.db import transaction

from audit.models import Entry
from audit.subscriptions import subscribe
from measurement.marks import mark
from records import changing, practices
from records.enums import LinkKind, Phase
from records.events import EventKind
from records.models import Record

from .models import Release
from .queries.contents import releases_of

MOVED, LOST = "release.content_moved", "release.content_lost"


def register() -> None:
    """Called when the app is ready."""
    subscribe("releases.contents", to=["change.*"], handler=follow_content)
    subscribe("releases.defects", to=["*.linked", "*.unlinked"], handler=count_anew)


def follow_content(entry: Entry) -> None:
    """
    Write into each open release what became of something that is in it: authorized, fallen out of that, ended.

    The checks before deployment look at the change itself; this tells people in time.
    """
    pair = entry.changed("state")
    if pair is None or entry.subject_kind != "record":
        return
    releases = releases_of(entry.subject_id)
    if not releases:
        return
    record = Record.objects.filter(pk=entry.subject_id).first()
    if record is None:
        return
    was, is_now = (state in record.practice.authorized_states for state in pair)
    has_ended = record.practice.phases[pair[1]] == Phase.DONE
    if was == is_now and not has_ended:
        return
    state = str(practices.of(record.kind).state_label(pair[1]))
    with transaction.atomic():
        for release in Release.objects.open().filter(pk__in=releases).select_for_update(of=("self",)).order_by("pk"):
            changing.write_down(
                release,
                kind=EventKind.EDITED,
                action=LOST if was and not is_now else MOVED,
                by=None,
                at=entry.at,
                data={"title": str(record.reference), "state": state, "other": record.pk, "cause": entry.pk},
            )


def count_anew(entry: Entry) -> None:
    """Have the releases counted again whose change is said to have caused something, or no longer."""
    if entry.data.get("link") not in (LinkKind.CAUSED_BY, LinkKind.RELEASED_IN) or entry.data.get("is_source"):
        return
    keys = releases_of(entry.subject_id)
    if keys:
        mark(keys, at=entry.at)
