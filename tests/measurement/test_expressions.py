"""Formulas over counts: what is understood, what is refused, and what they give."""

from fractions import Fraction

import pytest

from measurement.own.expressions import Misread, parse

COUNTS = {"a.b.opened": 6, "a.b.solved": 4, "a.b.none": 0, "a.b.big": 10**18}


def read(text):
    return parse(text, known=lambda name: tuple(name.rsplit(".", 1)) if name in COUNTS else None)


def value(text):
    expression = read(text)
    return expression.root.value(lambda count: COUNTS[".".join(count)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b.opened", 6),
        ("a.b.opened - a.b.solved - 1", 1),
        ("a.b.opened / a.b.solved / 3", Fraction(1, 2)),
        ("1 + 2 * a.b.solved", 9),
        ("(1 + 2) * a.b.solved", 12),
        ("-a.b.solved + --10", 6),
        ("0.1 + 0.2 + 0 * a.b.opened", Fraction(3, 10)),
        ("a.b.opened × 2 ÷ a.b.solved − 1", 2),
        ("a.b.big * a.b.big", 10**36),
        ("a.b.opened / a.b.none", None),
        ("1 + a.b.opened / (a.b.solved - 4)", None),
        ("a.b.none / a.b.opened", 0),
    ],
)
def test_formulas_give_exact_values_and_none_where_something_is_divided_by_zero(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "1 + 1", "a.b.opened +", "a.b.opened a.b.solved", "(a.b.opened", "a.b.opened)", "()", "*a.b.opened",
        "a.b.unknown", "a.b.opened ** 2", "a.b.opened // 2", "a.b.opened; DROP TABLE x", "__import__('os')",
        "a.b.opened' OR '1'='1", "a.b.opened.__class__", "lambda: 1", "a.b.opened + 1e9", "a.b.opened + 1234567890",
        "a.b.opened + ١", "a.b.opened %% 2", "\x00a.b.opened", "<b>a.b.opened</b>", "a.b.opened" + "(" * 5,
        "(" * 40 + "a.b.opened" + ")" * 40, "-" * 60 + "a.b.opened", "a.b.opened" + " + 1" * 200,
    ],
)  # fmt: skip
def test_everything_else_is_refused_with_the_place(text):
    with pytest.raises(Misread) as refused:
        read(text)

    assert str(refused.value)
    assert refused.value.at >= 1


def test_the_longest_formula_that_fits_is_read_and_counted():
    text = "a.b.opened" + "+1" * 244

    assert value(text) == 250


@pytest.mark.parametrize(
    "text",
    [
        "a.b.opened" + "*999999999" * 45,
        "a.b.opened * 1 / 3" + "*999999999" * 45,
        "a.b.opened" + "*999999999" * 45 + "/ a.b.solved",
        "a.b.opened / (a.b.solved" + "/999999999" * 40 + ")",
        "-a.b.big" + "*a.b.big" * 40,
        "a.b.big * a.b.big / (a.b.big * a.b.big)",
    ],
)
def test_what_is_too_large_for_any_figure_has_no_value(text):
    assert read(text).parts(lambda count: COUNTS[".".join(count)]) == (0, 0)


def test_what_nobody_sees_is_named_by_its_code():
    with pytest.raises(Misread, match=r"U\+200B.*character 11"):
        read("a.b.opened\u200b")


def test_a_plain_ratio_shows_both_amounts_and_others_the_whole():
    def parts(text):
        return read(text).parts(lambda count: COUNTS[".".join(count)])

    assert parts("(a.b.opened + 1) / a.b.solved") == (7, 4)
    assert parts("a.b.opened / a.b.none") == (6, 0)
    assert parts("a.b.opened / a.b.solved + 1") == (2.5, 1)
    assert parts("a.b.opened / a.b.none + 1") == (0, 0)
    assert parts("a.b.opened - a.b.solved") == (2, None)
