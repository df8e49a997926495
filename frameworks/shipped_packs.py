"""The packs that come with the product."""

from functools import cache
from pathlib import Path
from typing import Any

from .checking import pack_of

FOLDER = Path(__file__).parent / "shipped"
# In the order in which they are offered.
ORDER = ("itil4", "iso20000-1", "cobit2019", "devops", "safe", "lean-it", "tbm", "mof4", "project-phases")


def text_of(pack_id: str) -> str:
    """The pack as it is written. :raises KeyError: none of this name comes with the product."""
    if pack_id not in ORDER:
        raise KeyError(pack_id)
    return (FOLDER / f"{pack_id}.yaml").read_text(encoding="utf-8")


@cache
def document_of(pack_id: str) -> dict[str, Any]:
    """The pack as a plain document. Read once in a process: the file is part of the program."""
    return pack_of(text_of(pack_id))
