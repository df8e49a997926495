from typing import Any

from django.core.management.base import BaseCommand

from search import index


class Command(BaseCommand):
    help = "Bring the search documents of all records up to date. Safe to run at any time, and again."

    def handle(self, *args: Any, **options: Any) -> None:
        written = index.rebuild()
        self.stdout.write(f"{written} documents written.")
