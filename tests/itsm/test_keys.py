"""Single keys: switched off, moved, and never two acts on one key."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client

from common.refusals import Refused
from itsm.shell import keys, operations

ROOT = Path(__file__).parents[2]
ADDRESS = "/me/keys/"


def reasons(refused) -> list[tuple[str, str | None]]:
    return [(reason.code, reason.field) for reason in refused.value.refusals]


def as_shipped() -> dict[str, str]:
    return {key.name: keys.own_key(key, {}) for key in keys.known()}


def test_no_two_acts_are_shipped_on_one_key():
    shipped = [key.shipped for key in keys.known()]

    assert len(shipped) == len(set(shipped))


def test_every_key_that_a_page_is_marked_with_can_be_moved():
    marked = set()
    for template in (ROOT / "templates").rglob("*.html"):
        if template.parts[-2] != "shell":
            marked |= set(re.findall(r' (?:data-|data-edit-|data-shown-)?key="([^"{]+)"', template.read_text()))
    singles = {key for key in marked if not key.startswith(("Ctrl+", "Alt+"))}
    letters = {key.removeprefix("Shift+").lower() for key in singles}

    assert letters - {key.shipped for key in keys.known()} == set()
    assert len(letters) > 15


def test_only_what_differs_is_kept_and_letters_are_small(house: SimpleNamespace):
    operations.choose_keys(by=house.tom, are_on=True, wanted=as_shipped() | {"reply": "B", "back_out": "r", "note": ""})

    house.tom.refresh_from_db()
    assert house.tom.own_keys == {"reply": "b", "back_out": "r"}


def test_two_acts_may_change_places():
    assert keys.checked({"reply": "n", "note": "r"}) == {"reply": "n", "note": "r"}


def test_a_sign_of_another_script_is_a_key():
    assert keys.checked({"reply": "ж", "note": "é", "assign": "Ö"}) == {"reply": "ж", "note": "é", "assign": "ö"}


def test_a_key_that_means_something_already_is_refused_in_a_sentence(house: SimpleNamespace):
    with pytest.raises(Refused) as refused:
        operations.choose_keys(by=house.tom, are_on=False, wanted={"reply": "N"})

    house.tom.refresh_from_db()
    assert reasons(refused) == [("key_taken", "reply")]
    assert str(refused.value) == (
        "N already means “Work note; play, in the queue”. Choose another key for “Reply”, or move that one too."
    )
    assert (house.tom.own_keys, house.tom.has_single_keys) == ({}, True)


@pytest.mark.parametrize("pressed", ["ab", "F1", "Ctrl+R", "\u200b", "🤷🏽"])
def test_what_is_not_one_key_is_refused(pressed):
    with pytest.raises(Refused) as refused:
        keys.checked({"reply": pressed})

    assert reasons(refused) == [("not_one_key", "reply")]


def test_a_place_and_an_act_may_share_a_letter_but_not_two_places():
    assert keys.checked({"go_home": "n"}) == {"go_home": "n"}
    with pytest.raises(Refused) as refused:
        keys.checked({"go_home": "q"})

    assert reasons(refused) == [("key_taken", "go_home")]


def test_an_act_that_there_is_not_is_refused():
    with pytest.raises(Refused) as refused:
        keys.checked({"delete_everything": "x"})

    assert reasons(refused) == [("unknown_key", None)]


def test_the_browser_hears_which_shipped_keys_are_pressed_how(house: SimpleNamespace, client: Client):
    house.tom.own_keys = {"reply": "b", "go_queue": "w", "gone_by_an_update": "q"}
    house.tom.save()
    client.force_login(house.tom)

    page = client.get(ADDRESS).content.decode()

    written = re.search(r'data-own-keys="([^"]+)"', page)
    assert written is not None
    assert json.loads(written[1].replace("&quot;", '"')) == {"r": "b", "g q": "g w"}


def test_a_person_with_the_shipped_keys_carries_none_along(house: SimpleNamespace, client: Client):
    client.force_login(house.tom)

    assert "data-own-keys" not in client.get(ADDRESS).content.decode()


def test_keys_are_saved_on_their_page_and_reset_there(house: SimpleNamespace, client: Client):
    client.force_login(house.tom)
    saved = client.post(ADDRESS, as_shipped() | {"are_on": "on", "follow": "B", "back_out": "w"})

    house.tom.refresh_from_db()
    assert (saved.status_code, saved["Location"]) == (303, ADDRESS)
    assert (house.tom.own_keys, house.tom.has_single_keys) == ({"follow": "b", "back_out": "w"}, True)

    client.post(ADDRESS, as_shipped() | {"are_on": "on", "reset": "yes"})
    house.tom.refresh_from_db()
    assert house.tom.own_keys == {}


def test_a_refused_key_stands_on_the_page_as_typed_with_its_reason(house: SimpleNamespace, client: Client):
    client.force_login(house.tom)

    answer = client.post(ADDRESS, as_shipped() | {"follow": "A"})

    page = answer.content.decode()
    house.tom.refresh_from_db()
    assert (answer.status_code, house.tom.own_keys, house.tom.has_single_keys) == (422, {}, True)
    assert "A already means “Assign”." in page
    assert re.search(r'name="follow" value="A"[^>]*aria-invalid="true"', page)


def test_keys_are_switched_off_by_leaving_the_box_empty(house: SimpleNamespace, client: Client):
    client.force_login(house.tom)

    client.post(ADDRESS, as_shipped())

    house.tom.refresh_from_db()
    assert house.tom.has_single_keys is False
    assert 'data-keys="off"' in client.get(ADDRESS).content.decode()


def test_the_keys_of_others_are_out_of_reach(house: SimpleNamespace, client: Client):
    client.force_login(house.otto)

    client.post(ADDRESS, as_shipped() | {"are_on": "on", "reply": "b", "back_out": "r"})

    house.tom.refresh_from_db()
    house.otto.refresh_from_db()
    assert (house.tom.own_keys, house.otto.own_keys) == ({}, {"reply": "b", "back_out": "r"})
