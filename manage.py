#!/usr/bin/env python3
"""Run Steward's management commands, starting the embedded servers for them where no real ones are named."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path


def use_our_environment() -> None:
    """
    Go on in `.venv` when whichever Python a person typed has none of our packages.

    Who installed them elsewhere, as the image does, stays there.
    """
    ours = Path(__file__).resolve().parent / ".venv" / "bin" / "python"
    if find_spec("django"):
        return
    if ours.exists() and Path(sys.prefix) != ours.parent.parent:
        os.execv(ours, [str(ours), *sys.argv])  # noqa: S606 - the same command, elsewhere
    sys.exit("Steward is not installed yet. `make run` installs and starts it; then this command works.")


if __name__ == "__main__":
    use_our_environment()
    # Late: nothing of ours can be imported without the packages.
    from itsm.embedded.entry import run_command

    run_command(sys.argv)
