"""The shape of our log: one line per event in `name=value` pairs; what a person typed cannot forge a line."""

import json
import logging
import re
from datetime import UTC, datetime

# What a line carries unquoted. All else is quoted and escaped: line breaks, terminal codes.
_PLAIN = re.compile(r"[\w.:/@+,-]+", re.ASCII)

_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# Django and gunicorn hang whole objects on records; their text is long and may hold what people typed.
_NOT_LOGGED = frozenset({"request", "server_time", "sinfo", "data"})
_OURS = frozenset({"at", "level", "logger", "event", "error"})
_LONGEST_VALUE_CHARS = 4000


class LineFormatter(logging.Formatter):
    """
    Format a record as one line: time in UTC, level, logger, event, then whatever `extra` brought.

    Values are quoted and escaped when they hold anything but plain characters, so that no content starts a
    new line, fakes a pair, or moves the cursor of a terminal. A traceback becomes the value `error` on the
    same line.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without a line break."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        pairs = [
            ("at", moment.replace("+00:00", "Z")),
            ("level", record.levelname.lower()),
            ("logger", record.name),
            ("event", record.getMessage()),
        ]
        pairs += [
            (_name(name), value)
            for name, value in vars(record).items()
            if name not in _OF_EVERY_RECORD and name not in _NOT_LOGGED
        ]
        if record.exc_info:
            pairs.append(("error", self.formatException(record.exc_info)))
        return " ".join(f"{name}={_value(value)}" for name, value in pairs)


def _name(name: str) -> str:
    plain = re.sub(r"[^\w.]", "_", name, flags=re.ASCII)
    return f"{plain}_" if plain in _OURS else plain


def _value(value: object) -> str:
    text = str(value)
    if len(text) > _LONGEST_VALUE_CHARS:
        # The end of a traceback tells what happened, the start tells where: keep both.
        half = _LONGEST_VALUE_CHARS // 2
        text = f"{text[:half]} … {text[-half:]}"
    return text if _PLAIN.fullmatch(text) else json.dumps(text)
