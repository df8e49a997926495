"""One event is one line, whatever people typed."""

import logging
import sys

import pytest

from common.logs import LineFormatter


def line(message: str, *args: object, **extra: object) -> str:
    record = logging.makeLogRecord(
        {"name": "records.door", "levelno": 20, "levelname": "INFO", "msg": message, "args": args, "created": 1.5}
    )
    for name, value in extra.items():
        setattr(record, name, value)
    return LineFormatter().format(record)


def test_a_line_says_when_where_and_what():
    assert line("incident.resolved", minutes=12) == (
        "at=1970-01-01T00:00:01.500Z level=info logger=records.door event=incident.resolved minutes=12"
    )


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("two words", '"two words"'),
        ('x" level=error', '"x\\" level=error"'),
        ("a\nat=1970 level=error event=forged", '"a\\nat=1970 level=error event=forged"'),
        ("a\r\x1b[2Jcleared", '"a\\r\\u001b[2Jcleared"'),
        ("line\u2028separator", '"line\\u2028separator"'),
        ("level=error", '"level=error"'),
        ("", '""'),
    ],
)
def test_what_people_typed_cannot_forge_a_line_or_a_pair(typed, shown):
    formatted = line("found", title=typed)

    assert formatted.endswith(f" title={shown}")
    assert len(formatted.splitlines()) == 1


def test_name_of_a_value_cannot_forge_a_pair():
    assert line("found", **{"x y=1\n": 2}).endswith(" x_y_1_=2")
    assert line("found", level="error").endswith(" level_=error")


def test_traceback_stays_on_the_line():
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        formatted = line("failed", exc_info=sys.exc_info())

    assert len(formatted.splitlines()) == 1
    assert 'error="Traceback' in formatted
    assert "ValueError: first\\nsecond" in formatted


def test_long_value_keeps_start_and_end():
    formatted = line("found", text="a" * 5000 + "z" * 5000)

    assert len(formatted) < 4200
    assert "aaa \\u2026 zzz" in formatted


def test_request_hung_on_a_record_is_left_out():
    assert "request" not in line("failed", request=object())
