"""The log files of the embedded servers: cut when they grow, quoted when something goes wrong."""

from pathlib import Path
from typing import IO

_LARGEST_BYTES = 10 * 1024 * 1024


def open_log(path: Path) -> IO[bytes]:
    """Open `path` for appending; one that has grown large first becomes `<name>.1`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LARGEST_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))
    return path.open("ab")


def tail(path: Path, *, lines: int = 8) -> str:
    """Return the end of `path`, indented, for a message to a person."""
    try:
        content = path.read_bytes()[-8192:].decode(errors="replace")
    except OSError:
        return "  (no log)"
    return "\n".join(f"  {line}" for line in content.splitlines()[-lines:])
