"""Whether there is room to write, and what a person is told when there is none."""

import errno
import os
from pathlib import Path

_MEGABYTE = 2**20
# PostgreSQL writes its journal in files of 16 MB: with less than one of them free, the next act may fail.
_FULL_BELOW_BYTES = 20 * _MEGABYTE
_ROOM_FROM_BYTES = 24 * _MEGABYTE

_REASON = "No space left on device"


def free_bytes(folder: Path) -> int:
    """Return what we may still write on the disk that holds `folder`, or would hold it once it is made."""
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    status = os.statvfs(existing)
    return status.f_bavail * status.f_frsize


def is_full(folder: Path) -> bool:
    """Tell whether the disk that holds `folder` has too little room to go on."""
    return free_bytes(folder) < _FULL_BELOW_BYTES


def has_room(folder: Path) -> bool:
    """Tell whether a disk that was full has room again: somewhat more than what counts as full."""
    return free_bytes(folder) >= _ROOM_FROM_BYTES


def is_named(said: str) -> bool:
    """Tell whether what a program said names a full disk."""
    return _REASON in said or "Disk quota exceeded" in said


def is_meant(problem: OSError) -> bool:
    """Tell whether the file system refused for want of room."""
    return problem.errno in {errno.ENOSPC, errno.EDQUOT}


def sentence(folder: Path) -> str:
    """Say that the disk of `folder` is full, and what to do."""
    return (
        f"The disk that holds {folder} is full ({free_bytes(folder) // _MEGABYTE} MB free). "
        "Free some space, or name a folder on another disk: STEWARD_HOME=/path/to/folder make run"
    )
