"""`manage.py rebuild_measures`: count all readings from the records."""

from datetime import date, timedelta
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from measurement import rebuild
from measurement.models import Reading


class Command(BaseCommand):
    help = "Count the readings of all measures from the records: everything, or a range of days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="day_from", type=date.fromisoformat, help="first day, such as 2026-03-01")
        parser.add_argument("--to", dest="day_to", type=date.fromisoformat, help="last day, included")
        parser.add_argument("--compare", action="store_true", help="only say which days differ; exit 1 if any does")

    def handle(self, *args: Any, **options: Any) -> None:
        started = perf_counter()
        if options["compare"]:
            found = rebuild.compare(heal=False)
            for family, days in found.items():
                self.stdout.write(f"{family}: {len(days)} days differ, the first is {days[0]}")
            if found:
                raise CommandError("Readings differ from the records. Run rebuild_measures without --compare.")
            self.stdout.write(f"All readings are what the records say ({perf_counter() - started:.1f} s).")
            return
        day_from, day_to = options["day_from"], options["day_to"]
        if (day_from is None) != (day_to is None):
            raise CommandError("Name both --from and --to, or neither.")
        if day_from is None:
            rebuild.rebuild_all(say=self.stdout.write)
        elif day_to < day_from:
            raise CommandError("--to lies before --from. Swap them.")
        else:
            rebuild.rebuild(day_from, day_to + timedelta(days=1))
        self.stdout.write(f"{Reading.objects.count()} readings stand, counted in {perf_counter() - started:.1f} s.")
