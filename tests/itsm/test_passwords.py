"""Passwords of people: changed from the profile, in our words."""

import re

from django.urls import reverse

from itsm.shell import navigation

OLD = "correct horse battery staple"
NEW = "seven quiet gateways at dawn"


def test_a_password_is_changed_and_the_profile_says_so(client, house):
    client.force_login(house.tom)
    assert f'href="{reverse("account_change_password")}"' in client.get("/me/").text

    answer = client.post(
        reverse("account_change_password"), {"oldpassword": OLD, "password1": NEW, "password2": NEW}, follow=True
    )

    house.tom.refresh_from_db()
    assert house.tom.check_password(NEW)
    assert answer.redirect_chain[-1][0] == "/me/"
    assert "Password changed." in answer.text


def test_the_form_says_what_to_type_beside_the_fields_only(client, house):
    client.force_login(house.tom)

    page = client.get(reverse("account_change_password")).text

    assert re.findall(r'<label class="field__label"[^>]*>([^<]+)<', page) == [
        "Present password",
        "New password",
        "New password, once more",
    ]
    assert "At least 12 characters." in page
    assert "placeholder" not in page


def test_signing_in_and_out_congratulates_nobody(client, house):
    answer = client.post(reverse("account_login"), {"login": "tom", "password": OLD}, follow=True)

    assert answer.context["user"] == house.tom
    assert "uccessfully" not in answer.text
    assert "uccessfully" not in client.post(reverse("account_logout"), follow=True).text


def test_who_has_no_headings_has_nothing_to_regroup(client, house, monkeypatch):
    without = {name: item for name, item in navigation._ITEMS.items() if item.process in ("top", "bottom")}
    with monkeypatch.context() as patched:
        patched.setattr(navigation, "_ITEMS", without)
        client.force_login(house.maria)
        assert 'name="grouping"' not in client.get("/me/").text

    client.force_login(house.tom)
    assert 'name="grouping"' in client.get("/me/").text
