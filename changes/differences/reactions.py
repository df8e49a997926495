"""What an import of items tells: what it compared, and in what the items were other than written down."""

from audit.models import Entry
from audit.subscriptions import subscribe
from services.models import ItemImport

from . import operations


def register() -> None:
    """Called when the app is ready."""
    subscribe("differences.imports", to=["item.imported"], handler=look_through)


def look_through(entry: Entry) -> None:
    """Keep what a written import found; a repeated call finds it kept."""
    run = ItemImport.objects.filter(pk=entry.subject_id).first()
    if run is not None:
        operations.keep_found(run=run, at=entry.at)
