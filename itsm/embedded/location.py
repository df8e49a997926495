"""
Where this installation keeps its state, and the addresses of the embedded servers in it.

Everything follows from the folder of all state (`STEWARD_HOME`), so that each command finds the servers that
another one started. Reading an address creates nothing; `secret_key` writes its file once.
"""

import hashlib
import os
import secrets
import stat
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from itsm.embedded import accounts, disk
from itsm.embedded.trouble import Trouble

REPOSITORY = Path(__file__).resolve().parent.parent.parent
DATABASE_NAME = "steward"
DATABASE_ROLE = "steward"
POSTGRES_PORT = 5432
VALKEY_SOCKET = "valkey.sock"

# A socket's path may have 107 bytes. PostgreSQL's own name takes 20 of them with its ".lock" beside.
_LONGEST_SOCKET_FOLDER_BYTES = 80
_NOT_IN_A_LIST = frozenset(",\"'\\")


def home() -> Path:
    """Return the folder of all state: `STEWARD_HOME`, else `var` in the repository. It may not exist yet."""
    return Path(os.environ.get("STEWARD_HOME") or REPOSITORY / "var").expanduser().absolute()


def server_home(of: Path | None = None) -> Path:
    """
    Return the folder that holds the data of the embedded servers.

    It is `home`, unless we are root and `home` lies where the servers' unprivileged account cannot go (a
    clone below /root, for instance). Opening up foreign folders is not ours to do, so the data then stands
    below /var/lib/steward, under a name that only this folder knows: a new clone in the same place is a new
    installation. Data stays where it was made, whatever is done to the rights of the folders above.
    """
    folder = of or home()
    account = accounts.for_servers()
    if account is None or (folder / "postgres").exists():
        return folder
    elsewhere = Path("/var/lib/steward") / _identity(folder)
    return elsewhere if elsewhere.exists() or not accounts.can_reach(account, folder) else folder


def socket_folder(of: Path | None = None) -> Path:
    """
    Return the folder of the servers' sockets, which only we can enter: short, however long home is, and without
    the characters that PostgreSQL takes for the end of a name in its list of socket folders.
    """
    inside = server_home(of) / "run"
    if len(os.fsencode(inside)) <= _LONGEST_SOCKET_FOLDER_BYTES and not _NOT_IN_A_LIST & set(str(inside)):
        return inside
    return Path("/tmp") / f"steward-{_short_name(of or home())}"  # noqa: S108 - private, owner checked


def database_url() -> str:
    """Return the address of the embedded PostgreSQL, readable by libpq and by our settings."""
    return f"postgresql://{DATABASE_ROLE}@/{DATABASE_NAME}?host={quote(str(socket_folder()))}"


def redis_url() -> str:
    """Return the address of the embedded Valkey."""
    return f"unix://{quote(str(socket_folder() / VALKEY_SOCKET))}"


def as_cache_url(url: str) -> str:
    """
    Return the address for Django's cache.

    Emptying the cache empties a whole numbered database, so it takes number 1 unless the address names one.
    """
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return url if "db=" in parts.query else f"unix://{parts.path}?db=1"
    return url if parts.path.strip("/") else urlunsplit(parts._replace(path="/1"))


def as_broker_url(url: str) -> str:
    """Return the address for Celery, which spells a socket `redis+socket://`; number 0 unless named."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        number = next((item[3:] for item in parts.query.split("&") if item.startswith("db=")), "0")
        return f"redis+socket://{parts.path}?virtual_host={number}"
    return url


def secret_key() -> str:
    """
    Return the key that signs sessions and links. Made on first use, readable by its owner only.

    :raises Trouble: the folder of all state cannot be written, or others may read the key.
    """
    path = home() / "secret.key"
    try:
        return _read_private(path)
    except FileNotFoundError:
        pass
    try:
        make_home()
        # Written beside and linked into place: of two first starts at once, both read the same complete key.
        draft = path.with_name(f"secret.key.{os.getpid()}.{secrets.token_hex(4)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    except OSError as problem:
        raise unwritable(home(), problem) from problem
    return _read_private(path)


def make_home() -> Path:
    """
    Create the folder of all state. Made by root it lets others pass (not look): the servers' account must.

    :raises OSError: it cannot be made.
    """
    folder = home()
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711 if accounts.for_servers() else 0o700)
        (folder / "id").write_text(secrets.token_hex(6))
    return folder


def unwritable(folder: Path, problem: OSError) -> Trouble:
    """Say why `folder` cannot hold our state, and what to do."""
    if disk.is_meant(problem):
        return Trouble(disk.sentence(folder))
    return Trouble(
        f"Steward keeps its data in {folder}, but cannot write there: {problem.strerror or problem}. "
        "Make that folder writable, or name another one: STEWARD_HOME=/path/to/folder make run"
    )


def _read_private(path: Path) -> str:
    key = path.read_text().strip()
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Trouble(f"Others may read {path}, which signs sessions. Close it to them: chmod 600 {path}")
    if len(key) < 32:
        raise Trouble(f"{path} is cut short. Remove it; the next start makes a new one, and people sign in again.")
    return key


def _identity(folder: Path) -> str:
    try:
        return (folder / "id").read_text().strip() or _short_name(folder)
    except FileNotFoundError:
        return _short_name(folder)


def _short_name(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:12]
