"""The template of an article, filled in from the record that it is drafted from."""

from typing import Any

from records.models import Record

# What kinds of records call the same thing; a record has some of them, and the first that is filled counts.
SAME = {
    "symptom": ("symptom", "description"),
    "cause": ("cause", "cause_text", "cause_code"),
    "fix": ("workaround", "resolution_text", "fix"),
}


def from_record(record: Record) -> dict[str, Any]:
    """
    First words for a form, to be rewritten in the words of readers.

    A problem keeps symptom, cause and workaround in its known error; these go before its own.
    """
    specific = record.specific
    places = [getattr(specific, "known_error", None), specific]
    found = {"title": record.title, "service": record.service_id}
    for name, columns in SAME.items():
        texts = (getattr(place, column, "") for place in places if place is not None for column in columns)
        found[name] = next((text for text in texts if isinstance(text, str) and text.strip()), "")
    return found
