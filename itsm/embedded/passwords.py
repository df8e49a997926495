"""The password that the sample people share: chosen by a setting, else made once and kept."""

import os
import secrets
from pathlib import Path


def for_sample_people(home: Path) -> str:
    """Return `STEWARD_SAMPLE_PASSWORD`, else the one kept in `home`, made on the first call."""
    named = os.environ.get("STEWARD_SAMPLE_PASSWORD")
    if named:
        return named
    path = home / "sample-password"
    try:
        kept = path.read_text().strip()
    except FileNotFoundError:
        kept = ""
    if kept:
        return kept
    made = secrets.token_urlsafe(12)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(made)
    return made
