"""`manage.py compare_periods`: what the verdict on an improvement would be, without writing anything down."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from improvement import comparing, presenting
from improvement.models import Measure, Verdict
from improvement.operations.measuring import days_needed
from measurement import samples
from measurement.periods import Range
from measurement.scope import Scope


class Command(BaseCommand):
    help = (
        "Say what the verdict on an improvement would be: one measure before a day and from it on, over all real "
        "records. Nothing is written down."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        day = date.fromisoformat
        parser.add_argument("kpi", help="id of the measure, such as inc-mttrs")
        parser.add_argument("--from", dest="first", type=day, required=True, help="first day of the baseline")
        parser.add_argument("--acted-on", type=day, required=True, help="day on which it took effect")
        parser.add_argument("--to", dest="end", type=day, required=True, help="end of the comparison, not included")
        parser.add_argument("--target", type=float, required=True, help="in the unit of the measure")

    def handle(self, *args: Any, **options: Any) -> None:
        kpi = next((each for each in samples.comparable() if each.id == options["kpi"]), None)
        if kpi is None:
            known = ", ".join(each.id for each in samples.comparable())
            raise CommandError(f"There is no measure “{options['kpi']}” whose periods can be compared. Known: {known}.")
        first, acted_on, end = options["first"], options["acted_on"], options["end"]
        if not first < acted_on < end:
            raise CommandError("The days come in this order: --from, --acted-on, --to.")
        everything = Scope(viewer=None, organizations=None)
        before = samples.samples_of(kpi, comparing.whole_weeks(Range(first, acted_on)), everything)
        after = samples.samples_of(kpi, comparing.whole_weeks(Range(acted_on, end)), everything)
        if not before.count:
            raise CommandError("Nothing was counted in the days of the baseline. Choose others.")
        measure = Measure(
            kpi=kpi.id, baseline_from=first, baseline_to=acted_on, baseline=comparing.pinned(kpi, before),
            target=options["target"], target_date=end,
        )  # fmt: skip
        if (options["target"] > measure.baseline["value"]) != (kpi.direction == "higher"):
            raise CommandError(f"The target does not lie on the better side of the baseline, {measure.baseline_value}.")
        least = comparing.needed(kpi, measure.baseline, options["target"])
        measure.needed = {"count": least, "days": days_needed(measure, least)}
        found = comparing.compare(kpi, measure.baseline, after, target=options["target"], least=least)
        signals = [
            {"rule": each.rule, "is_above": each.is_above, "week": each.first.isoformat()} for each in found.signals
        ]
        verdict = Verdict(measure=measure, word=found.word, numbers=found.numbers, signals=signals)
        self.stdout.write(f"{kpi.name}: baseline {measure.baseline_value}, target {measure.aim}")
        self.stdout.write(presenting.minimum(measure))
        self.stdout.write(f"Verdict: {found.word.label}. {presenting.sentence(measure, verdict)}")
        for text in [*presenting.drift(measure, verdict), *presenting.signals(measure, verdict)]:
            self.stdout.write(text)
