"""`manage.py find_groups`: look through the incidents now, or as of an earlier day, and say what was found."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from problems.finding import runs
from problems.finding.gathering import DAYS
from problems.finding.models import Cluster

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Look for groups of similar incidents, propose them, and print those that cost most. A worker does the same "
        "every night."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", type=date.fromisoformat, help="look as of the end of this day (2026-03-31)")
        parser.add_argument("--days", type=int, default=DAYS, help=f"how many days back ({DAYS})")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= 3660:
            raise CommandError("--days goes from 1 to 3660.")
        at = now()
        if options["at"]:
            at = datetime.combine(options["at"], time(23, 59, 59), tzinfo=ZoneInfo(settings.TIME_ZONE))
        run = runs.find(at=at, days=options["days"])
        if run is None:
            raise CommandError("A worker is looking right now. Try again in a minute.")
        self.stdout.write(
            f"{run.incident_count:,} incidents of {run.counted_from:%Y-%m-%d} to {run.counted_to:%Y-%m-%d}: "
            f"{run.proposed_count} groups proposed"
        )
        self.stdout.write(f"{'incidents':>9} {'hours lost':>11} {'alike':>6}  {'trend':<8} group")
        rows = Cluster.objects.proposed().select_related("service", "category", "item").order_by("-lost_minutes")
        for each in rows[:SHOWN]:
            place = " · ".join(str(part) for part in (each.service, each.category, each.item) if part)
            self.stdout.write(
                f"{each.member_count:>9,} {each.lost_minutes // 60:>11,} {each.likeness:>5}%  "
                f"{each.trend.value:<8} {each} ({place})"
            )
