"""`manage.py seed`: load the sample workspace; `--remove` takes it away again."""

import os
import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.timezone import now

from audit.acts import acting
from audit.models import Channel
from itsm import added
from itsm.sample.answers import Answers
from itsm.sample.articles import Shelf
from itsm.sample.cast import PROVIDER_SLUG, assemble
from itsm.sample.changes import Planner
from itsm.sample.deployments import Pipeline
from itsm.sample.estate import furnish
from itsm.sample.frameworks import Librarian
from itsm.sample.improvements import Gardener
from itsm.sample.measures import Bookkeeper
from itsm.sample.observing import Observer
from itsm.sample.outages import Logbook
from itsm.sample.problems import Casebook
from itsm.sample.procedures import Clerk
from itsm.sample.releases import Conductor
from itsm.sample.removal import remove
from itsm.sample.reports import Reporter
from itsm.sample.specifications import Scribe
from itsm.sample.standings import look_back
from itsm.sample.story import TICKETS, Story
from itsm.sample.verifications import go_round
from measurement.rebuild import rebuild_all
from people.models import Organization
from search.index import rebuild as rebuild_search
from slm.forecasts.foreseeing import keep_up
from slm.sweep import sweep


class Command(BaseCommand):
    help = "Load a sample workspace: forty people, six services, ninety days of incidents. --remove takes it away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="remove everything that carries the sample's mark")
        parser.add_argument("--tickets", type=int, default=TICKETS, help="how many incidents to tell")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            counts = remove()
            rebuild_all()
            self.stdout.write("The sample is gone: " + ", ".join(f"{count} {what}" for what, count in counts.items()))
            return
        if Organization.objects.filter(is_sample=True).exists():
            raise CommandError("The sample workspace is here already. Remove it first: manage.py seed --remove")
        if Organization.objects.filter(slug=PROVIDER_SLUG).exists():
            raise CommandError(
                "Real records still name people or services of an earlier sample, so it can't be told beside them. "
                "Tell it in a workspace of its own: set STEWARD_HOME to another folder."
            )
        password = os.environ.get("STEWARD_SAMPLE_PASSWORD") or secrets.token_urlsafe(9)
        moment = now()
        with transaction.atomic(), acting(channel=Channel.COMMAND):
            cast = assemble(password=password, at=moment)
            furnish(cast, at=moment)
            Scribe(cast, at=moment).tell()
            clerk = Clerk(cast, at=moment)
            clerk.write()
            clerk.name_who_answers()
            told = Story(cast, at=moment).tell(options["tickets"])
            clerk.work()
            Casebook(cast, at=moment).tell()
            Shelf(cast, at=moment).tell()
            Planner(cast, at=moment).tell()
            Pipeline(cast, at=moment).tell()
            go_round(cast, at=moment)
            Logbook(cast, at=moment).tell()
            Conductor(cast, at=moment).tell()
            Gardener(cast, at=moment).tell()
            for practice in added.modules("sample"):
                practice.tell(cast=cast, at=moment)
            librarian = Librarian(cast, at=moment)
            librarian.tell()
            sweep(moment)
            Answers(cast, at=moment).tell()
            Reporter(cast, at=moment).tell()
            look_back(at=moment)
        rebuild_search()
        rebuild_all()
        keep_up(at=moment)
        librarian.listen()
        Bookkeeper(cast, at=moment).tell(later=now())
        Observer(cast, at=moment).tell()
        if options["verbosity"] > 0:
            self.stdout.write(f"{told} sample incidents told. Sample people sign in with the password {password}")
