"""Background work of search: build every document anew, after an import or a restored backup."""

from typing import Any

from celery import shared_task

from . import index


@shared_task(name="search.rebuild")
def rebuild(**_: Any) -> None:
    """Bring all documents up to date, in batches; a repeated call finds little to do."""
    index.rebuild()
