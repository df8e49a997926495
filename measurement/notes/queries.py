"""Notes as marks on a chart."""

from datetime import timedelta

from ..explorer.annotations import MOST, Mark
from ..filters import Asked
from ..periods import start_of
from .models import Note, NoteQuerySet

NOTES = "note"


def notes_of(kpi: str, asked: Asked) -> NoteQuerySet:
    """Those of the days asked for that the viewer reads. Of sample people only beside the numbers of the sample."""
    rows = Note.objects.visible_to(asked.scope.viewer).filter(
        kpi=kpi, day_from__lt=asked.span.day_to, day_to__gt=asked.span.day_from
    )
    return rows if asked.scope.is_sample else rows.filter(is_sample=False)


def marks_of(kpi: str, asked: Asked) -> list[Mark]:
    """The latest 40 of them. One statement."""
    rows = notes_of(kpi, asked).select_related("author").order_by("-day_from", "-pk")[:MOST]
    viewer = asked.scope.viewer
    return [
        Mark(
            at=start_of(each.day_from), kind=NOTES, label=each.text, by=str(each.author),
            url=each.get_absolute_url() if each.author_id == viewer.pk else "",
            ends_at=start_of(each.day_to) - timedelta(microseconds=1),
        )
        for each in rows
    ]  # fmt: skip
