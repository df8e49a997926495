"""`manage.py framework_pack …`: the acts on framework packs from the command line, and the check of certificates."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.acts import acting
from audit.models import Channel
from common.plain_yaml import LARGEST_BYTES
from common.refusals import Refused
from common.time import now
from frameworks import operations, shipped_packs
from frameworks.certifying import verification
from frameworks.checking import PackRefused, pack_of
from frameworks.models import Certificate, Pack
from people.models import User

WORDS = {
    "seal": "does not say what it said when it was sealed",
    "picture": "compares pictures that are gone or were changed",
    "log": "is not what the log of acts says",
    "missing": "is gone, though the log of acts names it",
}


class Command(BaseCommand):
    help = (
        "List framework packs, check a file, adopt, upgrade, switch off and on, remove; verify the certificates. A pack"
        " is named by its id; files are YAML as docs/guide/framework_packs.md describes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("list", help="packs that are loaded, and those that come with the product")
        check = acts.add_parser("check", help="look at a file without loading anything")
        check.add_argument("file", type=Path)
        for name, what in (("adopt", "load a pack: the id of a shipped one, or a file"),
                           ("upgrade", "load a later edition: the id of a shipped one, or a file")):  # fmt: skip
            act = acts.add_parser(name, help=what)
            act.add_argument("pack", help="id of a pack that comes with the product, or path of a file")
            act.add_argument("--by", required=True, metavar="USER", help="user name of who does it")
        for name, what in (("off", "take a pack off the map"), ("on", "show it again"), ("remove", "take it away")):
            act = acts.add_parser(name, help=what)
            act.add_argument("pack", help="id of the pack")
            act.add_argument("--by", required=True, metavar="USER", help="user name of who does it")
        acts.add_parser("verify", help="check every certificate against its seal, its pictures and the log of acts")

    def handle(self, *args: Any, **options: Any) -> None:
        act = options["act"]
        if act in ("list", "check", "verify"):
            getattr(self, f"_{act}")(options)
            return
        by = User.objects.filter(username=options["by"], is_active=True).first()
        if by is None:
            raise CommandError(f"Nobody called {options['by']} may sign in.")
        try:
            with acting(channel=Channel.COMMAND):
                pack, certificate = self._done(act, options["pack"], by)
        except Refused as refused:
            raise CommandError("\n".join(str(each) for each in refused.refusals)) from None
        self.stdout.write(
            f"{pack.name} {certificate.get_act_display()}. Certificate {certificate.pk}: nothing else changed."
        )

    def _done(self, act: str, named: str, by: User) -> operations.Done:
        at = now()
        if act == "adopt":
            return operations.adopt(by=by, at=at, text=_text(named))
        if act == "upgrade":
            text = _text(named)
            return operations.upgrade(pack=_loaded(pack_of(text)["id"]), by=by, at=at, text=text)
        simple = {"off": operations.switch_off, "on": operations.switch_on, "remove": operations.remove}[act]
        return simple(pack=_loaded(named), by=by, at=at)

    def _list(self, _options: Any) -> None:
        loaded = {each.slug: each for each in Pack.objects.defer("document")}
        for pack in loaded.values():
            state = "on" if pack.is_active else "off"
            self.stdout.write(f"{pack.slug}: {pack.name}, edition {pack.edition}, {state}")
        for slug in shipped_packs.ORDER:
            if slug not in loaded:
                self.stdout.write(f"{slug}: {shipped_packs.document_of(slug)['name']}, not adopted")

    def _check(self, options: Any) -> None:
        try:
            plan = operations.plan(_file(options["file"]))
        except PackRefused as refused:
            raise CommandError("\n".join(str(each) for each in refused.problems)) from None
        except Refused as refused:
            raise CommandError(str(refused)) from None
        document = plan.document
        self.stdout.write(
            f"{document['name']}, edition {document['edition']}, {len(document['practices'])} practices: fits."
        )
        for line in plan.differences:
            self.stdout.write(f"  {line}")

    def _verify(self, _options: Any) -> None:
        faults = list(verification.faults())
        for fault in faults:
            self.stdout.write(f"Certificate {fault.number} {WORDS[fault.part]}.")
        if faults:
            raise CommandError(f"{len(faults)} faults. Compare with a backup.")
        latest = Certificate.objects.first()
        self.stdout.write(f"{Certificate.objects.count()} certificates are as they were sealed.")
        changed = verification.since(latest) if latest else None
        if changed is None:
            return
        if not changed:
            self.stdout.write("The product is as the latest certificate saw it.")
            return
        self.stdout.write(
            f"Since the latest certificate {len(changed)} entries of the product differ, as a release does it:"
        )
        for line in changed[:20]:
            self.stdout.write(f"  {line}")


def _text(named: str) -> str | bytes:
    """The shipped pack of this id, else the file of this path."""
    return shipped_packs.text_of(named) if named in shipped_packs.ORDER else _file(Path(named))


def _file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            # One more than fits, so that reading never takes more memory than that.
            return file.read(LARGEST_BYTES + 1)
    except OSError as wrong:
        raise CommandError(f"{path} can't be read: {wrong.strerror}") from None


def _loaded(slug: str) -> Pack:
    found = Pack.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"No pack {slug} is loaded. See framework_pack list.")
    return found
