"""
Everything that CI looks at beside the tests. All checks run; the failed ones are shown at the end.

    python bin/check.py            all of them
    python bin/check.py types      those whose name holds the word
"""

import subprocess
import sys
import time
from pathlib import Path

import bootstrap
import lock

BIN = bootstrap.PYTHON.parent
MANAGE = [str(bootstrap.PYTHON), "manage.py"]

CHECKS: "dict[str, list[str]]" = {
    "lint": [str(BIN / "ruff"), "check", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "imports": [str(BIN / "lint-imports")],
    "types": [str(BIN / "mypy"), "."],
    "django": [*MANAGE, "check", "--fail-level", "WARNING"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "templates": [*MANAGE, "check_templates"],
    "template lint": [str(BIN / "djlint"), "--lint", "--quiet", "templates"],
    "API schema": [*MANAGE, "spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null"],
    "front end": bootstrap.npm_command(["run", "--silent", "check"]),
}


def main() -> None:
    """Run the checks and end with 1 if one failed."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    failed = []
    for name, command in CHECKS.items():
        if wanted in name:
            folder = bootstrap.FRONTEND if name == "front end" else bootstrap.ROOT
            if not passes(name, command, folder):
                failed.append(name)
    if wanted in "lock files":
        problems = lock.problems()
        sys.stdout.write(f"  {'lock files':<32}{'ok' if not problems else 'FAILED'}\n")
        if problems:
            sys.stdout.write("".join(f"    {problem}\n" for problem in problems))
            failed.append("lock files")
    if failed:
        sys.exit(f"\nFailed: {', '.join(failed)}.")


def passes(name: str, command: "list[str]", folder: Path) -> bool:
    """Run one check; what it says is shown only when it fails."""
    started = time.monotonic()
    sys.stdout.write(f"  {name:<32}")
    sys.stdout.flush()
    done = subprocess.run(
        command,
        cwd=folder,
        env=bootstrap.node_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    passed = done.returncode == 0
    sys.stdout.write(f"{'ok' if passed else 'FAILED':<8}{time.monotonic() - started:5.1f} s\n")
    if not passed:
        sys.stdout.write("".join(f"    {line}\n" for line in done.stdout.decode(errors="replace").splitlines()))
    sys.stdout.flush()
    return passed


if __name__ == "__main__":
    main()
