"""People walk through the whole sample along its links: nothing leads nowhere, nothing asks the database row by row."""

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext

from audit.models import Entry
from audit.verify import broken_entries
from common.speech import Spoken, speaking
from itsm.sample.removal import remove
from people.models import User
from people.vocabularies.layers import wording_of
from tests.people.vocabularies.texts import OTHER

SAME_AT_MOST = 6
STATEMENTS_AT_MOST = 48
LITERAL = re.compile(r"'(?:[^']|'')*'|\b\d+\b")
LIST = re.compile(r"\((?:\?(?:, )?)+\)")
# Made on the way and kept, since Steward ships them: calendars, and how changes are decided.
SHIPPED = {"calendar", "approval_policy", "board"}
# Served as files, or by the library that guards sign-in.
ELSEWHERE = ("/static/", "/accounts/", "/files/")


class Addresses(HTMLParser):
    """Where a page leads: what is read there, and where it sends what was filled in."""

    def __init__(self, page):
        super().__init__()
        self.links, self.doors = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "a" and "download" not in said:
            self.links.append(said.get("href"))
        self.links.append(said.get("hx-get"))
        self.doors += [said.get("action"), said.get("formaction"), said.get("hx-post")]


def within(page, addresses):
    """The addresses of this site among them, whole and without their places."""
    for each in addresses:
        target = urldefrag(urljoin(page, each or "")).url
        if each and not urlsplit(target).netloc and target.startswith("/") and not target.startswith(ELSEWHERE):
            yield target


def route_of(address):
    try:
        return resolve(urlsplit(address).path).route
    except Resolver404:
        return None


def busiest(statements):
    """How often the statement asked most often was asked, whatever the values in it."""
    shapes = Counter(LIST.sub("(?)", LITERAL.sub("?", each)) for each in statements if " SAVEPOINT " not in f" {each}")
    return shapes.most_common(1)[0] if shapes else ("", 0)


def walk(username, seen):
    """Every kind of page once, from the start page on; gives what is wrong. `seen` holds the kinds done already."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    ahead = [("/", "")]
    while ahead:
        address, page = ahead.pop(0)
        route = route_of(address)
        if route is None:
            yield f"{username}: {address} on {page} leads nowhere"
        if route is None or (username, route) in seen:
            continue
        seen.add((username, route))
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        if response.status_code >= 400:
            yield f"{username}: {address} on {page} answers {response.status_code}"
        shape, count = busiest([each["sql"] for each in captured])
        if count > SAME_AT_MOST or len(captured) > STATEMENTS_AT_MOST:
            yield f"{username}: {address} needs {len(captured)} statements, {count} like {shape[:300]}"
        if response.status_code in (301, 302):
            ahead += [(each, address) for each in within(address, [response["Location"]])]
        elif "text/html" in response.get("Content-Type", ""):
            found = Addresses(response.content.decode())
            ahead += [(each, address) for each in within(address, found.links)]
            ends = {each for each in within(address, found.doors) if route_of(each) is None}
            yield from (f"{username}: {each} on {address} takes nothing" for each in sorted(ends))


@pytest.fixture(scope="module")
def workspace(django_db_setup, django_db_blocker):
    """The whole sample, made once for this file, by people who have another word for every term."""
    wording = wording_of("en", [OTHER])
    assert wording is not None
    with django_db_blocker.unblock(), transaction.atomic():
        with speaking(Spoken("en", "other", wording)):
            assert gettext("New ticket") == "New zib0"
            call_command("seed", verbosity=0, tickets=40)
        yield
        transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.django_db
def test_every_page_that_a_link_leads_to_answers_with_few_statements(workspace):
    seen = set()

    wrong = [each for username in ("ada", "tom", "maria") for each in walk(username, seen)]

    assert wrong == []
    assert len({route for _username, route in seen}) > 120


@pytest.mark.slow
@pytest.mark.django_db
def test_no_row_holds_the_words_of_whoever_acted(workspace):
    assert Entry.objects.values("action").distinct().count() > 150
    with connection.cursor() as cursor:
        tables = [each.name for each in connection.introspection.get_table_list(cursor) if each.type == "t"]
        found = []
        for table in sorted(tables):
            cursor.execute(f'SELECT row::text FROM "{table}" row WHERE row::text ~* %s LIMIT 1', [r"\mzib[0-9]"])
            found += [(table, text) for (text,) in cursor.fetchall()]

    assert found == []


@pytest.mark.slow
@pytest.mark.django_db
def test_removal_leaves_nothing_of_the_whole_workspace_but_what_steward_ships(workspace, client):
    client.post(reverse("account_login"), {"login": "tom", "password": "wrong"})

    counts = remove()

    assert (counts["kept"], counts["people deactivated"]) == (0, 0)
    assert not User.objects.exists()
    left = {model._meta.label for model in apps.get_models()
            if any(each.name == "is_sample" for each in model._meta.fields)
            if model._base_manager.filter(is_sample=True).exists()}  # fmt: skip
    assert left <= {"measurement.Reading"}  # derived: counted anew at the end of the command
    assert set(Entry.objects.values_list("subject_kind", "actor")) <= {(kind, None) for kind in SHIPPED}
    assert broken_entries() == []
