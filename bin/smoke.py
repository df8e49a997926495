"""
Start Steward by `make run`, do its main job over HTTP with the worker and scheduler that run there, stop it.

An empty folder of its own unless `--home` names one, which is kept; any free port unless `--port` names one.
"""

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bootstrap
from caller import Browser, Rest
from main_job import SCOPES, Steps, do_the_job, look_around

START_SECONDS = 300
STOP_SECONDS = 60
PASSWORD = "smoke-test-password"  # noqa: S105 - of people made up for this minute
USER = "tom"


def main() -> None:
    """Try it as a new user would."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="folder for the data; it stays")
    parser.add_argument("--port", type=int)
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="steward-smoke-"))
    folder.chmod(0o711)
    home = (chosen.home or folder / "var").resolve()
    port = chosen.port or free_port()
    environment = dict(os.environ, STEWARD_HOME=str(home), PORT=str(port), STEWARD_SAMPLE_PASSWORD=PASSWORD)
    for name in ("DATABASE_URL", "REDIS_URL"):
        environment.pop(name, None)
    output = folder / "output.txt"
    before = working_on(home)
    steps = Steps()
    with output.open("wb") as file:
        product = subprocess.Popen(
            ["make", "run", f"PYTHON={bootstrap.PYTHON}"],
            cwd=bootstrap.ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_until_ready(product, output)
            try_it(f"http://127.0.0.1:{port}", environment, output.read_text(), steps)
        finally:
            stopped = stop(product)
            sys.stdout.write(output.read_text())
    left = {number: command for number, command in working_on(home).items() if number not in before}
    if not stopped:
        sys.exit("Steward did not stop in time.")
    if left:
        sys.exit("Still running after the end: " + "; ".join(f"{number} {command}" for number, command in left.items()))
    steps.done("Stopped; nothing is left running")
    shutil.rmtree(folder)
    sys.stdout.write("It starts, does its main job, and stops.\n")


def wait_until_ready(product: "subprocess.Popen[bytes]", output: Path) -> None:
    """Wait for the sentence that it is ready."""
    until = time.monotonic() + START_SECONDS
    while "Steward is ready" not in output.read_text():
        if product.poll() is not None:
            sys.exit("`make run` ended before it was ready.")
        if time.monotonic() > until:
            sys.exit(f"`make run` was not ready after {START_SECONDS} s.")
        time.sleep(0.2)


def try_it(address: str, environment: dict[str, str], said: str, steps: Steps) -> None:
    """Sign in as one of the people that the start named, and do the main job as that person."""
    person = re.search(rf"^\s+{USER}\s+([^,]+),", said, re.MULTILINE)
    if person is None:
        sys.exit(f"The start does not name {USER} among those who can sign in.")
    browser = Browser(address)
    browser.page("/accounts/login/")
    steps.done("The sign-in page stands")
    browser.sign_in(USER, PASSWORD)
    steps.done(f"{USER} has signed in")
    look_around(browser, person[1], steps)
    rest = Rest(address, make_token(environment))
    steps.done(f"{USER} has a token")
    do_the_job(rest, browser, steps)
    for path in ("/health/ready/", "/health/keeping-up/"):
        browser.page(path)
    steps.done("The health addresses say that it keeps up")


def make_token(environment: dict[str, str]) -> str:
    """A token as the guide to the API says, from the servers that run already."""
    command = [str(bootstrap.PYTHON), "manage.py", "token", USER]
    for scope in SCOPES:
        command += ["--scope", scope]
    made = subprocess.run(command, cwd=bootstrap.ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return made.stdout.strip()


def stop(product: "subprocess.Popen[bytes]") -> bool:
    """Press Ctrl-C, as far as a script can."""
    if product.poll() is None:
        os.killpg(product.pid, signal.SIGINT)
    try:
        product.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(product.pid, signal.SIGKILL)
        return False
    return True


def working_on(home: Path) -> dict[str, str]:
    """
    Processes whose command line or environment names the folder: number -> command line.

    Empty where there is no /proc. A shell from which this runs may name the folder too, so compare with before.
    """
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command, surroundings = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
        except OSError:  # ended meanwhile, or somebody else's
            continue
        if os.fsencode(home) in command + surroundings:
            found[process.name] = command.decode(errors="replace").replace("\0", " ").strip()
    return found


def free_port() -> int:
    """Return a port that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
