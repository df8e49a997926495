"""`manage.py close_ledger`: close days and months of measures, or check what was told against the records."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from measurement.ledger import checking, closing


class Command(BaseCommand):
    help = "Close days and months of measures that are over, and tell figures anew where the records changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from", dest="day_from", type=date.fromisoformat,
            help="begin here with measures never closed (31 days back without it); with --check: the first day",
        )  # fmt: skip
        parser.add_argument("--to", dest="day_to", type=date.fromisoformat, help="with --check: the last day, included")
        parser.add_argument(
            "--check", action="store_true",
            help="change nothing: count every figure again from the records; exit 1 if any differs",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            written = closing.close(at=now(), day_from=options["day_from"], say=self.stdout.write)
            self.stdout.write(f"{written} figures told.")
            return
        found = checking.check(day_from=options["day_from"], day_to=options["day_to"], say=self.stdout.write)
        for each in found:
            self.stdout.write(
                f"{each.kpi} {each.grain} {each.first_day} organization {each.organization_id}:"
                f" told {each.told}, the records give {each.counted}"
            )
        if found:
            raise CommandError("The ledger differs from the records. Run close_ledger to have late facts told.")
        self.stdout.write("Every figure is what the records say.")
