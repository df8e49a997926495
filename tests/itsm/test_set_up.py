"""The set-up pages: for administrators alone, and whatever they change stands in the log."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Dispatch, Entry
from audit.outbox import TRIES_AT_MOST
from itsm.set_up.pages import site
from people.enums import Role
from people.models import ApiToken, Membership, RoleGrant, User
from people.tokens import issue
from records.models import Category, PriorityCell, SavedView
from services.models import Offering, Service
from tests.conftest import moment

INDEX = "/admin/set-up/"


@pytest.fixture
def as_ada(client: Client, house: SimpleNamespace) -> Client:
    client.force_login(house.ada)
    return client


def address(row, page="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def person_form(person, **said):
    """What the page of a person sends when nothing was typed, with the roles they hold."""
    grants = list(person.role_grants.order_by("id")) if person.pk else []
    fields = {
        "username": person.username,
        "name": person.name,
        "email": person.email,
        "organization": person.organization_id,
        "is_active": "on",
        "time_zone": person.time_zone,
        "role_grants-TOTAL_FORMS": len(grants) + 1,
        "role_grants-INITIAL_FORMS": len(grants),
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }
    for index, grant in enumerate(grants):
        fields |= {f"role_grants-{index}-id": grant.pk, f"role_grants-{index}-user": person.pk}
    fields |= {f"role_grants-{len(grants)}-{name}": "" for name in ("id", "role", "organization")}
    return {name: value for name, value in (fields | said).items() if value is not None}


def team_form(team, **said):
    return {
        "name": team.name,
        "slug": team.slug,
        "is_active": "on",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    } | said


# -- Who may come in ----------------------------------------------------------------------------------------------
def test_a_visitor_is_sent_to_the_sign_in_page_of_the_product(client, db):
    answer = client.get(INDEX)

    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={INDEX}"


@pytest.mark.parametrize("who", ["tom", "aisha", "ines", "otto", "maria", "max"])
def test_nobody_but_an_administrator_comes_in(client, house, who):
    client.force_login(getattr(house, who))

    for page in (INDEX, reverse("admin:people_user_changelist"), address(house.tom), address(house.acme, "history")):
        answer = client.get(page)
        assert answer.status_code == 403
        assert house.ada.email not in answer.text


@pytest.mark.parametrize("who", ["tom", "otto", "maria"])
def test_a_refused_change_leaves_no_trace(client, house, who):
    client.force_login(getattr(house, who))

    answer = client.post(address(house.networks), team_form(house.networks, name="Taken over"))

    assert answer.status_code == 403
    house.networks.refresh_from_db()
    assert house.networks.name == "Networks"
    assert not Entry.objects.filter(action__startswith="admin.").exists()


def test_the_mark_on_the_account_alone_opens_nothing(client, house):
    User.objects.filter(pk=house.tom.pk).update(is_staff=True, is_superuser=True)
    client.force_login(house.tom)

    assert client.get(INDEX).status_code == 403


def test_an_administrator_without_the_mark_is_told_why(client, house):
    User.objects.filter(pk=house.ada.pk).update(is_staff=False)
    client.force_login(house.ada)

    answer = client.get(INDEX)

    assert answer.status_code == 403
    assert "Your account may not open the set-up pages." in answer.text


@pytest.mark.parametrize(("page", "leads_to"), [("login", "account_login"), ("logout", "account_logout")])
def test_signing_in_and_out_is_that_of_the_product(as_ada, page, leads_to):
    """Its attempts are throttled; those of Django's own page would not be."""
    answer = as_ada.post(reverse(f"admin:{page}"), {"username": "ada", "password": "guess"})

    assert answer["Location"] == reverse(leads_to)


# -- Every page opens -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("model", sorted(site._registry, key=lambda each: each._meta.label))
def test_every_list_opens_without_inline_script_or_style(as_ada, vpn, model):
    answer = as_ada.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))

    assert answer.status_code == 200
    assert "<style" not in answer.text
    assert " onclick=" not in answer.text
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]


def test_the_start_page_leads_back_and_to_the_pages_beside_it(as_ada):
    answer = as_ada.get(INDEX)

    assert "Steward set-up" in answer.text
    for link in ('href="/"', 'href="/agreements/"', 'href="/admin/calendars/"', 'href="/audit/?action=admin.*"'):
        assert link in answer.text


def test_the_page_of_a_person_shows_no_hash(as_ada, house):
    answer = as_ada.get(address(house.tom))

    assert answer.status_code == 200
    assert "Set a new password" in answer.text
    assert house.tom.password.split("$")[-1] not in answer.text
    assert "argon2" not in answer.text


