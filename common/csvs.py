"""Cells of CSV files that no spreadsheet takes for a formula (OWASP ASVS 5.0 V1.2.10)."""

import unicodedata

_OPENINGS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """
    Put an apostrophe before a text that a spreadsheet would calculate; numbers stay numbers.

    Blanks and characters that nobody sees are trimmed before looking, for a spreadsheet trims them too.
    """
    seen = "".join(c for c in cell if unicodedata.category(c) not in {"Cf", "Zs"}).lstrip()
    if not seen.startswith(_OPENINGS):
        return cell
    try:
        float(seen)
    except ValueError:
        return "'" + cell
    return cell
