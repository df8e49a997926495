"""Texts of tickets: words as frequent and as rare as in a real language, the same with every run."""

import random

SUBJECTS = (
    "VPN drops", "Printer jams", "Mail is late", "Password expired", "Laptop is slow", "Screen flickers",
    "Payroll file missing", "Portal shows an error", "Phone has no tone", "Disk is full", "Backup failed",
    "Certificate expired", "Meeting room display is dark", "Scanner sends nothing", "Order arrives twice",
)  # fmt: skip
PLACES = (
    "in Oslo",
    "in Berlin",
    "on floor 3",
    "at home",
    "after the update",
    "since Monday",
    "in the dock",
    "for guests",
)
VOCABULARY, PIECES, WORDS_A_PIECE = 4_000, 4_000, 16
RAREST = 3_999


def word(number: int) -> str:
    """The word of a rank: pronounceable, and the same in every run."""
    syllables = ("ka", "lo", "mi", "ne", "pu", "ra", "si", "to", "ve", "zu", "ba", "de", "fo", "gi", "hu", "ja")
    made = ""
    rest = number + 16
    while rest:
        rest, index = divmod(rest, 16)
        made += syllables[index]
    return made


def pieces() -> list[str]:
    """Half sentences whose words follow Zipf's law; two of them make the text of a ticket."""
    draw = random.Random(11)
    vocabulary = [word(number) for number in range(VOCABULARY)]
    weights = [1 / (rank + 3) for rank in range(VOCABULARY)]
    return [" ".join(draw.choices(vocabulary, weights, k=WORDS_A_PIECE)) for _piece in range(PIECES)]
