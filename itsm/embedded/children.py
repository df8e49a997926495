"""Child processes that never outlive us, and the truth about processes that others left behind."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def spawn(
    command: Sequence[str | Path],
    *,
    at_our_death: signal.Signals,
    account: pwd.struct_passwd | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    output: int | IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """
    Start `command` in its own process group; the kernel sends it `at_our_death` when this process dies, even
    by kill -9.

    Call it from the main thread only: the kernel watches the thread that forked, not the process.
    """
    parent = os.getpid()

    def bind_to_parent() -> None:
        # Runs after the change of user, which would otherwise clear the wish.
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(at_our_death), 0, 0, 0)
        if os.getppid() != parent:  # it died before we could ask to be told
            os._exit(1)
        # A program started in the background by a script inherits an ignored SIGINT, which stops PostgreSQL.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    return subprocess.Popen(  # noqa: S603 - our own command lines
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=None if environment is None else dict(environment),
        cwd=folder,
        process_group=0,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[account.pw_gid] if account else None,
        preexec_fn=bind_to_parent,  # noqa: PLW1509 - we fork from a single thread
    )


def end_with_parent(by: signal.Signals) -> None:
    """Have the kernel send us a signal when our parent dies. For a child that was forked without `spawn`."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(by), 0, 0, 0)


def stop(child: subprocess.Popen[bytes], *, by: signal.Signals, patience_seconds: float) -> bool:
    """Ask `child` to end by a signal, wait, then kill its whole group. Return whether it ended by itself."""
    if child.poll() is None:
        child.send_signal(by)
    try:
        child.wait(patience_seconds)
    except subprocess.TimeoutExpired:
        _kill_group(child.pid)
        child.wait()
        return False
    return True


def is_alive(pid: int) -> bool:
    """Tell whether `pid` runs; a zombie, dead but not yet collected, does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return not Path("/proc/self").exists()
    return state not in {"Z", "X"}


def works_in(pid: int, folder: Path) -> bool:
    """Tell whether `pid` is a running program whose working folder is `folder`. Unknown counts as no."""
    if not is_alive(pid):
        return False
    try:
        return Path(f"/proc/{pid}/cwd").resolve() == folder.resolve()
    except OSError:
        return False


def command_of(pid: int) -> str:
    """Return the command line of `pid`, or an empty string when it cannot be seen."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def end_orphan(pid: int, *, by: signal.Signals, patience_seconds: float) -> None:
    """
    End a process that an earlier start left behind; it is not our child.

    The death of its supervisor has told it to stop, so it gets a moment; then we ask it, then we kill it.
    """
    for step, seconds in ((None, 1.0), (by, patience_seconds), (signal.SIGKILL, patience_seconds)):
        if step is not None:
            try:
                os.kill(pid, step)
            except ProcessLookupError:
                return
        until = time.monotonic() + seconds
        while is_alive(pid) and time.monotonic() < until:
            time.sleep(0.05)
        if not is_alive(pid):
            return


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
