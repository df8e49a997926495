"""
The account that the embedded servers run as.

PostgreSQL refuses to run as root, rightly. Started by root, the servers run as an unprivileged account that
exists; started by anybody else, as that person.
"""

import os
import pwd
import stat
from functools import cache
from pathlib import Path

from itsm.embedded.trouble import Trouble

_CANDIDATES = ("postgres", "nobody")


@cache
def for_servers() -> pwd.struct_passwd | None:
    """
    Return the account to change to, or None when we are not root and no change is needed.

    :raises Trouble: we are root, and no unprivileged account exists.
    """
    if os.geteuid() != 0:
        return None
    named = os.environ.get("STEWARD_SERVER_ACCOUNT")
    for name in [named] if named else _CANDIDATES:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        if found.pw_uid != 0:
            return found
    raise Trouble(
        "PostgreSQL does not run as root, and there is no unprivileged account to run it as. "
        "Name one that exists: STEWARD_SERVER_ACCOUNT=someone make run"
    )


def can_reach(account: pwd.struct_passwd, path: Path) -> bool:
    """
    Tell whether `account` may pass through every existing folder above `path`. The folder itself is not
    looked at.
    """
    return all(_may_enter(account, folder) for folder in path.absolute().parents if folder.exists())


def _may_enter(account: pwd.struct_passwd, folder: Path) -> bool:
    status = folder.stat()
    if status.st_uid == account.pw_uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.pw_gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def make_private_folder(path: Path) -> Path:
    """
    Create `path` for the servers' account alone (0700), or check that it is so.

    :raises Trouble: it belongs to somebody else, who could read or replace what we put there.
    :raises OSError: it cannot be made.
    """
    account = for_servers()
    uid = account.pw_uid if account else os.geteuid()
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        if path.is_symlink() or path.stat().st_uid not in {uid, os.geteuid()}:
            raise Trouble(
                f"{path} belongs to {_name_of(path.lstat().st_uid)}, "
                f"but the embedded servers run as {_name_of(uid)}. "
                "Start Steward as the person who started it first, or name another folder by STEWARD_HOME."
            ) from None
    if account:
        os.chown(path, account.pw_uid, account.pw_gid)
    path.chmod(0o700)
    return path


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