# -- Changes are logged ---------------------------------------------------------------------------------------------
def test_a_change_of_a_team_is_logged_and_counts_its_version(as_ada, house):
    as_ada.post(address(house.networks), team_form(house.networks, name="Networks and Wi-Fi"))

    house.networks.refresh_from_db()
    entry = Entry.objects.get(action="admin.changed")
    assert (house.networks.name, house.networks.version) == ("Networks and Wi-Fi", 2)
    assert (entry.subject_kind, entry.subject_id, entry.actor) == ("team", house.networks.pk, house.ada)
    assert entry.channel == "web"
    assert entry.changes == {
        "name": ["Networks", "Networks and Wi-Fi"],
        "lead_id": [house.aisha.pk, None],
        "version": [1, 2],
    }


def test_saving_a_page_unchanged_logs_nothing(as_ada, house):
    as_ada.post(address(house.networks), team_form(house.networks, lead=house.aisha.pk))

    assert not Entry.objects.filter(action__startswith="admin.").exists()


def test_a_new_member_of_a_team_is_logged(as_ada, house):
    said = {"memberships-TOTAL_FORMS": 1, "memberships-0-user": house.tom.pk, "memberships-0-id": ""}

    as_ada.post(address(house.networks), team_form(house.networks, lead=house.aisha.pk, **said))

    entry = Entry.objects.get(action="admin.added")
    assert Membership.objects.filter(user=house.tom, team=house.networks).exists()
    assert entry.subject_kind == "membership"
    assert entry.changes["user_id"] == [None, house.tom.pk]


def test_a_new_person_can_not_sign_in_before_a_password_was_set(as_ada, house):
    said = person_form(User(username="nina", name="Nina Holm", email="n@acme.example", organization=house.acme))
    as_ada.post(reverse("admin:people_user_add"), said)
    nina = User.objects.get(username="nina")
    page = reverse("admin:auth_user_password_change", args=[nina.pk])
    password = "a long way to Tipperary"

    as_ada.post(page, {"usable_password": "true", "password1": password, "password2": password})

    assert not nina.has_usable_password()
    nina.refresh_from_db()
    assert nina.check_password(password)
    told = Entry.objects.filter(subject_kind="person", subject_id=nina.pk).order_by("id")
    assert [entry.action for entry in told] == ["admin.added", "person.password_set"]
    assert all(nina.password not in str(entry.changes) and password not in str(entry.data) for entry in told)


def test_a_cell_of_the_priority_matrix_is_changed_in_the_list(as_ada):
    cells = list(PriorityCell.objects.order_by("impact", "urgency"))
    said = {"form-TOTAL_FORMS": 9, "form-INITIAL_FORMS": 9, "_save": "Save"}
    for index, cell in enumerate(cells):
        said |= {f"form-{index}-id": cell.pk, f"form-{index}-priority": 1 if index == 8 else cell.priority}

    as_ada.post(reverse("admin:records_prioritycell_changelist"), said)

    assert len(cells) == 9
    assert PriorityCell.objects.get(impact=3, urgency=3).priority == 1
    assert Entry.objects.get(action="admin.changed").changes == {"priority": [5, 1]}


def test_the_history_of_a_row_is_that_of_the_log(as_ada, house):
    as_ada.post(address(house.acme), {"name": "Acme <b>Ltd</b>", "slug": "acme", "is_active": "on"})

    answer = as_ada.get(address(house.acme, "history"))

    assert "Acme → Acme &lt;b&gt;Ltd&lt;/b&gt;" in answer.text


# -- What is in use stays -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["tom", "acme", "networks"])
def test_people_organizations_and_teams_are_never_removed(as_ada, house, who):
    answer = as_ada.post(address(getattr(house, who), "delete"), {"post": "yes"})

    assert answer.status_code == 403


def test_a_service_in_use_is_not_removed(as_ada, log_incident, vpn):
    incident = log_incident()

    answer = as_ada.post(address(vpn, "delete"), {"post": "yes"})

    assert answer.status_code == 200
    assert incident.reference in answer.text
    assert Service.objects.filter(pk=vpn.pk).exists()
    assert not Entry.objects.filter(action="admin.removed").exists()


def test_a_service_that_nobody_used_is_removed_and_logged(as_ada, vpn):
    as_ada.post(address(vpn, "delete"), {"post": "yes"})

    entry = Entry.objects.get(action="admin.removed")
    assert not Service.objects.filter(pk=vpn.pk).exists()
    assert entry.data["values"]["name"] == "VPN"


def test_an_offering_gets_its_audience(as_ada, house, vpn):
    said = {
        "name": "VPN",
        "slug": "vpn",
        "owner": house.aisha.pk,
        "support_team": house.networks.pk,
        "criticality": 3,
        "stage": "live",
        "offerings-TOTAL_FORMS": 1,
        "offerings-INITIAL_FORMS": 0,
        "offerings-0-id": "",
        "offerings-0-name": "VPN for field staff",
        "offerings-0-is_active": "on",
        "offerings-0-organizations": [house.acme.pk],
        "dependencies-TOTAL_FORMS": 0,
        "dependencies-INITIAL_FORMS": 0,
    }

    as_ada.post(address(vpn), said)

    assert list(Offering.objects.get().organizations.all()) == [house.acme]


