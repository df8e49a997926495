"""Where the content of report files lies, and whether it is still what was made."""

import hashlib
from pathlib import Path

from records.operations import files as kept_files

from .models import ReportFile


def content_of(file: ReportFile) -> bytes:
    """:raises OSError: the file is not where it was kept."""
    return path_of(file).read_bytes()


def path_of(file: ReportFile) -> Path:
    return kept_files.path_of(file.sha256)


def is_genuine(file: ReportFile) -> bool:
    """Whether the file is there, and still the one that was made."""
    try:
        return hashlib.sha256(content_of(file)).hexdigest() == file.sha256
    except OSError:
        return False
