"""References people say and type: `INC-1042` shows the kind, `1042` is the identity."""

import re

_REFERENCE = re.compile(r"^\s*(?:(?P<prefix>[A-Za-z]{1,5})-?)?#?(?P<number>[0-9]{1,18})\s*$")


def format_reference(prefix: str, number: int) -> str:
    """Write a reference, for example `INC-1042`."""
    return f"{prefix}-{number}"


def parse_reference(text: str) -> int | None:
    """
    Read the identity out of `INC-1042`, `inc1042`, `#1042` or `1042`.

    The prefix is not compared with the kind: a record that became another kind is still found by its old reference.
    None when the text is no reference.
    """
    match = _REFERENCE.match(text)
    if match is None:
        return None
    number = int(match["number"])
    return number if number < 2**63 else None
