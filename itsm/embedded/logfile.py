"""The log files of the embedded servers: cut when they grow, quoted when something goes wrong."""

import os
import shutil
from pathlib import Path
from typing import IO

_LARGEST_BYTES = 20 * 1024 * 1024
# Whole tracebacks stand in one line of our logs; a message to a person has room for their beginning.
_LONGEST_QUOTED = 300


def open_log(path: Path) -> IO[bytes]:
    """Open `path` for appending, in a folder that only we can read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    trim(path)
    return path.open("ab")


def trim(path: Path) -> None:
    """
    Move what a large log holds to `<name>.1`, in place of an earlier one.

    Copied and cut rather than renamed: the program that appends to it keeps its file open.
    """
    earlier = path.with_name(f"{path.name}.1")
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            try:
                shutil.copyfile(path, earlier)
            except OSError:  # a full disk: rather no earlier log than none that can be written
                earlier.unlink(missing_ok=True)
            os.truncate(path, 0)
    except FileNotFoundError:
        return


def tail(path: Path, *, lines: int = 8) -> str:
    """Return the end of `path`, indented, for a message to a person."""
    try:
        content = path.read_bytes()[-8192:].decode(errors="replace")
    except OSError:
        return "  (no log)"
    return "\n".join(f"  {_shortened(line)}" for line in content.splitlines()[-lines:])


def _shortened(line: str) -> str:
    return line if len(line) <= _LONGEST_QUOTED else f"{line[:_LONGEST_QUOTED]} …"
