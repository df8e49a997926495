"""Navigation, appearance and error pages."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse
from redis import ResponseError

from itsm.shell import errors, navigation
from itsm.shell.areas import area_of
from itsm.shell.navigation import Item, Link
from itsm.shell.places import PLACES
from people import matrix


def links_of(user: Any, path: str = "/nowhere/", query: str = "") -> list[Link]:
    return [link for section in navigation.sections(user=user, path=path, query=query) for link in section.links]


def test_a_place_without_a_page_is_absent(house: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = Item("planned", "Planned", "planned:page", "agree", "list")
    monkeypatch.setattr(navigation, "_ITEMS", {"planned": planned})

    assert navigation.sections(user=house.ada, path="/") == []


def test_a_place_shows_only_to_those_who_may_use_it(house: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = Item("setup", "Set-up", "admin:index", "bottom", "settings", operation="setup.edit")
    monkeypatch.setattr(navigation, "_ITEMS", {"setup": setup})

    assert [link.name for link in links_of(house.ada)] == ["setup"]
    assert links_of(house.maria) == []
    assert links_of(house.otto) == []


def test_the_longest_matching_address_is_the_current_place(
    house: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery = Item("gallery", "Gallery", "shell:gallery", "bottom", "list")
    view = Item("view", "View", "shell:gallery", "bottom", "list", query="q=kind:incident")
    monkeypatch.setattr(navigation, "_ITEMS", {"gallery": gallery, "view": view})
    address = reverse("shell:gallery")

    plain = [link.name for link in links_of(house.ada, address) if link.is_current]
    below = [link.name for link in links_of(house.ada, f"{address}more/") if link.is_current]
    queried = [link.name for link in links_of(house.ada, address, "q=kind:incident") if link.is_current]

    assert (plain, below, queried) == (["gallery"], ["gallery"], ["view"])


def test_grouped_by_practice_the_same_links_stand_under_the_names_of_practices(house: SimpleNamespace) -> None:
    by_process = navigation.sections(user=house.ada, path="/problems/", query="")
    by_practice = navigation.sections(user=house.ada, path="/problems/", query="", grouping="practice")

    def links(sections: list[Any]) -> set[tuple[str, str, bool]]:
        return {(link.name, link.url, link.is_current) for section in sections for link in section.links}

    found = {str(section.heading): [link.name for link in section.links] for section in by_practice}
    assert links(by_process) == links(by_practice)
    assert found["Problem management"] == ["problems", "known_errors"]
    assert found["Service level management"][:3] == ["services", "agreements", "simulations"]
    assert (by_practice[0].name, by_practice[-1].name) == ("top", "bottom")


def test_grouped_by_practice_nobody_sees_more(house: SimpleNamespace) -> None:
    found = navigation.sections(user=house.maria, path="/", grouping="practice")

    assert {link.name for section in found for link in section.links} == {
        link.name for section in navigation.sections(user=house.maria, path="/") for link in section.links
    }


def test_a_place_without_a_practice_keeps_its_process(house: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    gallery = Item("gallery", "Gallery", "shell:gallery", "improve", "list")
    monkeypatch.setattr(navigation, "_ITEMS", {"gallery": gallery})

    found = navigation.sections(user=house.ada, path="/", grouping="practice")

    assert [(section.name, str(section.heading)) for section in found] == [("improve", "Improve")]


def test_a_practice_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="no practice alchemy"):
        navigation.register(Item("gold", "Gold", "shell:gallery", "improve", "list", practice="alchemy"))


def test_the_navigation_is_regrouped_in_one_press(house: SimpleNamespace, client: Client) -> None:
    client.force_login(house.tom)
    before = client.get(reverse("people:profile")).content.decode()

    client.post(reverse("shell:appearance"), {"grouping": "practice"})

    after = client.get(reverse("people:profile")).content.decode()
    assert ('value="practice"' in before, ">Incident management<" in before) == (True, False)
    assert (">Incident management<" in after, 'name="grouping" value="process"' in after) == (True, True)


def test_two_places_never_share_a_key() -> None:
    keys = [item.key for item in PLACES if item.key]

    assert len(keys) == len(set(keys))


def test_every_place_names_an_operation_of_the_matrix() -> None:
    known = {rule.operation for rule in matrix.rules()}

    assert [item.name for item in PLACES if item.operation and item.operation not in known] == []


def test_theme_and_density_are_kept_with_the_person(house: SimpleNamespace, client: Client) -> None:
    client.force_login(house.tom)

    answer = client.post(
        reverse("shell:appearance"), {"theme": "dark", "density": "compact"}, headers={"HX-Request": "true"}
    )

    house.tom.refresh_from_db()
    assert (answer.status_code, house.tom.theme, house.tom.density) == (204, "dark", "compact")


def test_an_unknown_density_changes_nothing(house: SimpleNamespace, client: Client) -> None:
    client.force_login(house.tom)

    answer = client.post(reverse("shell:appearance"), {"theme": "dark", "density": "enormous"})

    house.tom.refresh_from_db()
    assert (answer.status_code, house.tom.theme, house.tom.density) == (400, "system", "standard")


def test_a_plain_form_comes_back_to_its_own_site_only(house: SimpleNamespace, client: Client) -> None:
    client.force_login(house.tom)
    address = reverse("shell:appearance")

    own = client.post(address, {"theme": "dark"}, headers={"Referer": "http://testserver/queue/?q=vpn"})
    foreign = client.post(address, {"theme": "dark"}, headers={"Referer": "https://elsewhere.example/"})

    assert (own.url, foreign.url) == ("http://testserver/queue/?q=vpn", "/")


def test_the_gallery_is_for_administrators(house: SimpleNamespace, client: Client) -> None:
    client.force_login(house.ada)
    assert client.get(reverse("shell:gallery")).status_code == 200

    client.force_login(house.otto)
    with_otto = client.get(reverse("shell:gallery"))
    assert (with_otto.status_code, b"gallery__example" in with_otto.content) == (403, False)


def test_the_shell_costs_the_access_of_the_person_and_one_count(
    house: SimpleNamespace, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(house.ada)

    # The person; their roles and teams at once; the inbox count, which the cache then keeps for a minute.
    with django_assert_num_queries(3):
        client.get(reverse("shell:gallery"))


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 429, 503])
def test_an_error_page_quotes_a_reference_and_keeps_the_text(rf: RequestFactory, status: int) -> None:
    request = rf.post(
        "/incidents/", {"text": "The gateway drops packets since nine.", "password": "correct horse battery"}
    )

    answer = errors.error_page(request, status)

    page = answer.content.decode()
    assert answer.status_code == status
    assert "The gateway drops packets since nine." in page
    assert "correct horse battery" not in page
    assert f"{status} · reference " in page


def test_the_page_of_a_failure_needs_no_database(rf: RequestFactory) -> None:
    answer = errors.server_error(rf.post("/incidents/", {"text": "Twenty letters at the least"}))

    assert answer.status_code == 500
    assert "Twenty letters at the least" in answer.content.decode()


def test_an_unknown_address_says_what_to_do(client: Client, db: None) -> None:
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()


def test_sign_in_page_needs_no_script(client: Client, db: None) -> None:
    page = client.get(reverse("account_login")).content.decode()

    assert '<label class="field__label" for="id_login">' in page
    assert 'autocomplete="current-password"' in page


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (OperationalError("the database system is starting up"), 503, "is not ready just now"),
        (OperationalError("could not extend file: No space left on device"), 503, "The disk of the server is full"),
        (ResponseError("MISCONF Errors writing to the AOF file: No space left on device"), 503, "disk of the server"),
        (OSError(28, "No space left on device"), 503, "The disk of the server is full"),
        (OSError(2, "No such file or directory"), 500, "An error in the program stopped it"),
    ],
)
def test_an_outage_is_not_called_an_error_of_the_program(
    rf: RequestFactory, error: Exception, status: int, said: str
) -> None:
    request = rf.post("/incidents/", {"text": "The gateway drops packets since nine."})
    try:
        raise error
    except Exception:
        answer = errors.server_error(request)

    page = answer.content.decode()
    assert (answer.status_code, said in page) == (status, True)
    assert "The gateway drops packets since nine." in page


def test_pages_of_an_area_stand_as_tabs_under_their_titles(client: Any, house: SimpleNamespace) -> None:
    client.force_login(house.ines)

    area = client.get("/changes/models/").context["shell"].area

    assert [str(each["label"]) for each in area.links][:2] == ["Changes", "Calendar"]
    assert [str(each["label"]) for each in area.links if each["is_current"]] == ["Models"]
    assert 'aria-label="Pages of changes"' in client.get("/changes/calendar/").content.decode()
    assert client.get("/queue/").context["shell"].area is None


@pytest.mark.django_db
def test_a_page_shows_in_its_area_to_whom_its_door_lets_in(house: SimpleNamespace) -> None:
    names = {each: [str(link["label"]) for link in area.links] if (area := area_of("releases:landing", user)) else None
             for each, user in (("tom", house.tom), ("maria", house.maria))}  # fmt: skip

    assert names == {"tom": ["Releases", "Readiness checklist"], "maria": None}


def test_pages_that_stand_elsewhere_belong_to_the_place_that_names_them(house: SimpleNamespace) -> None:
    assert [link.name for link in links_of(house.ines, "/breaches/7/") if link.is_current] == ["sla"]