def test_a_service_is_no_part_of_itself(as_ada, vpn):
    below = Service.objects.create(name="VPN gateway", slug="vpn-gateway", parent=vpn)
    said = {"name": "VPN", "slug": "vpn", "criticality": 3, "stage": "live", "parent": below.pk}
    rows = ("offerings", "dependencies")
    said |= {f"{name}-{count}_FORMS": 0 for name in rows for count in ("TOTAL", "INITIAL")}

    answer = as_ada.post(address(vpn), said)

    assert "This service would be a part of itself." in answer.text


def test_categories_have_two_levels(as_ada, db):
    upper = Category.objects.create(name="Network")
    lower = Category.objects.create(name="Wi-Fi", parent=upper)

    answer = as_ada.post(reverse("admin:records_category_add"), {"name": "Roof", "parent": lower.pk, "is_active": "on"})

    assert "Categories have two levels." in answer.text
    assert not Category.objects.filter(name="Roof").exists()


def test_a_shared_view_keeps_a_query_that_can_be_read(as_ada, house):
    view = SavedView.objects.get(slug="unassigned", owner=None, team=None)
    private = SavedView.objects.create(name="Tom's own", slug="toms-own", owner=house.tom, query="is:mine")

    refused = as_ada.post(address(view), {"name": view.name, "query": "priority:<", "position": 10})

    assert "errornote" in refused.text
    assert as_ada.get(address(private)).status_code == 302
    view.refresh_from_db()
    assert view.query == "is:unassigned is:open"


# -- Roles ------------------------------------------------------------------------------------------------------------
def test_a_role_given_on_the_page_is_logged(as_ada, house):
    as_ada.post(address(house.maria), person_form(house.maria, **{"role_grants-0-role": Role.TECHNICIAN}))

    grant = RoleGrant.objects.get(user=house.maria)
    entry = Entry.objects.get(action="role.granted")
    assert (grant.role, grant.organization, grant.granted_by) == (Role.TECHNICIAN, None, house.ada)
    assert (entry.subject_kind, entry.subject_id) == ("person", house.maria.pk)
    assert entry.data == {"role": "technician", "organization": None}


def test_a_role_taken_on_the_page_is_logged(as_ada, house):
    as_ada.post(address(house.tom), person_form(house.tom, **{"role_grants-0-DELETE": "on"}))

    assert not RoleGrant.objects.filter(user=house.tom).exists()
    assert Entry.objects.get(action="role.withdrawn").data == {"role": "technician", "organization": None}


def test_making_somebody_administrator_opens_the_set_up_pages_to_them(as_ada, house, client):
    as_ada.post(address(house.ines), person_form(house.ines, **{"role_grants-2-role": Role.ADMINISTRATOR}))

    client.force_login(User.objects.get(pk=house.ines.pk))

    assert client.get(INDEX).status_code == 200


def test_the_last_administrator_keeps_the_role_and_the_account(as_ada, house):
    refused = as_ada.post(address(house.ada), person_form(house.ada, **{"role_grants-0-DELETE": "on"}))
    oneself = as_ada.post(address(house.ada), person_form(house.ada, is_active=None))

    assert "is the last administrator" in refused.text
    assert "You can&#x27;t deactivate yourself." in oneself.text
    house.ada.refresh_from_db()
    assert house.ada.is_active
    assert RoleGrant.objects.filter(user=house.ada, role=Role.ADMINISTRATOR).exists()


# -- Tokens and parked work -----------------------------------------------------------------------------------------
def test_a_token_of_somebody_is_revoked_and_logged(as_ada, house):
    token, _text = issue(user=house.tom, name="night job", scopes=["records:read"], at=moment("2026-03-02 09:00"))

    as_ada.post(reverse("admin:people_apitoken_changelist"), {"action": "revoke", "_selected_action": [token.pk]})

    assert ApiToken.objects.get(pk=token.pk).revoked_at is not None
    assert Entry.objects.get(action="token.revoked").data["name"] == "night job"


def test_parked_work_is_tried_again(as_ada, log_incident):
    incident = log_incident()
    entry = Entry.objects.filter(subject_kind="record", subject_id=incident.pk).first()
    parked = Dispatch.objects.create(
        entry=entry,
        subscriber="gone",
        state=Dispatch.State.PARKED,
        due_at=entry.at,
        attempts=TRIES_AT_MOST,
        error="ValueError: no",
    )

    as_ada.post(reverse("admin:audit_dispatch_changelist"), {"action": "try_again", "_selected_action": [parked.pk]})

    parked.refresh_from_db()
    assert (parked.state, parked.attempts) == (Dispatch.State.PENDING, 0)
    assert Entry.objects.get(action="dispatch.replayed").data == {"entry": entry.pk, "error": "ValueError: no"}
