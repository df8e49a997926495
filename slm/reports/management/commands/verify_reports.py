"""`manage.py verify_reports`: compare issued reports with the fingerprints under which they were issued."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from slm.reports.models import ServiceReport
from slm.reports.verification import all_faults

WORDS = {
    "document": "the figures were changed",
    "rows": "the rows behind %s were changed",
    "file": "the file is gone or was changed",
}


class Command(BaseCommand):
    help = "Check that the figures, rows and files of issued service reports are those that were issued."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(all_faults())
        for fault in faults:
            said = WORDS[fault.part]
            self.stdout.write(f"{fault.report.pk} {fault.report}: {said % fault.key if '%s' in said else said}")
        if faults:
            raise CommandError(f"{len(faults)} faults. Compare with a backup.")
        self.stdout.write(f"{ServiceReport.objects.frozen().count()} issued reports are as they were issued.")
