"""The rule of who has to be there, as a table."""

import pytest

from changes.board.quorum import Condition, Place, is_quorate, of_item, of_meeting

CHAIR = Place(1, voter=1, is_chair=True)
CHAIR_AWAY = Place(1, is_chair=True)
CHAIR_REPRESENTED = Place(1, voter=9, is_chair=True)


def there(*keys: int) -> list[Place]:
    return [Place(key, voter=key) for key in keys]


def away(*keys: int) -> list[Place]:
    return [Place(key) for key in keys]


@pytest.mark.parametrize(
    ("places", "chair", "least", "half"),
    [
        ([], False, False, True),
        ([CHAIR], True, False, True),
        ([CHAIR, *there(2)], True, False, True),
        ([CHAIR, *there(2, 3)], True, True, True),
        ([CHAIR, *there(2, 3), *away(4, 5, 6)], True, True, True),
        ([CHAIR, *there(2, 3), *away(4, 5, 6, 7)], True, True, False),
        ([CHAIR_AWAY, *there(2, 3, 4)], False, True, True),
        ([CHAIR_REPRESENTED, *there(2, 3)], True, True, True),
        ([CHAIR_REPRESENTED, Place(2, voter=9), *there(3)], True, False, True),
        ([CHAIR_REPRESENTED, *there(9, 3)], True, False, True),
        ([CHAIR_AWAY, *away(2, 3)], False, False, False),
    ],
    ids=[
        "nobody was invited", "the chair alone", "two", "three of three", "three of six", "three of seven",
        "the chair is missing", "a deputy of the chair", "one deputy of two counts once",
        "a member who stands in counts once", "nobody came",
    ],
)  # fmt: skip
def test_the_quorum_of_a_meeting(places: list[Place], chair: bool, least: bool, half: bool) -> None:
    found = of_meeting(places)

    assert [each.is_met for each in found] == [chair, least, half]
    assert is_quorate(found) == (chair and least and half)


def test_whose_word_is_mandatory_is_there_or_has_voted() -> None:
    mandatory = {1: "Ines", 2: "Ben", 3: "Cleo"}

    assert of_item(mandatory, there=[1, 2, 3]).is_met
    assert of_item(mandatory, there=[1, 2], voted=[3]).is_met
    assert of_item({}, there=[]).is_met
    assert of_item(mandatory, there=[2]).names == ("Cleo", "Ines")


def test_a_condition_says_its_figures_and_comes_back_from_the_minutes() -> None:
    least = of_meeting([CHAIR, *there(2)])[1]

    assert least.sentence == "2 voting members are there; 3 are needed."
    assert Condition.from_document(least.as_document()) == least
    assert of_item({1: "Ines"}, there=[]).sentence == "Missing, and mandatory: Ines."
