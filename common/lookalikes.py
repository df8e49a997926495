"""Names that are made to be taken for others: letters of two scripts in one word, signs that nobody sees."""

import unicodedata

# What changes the direction of reading or shows nothing; soft hyphens and joiners of scripts included.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
# Letters that are drawn like others but are none of the scripts they seem to be.
_DRAWN = ("MATHEMATICAL ", "FULLWIDTH ", "HALFWIDTH ", "CIRCLED ", "PARENTHESIZED ", "SQUARED ", "DOUBLE-STRUCK ")


def unseen_in(text: str) -> str:
    """The code of the first sign that nobody sees, `U+202E`, or nothing. Line breaks count as unseen, too."""
    for sign in text:
        if unicodedata.category(sign) in _UNSEEN or sign in "\u2028\u2029\u115f\u1160\u3164\uffa0":
            return f"U+{ord(sign):04X}"
    return ""


def mixed_word_in(text: str) -> str:
    """The first word whose letters belong to two scripts that look alike, or only look like letters; or nothing."""
    for word in text.split():
        scripts = set()
        for sign in word:
            if not sign.isalpha():
                continue
            name = unicodedata.name(sign, "")
            if name.startswith(_DRAWN):
                return word
            scripts |= {script for script in _SCRIPTS if name.startswith(script)}
        if len(scripts) > 1:
            return word
    return ""


def skeleton(text: str) -> str:
    """Two names with the same skeleton are one name to a reader: case, width, accents and blanks don't tell."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] in "LN")
