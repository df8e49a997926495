"""`manage.py import_log FILE --mapping MAPPING.toml`: take over the history of another tool."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from itsm.importing import figures
from itsm.importing.checking import find, load
from itsm.importing.mapping import MappingProblem
from itsm.importing.report import LEFT, MENDED, REFUSED, TAKEN
from itsm.importing.rows import LogProblem
from itsm.importing.run import import_log


class Command(BaseCommand):
    help = (
        "Read an event log of another tool (CSV or CSV.gz, one row per state of a ticket) and build records, history, "
        "people, teams, links, clocks and readings from it. Running it again changes nothing; docs/guide/import.md "
        "shows how to write a mapping."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the log: a .csv or .csv.gz file")
        parser.add_argument(
            "--mapping", required=True, help="a mapping file, or the name of a shipped one (servicenow)"
        )
        parser.add_argument("--report", help="where to write the rows that were mended or refused (CSV)")

    def handle(self, *args: Any, **options: Any) -> None:
        log = Path(options["file"])
        moment = now()
        default = Path(settings.STEWARD_HOME) / "imports" / f"{moment:%Y%m%d-%H%M%S}-{log.name.split('.')[0]}.csv"
        report_path = Path(options["report"] or default)
        try:
            mapping = load(find(options["mapping"]))
            result = import_log(log=log, mapping=mapping, report_path=report_path, at=moment, say=self.say)
        except (MappingProblem, LogProblem) as problem:
            raise CommandError(str(problem)) from problem
        except OSError as error:
            raise CommandError(f"{error.filename or log} can't be used: {error.strerror}.") from error
        rows = result.report.rows(result.rows)
        self.stdout.write("")
        self.stdout.write(
            f"{result.rows:,} rows: {rows[TAKEN]:,} taken as they stood, {rows[MENDED]:,} mended, "
            f"{rows[REFUSED]:,} refused, {rows[LEFT]:,} of tickets known from before. "
            f"Each mended or refused row: {report_path}"
        )
        for (verdict, reason), count in result.report.reasons.most_common():
            self.stdout.write(f"  {count:>8,}  {verdict}: {reason}")
        self.stdout.write("")
        self.stdout.write(
            f"{result.tickets:,} tickets written, {result.known_before:,} known from before and left alone, "
            f"{result.links:,} links. {result.seconds:.1f} s, {result.rows_a_second:,.0f} rows a second."
        )
        if mapping.problems:
            self.stdout.write(
                f"{result.problems:,} problems written, {result.caused:,} links from tickets to the problems that "
                "caused them."
            )
        self.stdout.write("")
        for line in figures.lines(mapping):
            self.stdout.write(line)

    def say(self, text: str) -> None:
        """Progress goes to the error stream, figures to the output."""
        self.stderr.write(text, self.style.NOTICE)
