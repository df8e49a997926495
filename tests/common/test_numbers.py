import pytest

from common.numbers import number_in, numbers_in, version_in


@pytest.mark.parametrize("text", [None, "", " ", "²", "٣", "1٣", "-1", "+1", "1.0", "1e3", " 1", "0x1", "9" * 5_000])
def test_what_is_no_number_of_a_browser_is_none(text: str | None) -> None:
    assert number_in(text) is None
    assert version_in(text) is None


def test_a_number_has_as_many_digits_as_its_column() -> None:
    assert number_in("0") == 0
    assert number_in("9" * 18) == 10**18 - 1
    assert number_in("1" * 19) is None
    assert number_in("123", digits=2) is None
    assert version_in("9" * 9) == 10**9 - 1
    assert version_in("1" * 10) is None


def test_of_many_only_keys_are_left_in_their_order() -> None:
    assert numbers_in(["3", "²", "", "1", "9" * 30, "3"]) == [3, 1, 3]
