"""How the words of the queue's query find tickets: by the documents that the viewer may read."""

from django.db.models import Q

from records.query.scene import Scene

from .models import Document
from .words import readable, wanted


def in_documents(text: str, scene: Scene) -> Q:
    """Tickets with a readable document that holds the text."""
    words = wanted([text])
    if words.is_empty:
        return Q(pk__in=[])
    found = Document.objects.filter(readable(scene.access), vector=words.query())
    return Q(pk__in=found.values("record"))
