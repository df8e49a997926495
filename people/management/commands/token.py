"""`manage.py token USER --scope records:read`: print a new API token."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from common.refusals import Refused
from people import matrix
from people.models import User
from people.tokens import issue


class Command(BaseCommand):
    help = "Make an API token for a person and print it. It is shown only this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="user name or e-mail of the person for whom the token acts")
        parser.add_argument(
            "--scope",
            action="append",
            required=True,
            metavar="SCOPE",
            help="what the token may do; may be given several times. One of: " + ", ".join(sorted(matrix.SCOPES)),
        )
        parser.add_argument("--name", default="command line", help="what the token is for")
        parser.add_argument("--days", type=int, default=90, help="days until it expires, 366 at most")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["user"]
        user = (
            User.objects.active().filter(username=wanted).first()
            or User.objects.active().filter(email__iexact=wanted).first()
        )
        if user is None:
            raise CommandError(f"Nobody active has the user name or e-mail “{wanted}”. Look the name up under People.")
        try:
            _, token = issue(
                user=user,
                name=options["name"],
                scopes=options["scope"],
                at=now(),
                lifetime=timedelta(days=options["days"]),
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(token)
