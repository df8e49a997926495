"""Start Steward by `make run` in an empty folder of its own, open the sign-in page, sign in, stop it."""

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import bootstrap

START_SECONDS = 300
STOP_SECONDS = 60
PASSWORD = "smoke-test-password"  # noqa: S105 - of people made up for this minute


def main() -> None:
    """Try it as a new user would."""
    folder = Path(tempfile.mkdtemp(prefix="steward-smoke-"))
    folder.chmod(0o711)
    port = free_port()
    environment = dict(os.environ, STEWARD_HOME=str(folder / "var"), PORT=str(port), STEWARD_SAMPLE_PASSWORD=PASSWORD)
    for name in ("DATABASE_URL", "REDIS_URL"):
        environment.pop(name, None)
    output = folder / "output.txt"
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
            try_it(f"http://127.0.0.1:{port}", output.read_text())
        finally:
            stopped = stop(product)
            sys.stdout.write(output.read_text())
    shutil.rmtree(folder)
    if not stopped:
        sys.exit("Steward did not stop in time.")
    sys.stdout.write("It starts, answers, lets a sample person in, and stops.\n")


def wait_until_ready(product: "subprocess.Popen[bytes]", output: Path) -> None:
    """Wait for the sentence that it is ready."""
    until = time.monotonic() + START_SECONDS
    while "Steward is ready" not in output.read_text():
        if product.poll() is not None:
            sys.exit("`make run` ended before it was ready.")
        if time.monotonic() > until:
            sys.exit(f"`make run` was not ready after {START_SECONDS} s.")
        time.sleep(0.2)


def try_it(address: str, said: str) -> None:
    """Open the sign-in page, and sign in as the first of the people that the start named."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = opener.open(f"{address}/accounts/login/", timeout=30).read().decode()
    person = re.search(r"sample people:\n\s+(\S+)", said)
    if person is None:
        sys.exit("The start named nobody who can sign in.")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if token is None:
        sys.exit("The sign-in page holds no form.")
    form = {"login": person[1], "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    data = urllib.parse.urlencode(form).encode()
    answer = opener.open(f"{address}/accounts/login/", data=data, timeout=30)
    if "/accounts/login" in answer.geturl():
        sys.exit(f"{person[1]} could not sign in.")
    for path in ("/health/ready/", "/health/keeping-up/"):
        opener.open(f"{address}{path}", timeout=30)


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


def free_port() -> int:
    """Return a port that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
