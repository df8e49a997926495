"""`manage.py up`: everything in one terminal."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from itsm.embedded import options, supervisor


class Command(BaseCommand):
    help = (
        "Start everything and keep it running: PostgreSQL and Valkey (unless DATABASE_URL and REDIS_URL name "
        "real ones), web, worker and scheduler. Migrates first; an empty database gets the sample workspace. "
        "Ctrl-C stops all of it."
    )
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        options.add_arguments(parser)

    def handle(self, *args: Any, **values: Any) -> None:
        """Run until stopped."""
        supervisor.run(options.chosen(argparse.Namespace(**values)))
