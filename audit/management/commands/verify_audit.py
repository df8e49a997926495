"""`manage.py verify_audit`: say whether the log of acts is as it was written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.models import Entry
from audit.verify import broken_entries


class Command(BaseCommand):
    help = "Check the hash chain of the log of acts. Fails when an entry was changed after it was written."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = broken_entries()
        if broken:
            raise CommandError(
                "These log entries don't match their hash; they, or an entry before them, were changed behind "
                f"Steward's back: {', '.join(map(str, broken))}. Compare them with a backup."
            )
        self.stdout.write(f"{Entry.objects.count()} log entries, all as they were written.")
