"""Renew the lock files: hashes of everything, and no word about where it was downloaded from."""

import re
import sys

import bootstrap

REQUIREMENTS = bootstrap.ROOT / "requirements"
LOCKS = [REQUIREMENTS / "base.txt", REQUIREMENTS / "dev.txt", bootstrap.FRONTEND / "package-lock.json"]
# Addresses in a package's own description are harmless; one to download from would name somebody's registry.
HOST = re.compile(
    r'"resolved":|--(extra-)?index-url|--find-links|--trusted-host|^\S+ @ |https?://\S+\.(whl|tgz|tar\.gz)', re.M
)


def main() -> None:
    """Write all three lock files."""
    uv = str(bootstrap.PYTHON.parent / "uv")
    for kind in ("base", "dev"):
        command = [
            uv,
            "pip",
            "compile",
            f"requirements/{kind}.in",
            "-o",
            f"requirements/{kind}.txt",
            "--quiet",
            "--upgrade",
        ]
        command += [
            "--universal",
            "--python-version",
            "3.11",
            "--generate-hashes",
            "--no-emit-index-url",
            "--no-header",
        ]
        command += ["-c", "requirements/base.txt"] if kind == "dev" else []
        with bootstrap.step(f"requirements/{kind}.txt"):
            bootstrap.run(command, "The packages could not be resolved")
    with bootstrap.step("frontend/package-lock.json"):
        bootstrap.npm(
            ["update", "--package-lock-only", "--no-audit", "--no-fund"], "npm could not resolve the packages"
        )
    if found := problems():
        sys.exit("\n".join(found))


def problems() -> "list[str]":
    """Return a sentence for each place where a lock file names a host, lacks a hash, or forgets a package."""
    found = []
    for lock in LOCKS:
        text = lock.read_text()
        if match := HOST.search(text):
            found.append(f"{lock.name} names a place to download from: {match[0]}")
    for kind in ("base", "dev"):
        text = (REQUIREMENTS / f"{kind}.txt").read_text()
        locked = {normal(name) for name in re.findall(r"^([\w.-]+)==", text, re.M)}
        wanted = {normal(name) for name in re.findall(r"^([\w.-]+)", (REQUIREMENTS / f"{kind}.in").read_text(), re.M)}
        found += [
            f"{kind}.txt lacks {name}, which {kind}.in asks for: make lock" for name in sorted(wanted - locked - {"-r"})
        ]
        found += [
            f"{kind}.txt holds no hash for {block.split()[0]}" for block in blocks(text) if "--hash=" not in block
        ]
    return found


def blocks(text: str) -> "list[str]":
    """Return the lines of each locked package."""
    return re.findall(r"^[\w.-]+(?:\[[\w,]+\])?==.*(?:\n[ \t].*)*", text, re.M)


def normal(name: str) -> str:
    """Return the name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main()
