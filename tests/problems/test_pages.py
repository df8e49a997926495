"""The pages of problems and known errors: who sees them, what they do, what they cost."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents import operations as incident_operations
from problems import operations
from problems.models import Cause, Comparison, KnownErrorUse, Problem, TimelineEvent
from records import operations as record_operations
from records.bulk import runs
from records.models import Comment, Link
from tests.conftest import moment
from tests.records.test_query_meaning import found

AT = moment("2026-03-02 13:00")


@pytest.fixture
def as_(client):
    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


def pages_of(problem):
    base = f"/problems/PRB-{problem.pk}/"
    return [base, f"{base}analysis/", f"{base}events/", f"{base}actions/", f"/known-errors/KE-{problem.pk}/"]


def test_every_tab_opens_for_the_desk(house, declared, as_):
    for address in [*pages_of(declared), "/problems/", "/known-errors/", "/problems/new/"]:
        answer = as_(house.tom).get(address)

        assert answer.status_code == 200, address


def test_nothing_of_it_exists_for_somebody_elsewhere_or_a_requester(house, declared, as_):
    for person in (house.otto, house.maria):
        for address in pages_of(declared):
            answer = as_(person).get(address)

            assert answer.status_code in (403, 404), (person, address)
            assert "VPN" not in answer.content.decode()


def test_lists_of_somebody_elsewhere_are_empty(house, declared, as_):
    for address in ("/problems/", "/known-errors/", "/known-errors/?q=VPN"):
        assert "drops every" not in as_(house.otto).get(address).content.decode()


def test_bare_numbers_and_old_prefixes_lead_to_the_page(house, declared, as_):
    for address in (f"/known-errors/{declared.pk}/", f"/known-errors/PRB-{declared.pk}/"):
        answer = as_(house.tom).get(address)

        assert answer.status_code == 303
        assert answer["Location"] == f"/known-errors/KE-{declared.pk}/"


def test_a_problem_is_opened_from_an_incident_once(house, log_incident, as_):
    incident = log_incident()
    client = as_(house.tom)
    asked = client.get(f"/problems/new/?from={incident.reference}")
    assert asked.context["form"].initial["title"] == incident.title
    said = {
        "token": asked.context["token"],
        "title": "VPN drops",
        "origin": "incident",
        "service": incident.service_id,
        "incidents": incident.reference,
    }

    for _twice in range(2):
        assert client.post("/problems/new/", said).status_code == 303

    problem = Problem.objects.get()
    assert Link.objects.get(from_record=incident.pk).to_record_id == problem.pk


def test_what_several_incidents_share_fills_the_form(house, log_incident, as_):
    first, second = log_incident(), log_incident(title="VPN slow")

    asked = as_(house.tom).get(f"/problems/new/?from={first.reference},{second.reference}")

    initial = asked.context["form"].initial
    assert initial["service"] == first.service_id
    assert initial["origin"] == "trend"
    assert initial["incidents"] == f"{first.reference} {second.reference}"


def test_an_incident_that_one_may_not_see_is_unknown(house, log_incident, as_):
    incident = log_incident()
    said = {"token": "t" * 22, "title": "Mine now", "origin": "incident", "incidents": incident.reference}

    answer = as_(house.otto).post("/problems/new/", said)

    assert answer.status_code == 422
    assert "There is no incident" in answer.content.decode()
    assert not Problem.objects.exists()


def test_a_cause_is_added_without_script(house, investigating, as_):
    answer = as_(house.tom).post(f"/problems/PRB-{investigating.pk}/causes/", {"text": "Memory <b>full</b>"})

    assert answer.status_code == 303
    page = as_(house.tom).get(answer["Location"].partition("#")[0]).content.decode()
    assert "Memory &lt;b&gt;full&lt;/b&gt;" in page
    assert "<b>full</b>" not in page


def test_a_script_gets_the_outline_and_the_key_of_the_new_cause(house, investigating, as_):
    answer = as_(house.tom).post(
        f"/problems/PRB-{investigating.pk}/causes/", {"text": "Memory"}, headers={"HX-Request": "true"}
    )

    cause = Cause.objects.get()
    assert answer["X-Cause"] == str(cause.pk)
    assert f'id="cause-{cause.pk}"' in answer.content.decode()
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("root", {}),
        ("change", {"confidence": "2", "group": "technology"}),
        ("disprove", {"reason": "Two lines."}),
        ("evidence", {"record": "INCIDENT", "note": "Drops"}),
        ("action", {"title": "Add memory", "assignee": "TOM", "due_at": "2099-01-01T09:00"}),
    ],
)
def test_each_act_on_a_cause(house, investigating, log_incident, as_, act, said):
    cause = operations.add_cause(problem=investigating, by=house.aisha, at=AT, text="Memory")
    known = {"INCIDENT": log_incident().reference, "TOM": str(house.tom.pk)}
    said = {name: known.get(value, value) for name, value in said.items()}

    answer = as_(house.tom).post(f"/problems/PRB-{investigating.pk}/causes/{cause.pk}/", {"act": act, **said})

    assert answer.status_code == 303
    cause.refresh_from_db()
    happened = {
        "root": cause.is_root,
        "change": (cause.confidence, cause.group) == (2, "technology"),
        "disprove": cause.is_disproved,
        "evidence": cause.evidence_rows.count() == 1,
        "action": cause.actions.count() == 1,
    }
    assert happened[act]
    assert as_(house.tom).get(f"/problems/PRB-{investigating.pk}/analysis/").status_code == 200
    assert as_(house.tom).get(f"/problems/PRB-{investigating.pk}/actions/").status_code == 200


def test_a_refused_cause_says_why_and_keeps_what_was_typed(house, investigating, as_):
    cause = operations.add_cause(problem=investigating, by=house.aisha, at=AT, text="Memory")

    answer = as_(house.tom).post(
        f"/problems/PRB-{investigating.pk}/causes/{cause.pk}/", {"act": "disprove", "reason": ""}
    )

    assert answer.status_code == 422
    assert "Say what rules it out." in answer.content.decode()


def test_the_cause_of_another_problem_is_not_found_here(house, investigating, log_problem, as_):
    cause = operations.add_cause(problem=investigating, by=house.aisha, at=AT, text="Memory")
    other = log_problem(title="Another")

    answer = as_(house.tom).post(f"/problems/PRB-{other.pk}/causes/{cause.pk}/", {"act": "root"})

    assert answer.status_code == 404


def test_an_unknown_act_is_not_found(house, investigating, as_):
    cause = operations.add_cause(problem=investigating, by=house.aisha, at=AT, text="Memory")

    assert as_(house.tom).post(f"/problems/PRB-{investigating.pk}/causes/{cause.pk}/", {"act": "x"}).status_code == 404


def test_comparisons_and_events(house, investigating, as_):
    client, base = as_(house.tom), f"/problems/PRB-{investigating.pk}/"

    client.post(f"{base}comparisons/", {"dimension": "where", "is_text": "Oslo", "is_not_text": "Bergen"})
    client.post(f"{base}happenings/", {"happened_at": "2026-02-28T22:00", "text": "New firmware"})
    later = client.post(f"{base}happenings/", {"happened_at": "2999-02-28T22:00", "text": "Kept words"})

    assert Comparison.objects.get().is_not_text == "Bergen"
    assert TimelineEvent.objects.get().text == "New firmware"
    assert later.status_code == 422
    assert "Kept words" in later.content.decode()
    row, event = Comparison.objects.get(), TimelineEvent.objects.get()
    client.post(f"{base}comparisons/{row.pk}/", {"act": "remove"})
    client.post(f"{base}happenings/{event.pk}/")
    assert not Comparison.objects.exists()
    assert not TimelineEvent.objects.exists()


def test_the_fishbone_draws_groups_and_strikes_out(house, investigating, as_):
    first = operations.add_cause(problem=investigating, by=house.aisha, at=AT, text="Memory", group="technology")
    operations.add_cause(problem=investigating, by=house.aisha, at=AT, text="<i>Line</i>", group="supplier")
    operations.disprove(cause=first, by=house.aisha, at=AT, reason="No.")

    page = as_(house.tom).get(f"/problems/PRB-{investigating.pk}/analysis/").content.decode()

    assert '<svg class="fishbone"' in page
    assert "fishbone__twig--out" in page
    assert "<i>Line" not in page


def test_the_tree_costs_the_same_for_one_and_three_causes(house, investigating, log_incident, as_):
    client, address = as_(house.tom), f"/problems/PRB-{investigating.pk}/analysis/"
    counts = []
    for number in (1, 2, 3):
        cause = operations.add_cause(problem=investigating, by=house.aisha, at=AT, text=f"Cause {number}")
        operations.add_evidence(cause=cause, by=house.aisha, at=AT, record=log_incident(title=f"Incident {number}"))
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        counts.append(len(captured))

    assert counts[0] == counts[2]


def test_the_list_of_known_errors_finds_with_typing_errors(house, declared, as_):
    client = as_(house.tom)

    for text in ("VPN", "drops after 20 minutes", f"KE-{declared.pk}", "VPN drosp every"):
        assert f">KE-{declared.pk}<" in client.get("/known-errors/", {"q": text}).content.decode(), text
    assert "No known error matches" in client.get("/known-errors/", {"q": "coffee"}).content.decode()


def test_html_in_a_workaround_is_shown_as_text(house, investigating, as_):
    operations.declare_known_error(
        problem=investigating,
        by=house.aisha,
        at=AT,
        symptom="<script>alert(1)</script>",
        cause='<img src="x" onerror="alert(1)">',
        workaround="[click](javascript:alert(1)) <b>bold</b>",
    )

    page = as_(house.tom).get(f"/known-errors/KE-{investigating.pk}/").content.decode()

    assert "<script>alert" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page


def test_the_texts_are_changed_with_what_they_concern(house, declared, vpn, as_):
    client, address = as_(house.tom), f"/known-errors/KE-{declared.pk}/revision/"
    said = {"title": "VPN drops", "symptom": "Drops", "cause": "", "workaround": "none", "services": [vpn.pk]}

    assert client.get(address).status_code == 200
    assert client.post(address, said | {"version": declared.version}).status_code == 303

    known = declared.known_error
    known.refresh_from_db()
    assert (known.title, known.has_workaround) == ("VPN drops", False)


def test_a_stale_form_keeps_what_was_typed(house, declared, as_):
    said = {"title": "Mine", "symptom": "Drops", "workaround": "none", "version": declared.version - 1}

    answer = as_(house.tom).post(f"/known-errors/KE-{declared.pk}/revision/", said)

    assert answer.status_code == 409
    assert 'value="Mine"' in answer.content.decode()


def test_sending_previews_and_sends(house, declared, log_incident, as_):
    incident = log_incident()
    Link.objects.create(from_record_id=incident.pk, to_record_id=declared.pk, kind="caused_by", at=AT)
    client, address = as_(house.tom), f"/known-errors/KE-{declared.pk}/sending/"

    assert incident.reference in client.get(address).content.decode()
    answer = client.post(address, {"text": "Choose gateway 1."})

    assert answer.status_code == 303
    assert client.get(answer["Location"]).status_code == 200
    assert Comment.objects.get().text == "Choose gateway 1."


def test_more_than_twenty_have_to_be_confirmed(house, declared, log_incident, as_):
    for number in range(21):
        incident = log_incident(title=f"Incident {number}")
        Link.objects.create(from_record_id=incident.pk, to_record_id=declared.pk, kind="caused_by", at=AT)
    client, address = as_(house.tom), f"/known-errors/KE-{declared.pk}/sending/"

    refused = client.post(address, {"text": "Choose gateway 1."})

    assert refused.status_code == 422
    assert "21 people get it." in refused.content.decode()
    assert not Comment.objects.exists()
    assert client.post(address, {"text": "Choose gateway 1.", "confirmed": "on"}).status_code == 303
    assert Comment.objects.count() == 21


def test_a_known_error_is_offered_while_typing_and_beside(house, declared, log_incident, as_):
    client, incident = as_(house.tom), log_incident()

    typed = client.get("/known-errors/matches/", {"title": "VPN drops all the time"}).content.decode()
    worked = client.get(f"/known-errors/beside/{incident.reference}/").content.decode()

    assert f"KE-{declared.pk}" in typed
    assert f"KE-{declared.pk}" in worked
    assert client.get("/known-errors/matches/", {"title": "'; DROP TABLE x; -- | & !"}).status_code == 200
    assert (
        f"KE-{declared.pk}"
        not in as_(house.otto).get("/known-errors/matches/", {"title": "VPN drops"}).content.decode()
    )


def test_a_dismissed_one_is_not_offered_again_beside_the_same_ticket(house, declared, log_incident, as_):
    client, incident = as_(house.tom), log_incident()

    client.post(f"/known-errors/KE-{declared.pk}/uses/{incident.reference}/", {"act": "dismissed"})

    assert f"KE-{declared.pk}" not in client.get(f"/known-errors/beside/{incident.reference}/").content.decode()


@pytest.mark.parametrize("act", ["inserted", "sent", "resolved"])
def test_using_it_beside_a_ticket_is_counted(house, declared, log_incident, as_, act):
    client, incident = as_(house.tom), log_incident()
    address = f"/known-errors/KE-{declared.pk}/uses/{incident.reference}/"

    assert client.post(address, {"act": act}).status_code in (204, 303)
    client.post(address, {"act": "worked"})

    use = KnownErrorUse.objects.get()
    assert use.use == ("inserted" if act == "inserted" else "sent")
    assert use.worked is True
    incident.refresh_from_db()
    assert incident.state == ("resolved" if act == "resolved" else "new")


def test_otto_can_not_use_it(house, declared, log_incident, as_):
    incident = log_incident()

    answer = as_(house.otto).post(f"/known-errors/KE-{declared.pk}/uses/{incident.reference}/", {"act": "sent"})

    assert answer.status_code == 404
    assert not KnownErrorUse.objects.exists()


def test_the_figures_lead_to_lists_of_the_same_total(house, declared, log_incident, as_):
    for number in range(3):
        incident = log_incident(title=f"Incident {number}", affected_count=10)
        Link.objects.create(from_record_id=incident.pk, to_record_id=declared.pk, kind="caused_by", at=AT)
    related = log_incident(title="Only related")
    Link.objects.create(from_record_id=related.pk, to_record_id=declared.pk, kind="related_to", at=AT)

    impact = as_(house.tom).get(f"/problems/PRB-{declared.pk}/").context["impact"]

    assert (impact.incidents, impact.people) == (3, 30)
    query = parse_qs(urlsplit(impact.all_url).query)["q"][0]
    assert found(query, house.tom) == {"Incident 0", "Incident 1", "Incident 2"}


def test_what_accepting_needs_is_not_called_optional_and_begins_with_what_is_known(house, log_problem, as_):
    problem = log_problem(impact_statement="Forty people sign in again.")
    operations.edit(problem=problem, by=house.ines, at=AT, values={"owner": house.tom})

    form = as_(house.ines).get(f"{problem.get_absolute_url()}acceptance/").context["form"]

    assert {name: field.is_optional for name, field in form.fields.items()} == {
        "owner": False,
        "impact_statement": False,
        "review_date": True,
    }
    assert (form["owner"].value(), form["impact_statement"].value()) == (house.tom.pk, "Forty people sign in again.")


def test_declaring_again_begins_with_the_words_of_the_first_time(house, declared, as_):
    again = operations.investigate(problem=declared, by=house.aisha, at=AT, approach="five_whys")

    form = as_(house.aisha).get(f"{again.get_absolute_url()}declaration/").context["form"]

    assert [form[name].value() for name in ("symptom", "cause", "workaround")] == [
        "The VPN client drops after about 20 minutes and asks for the password again.",
        "Gateway 2 runs out of memory.",
        "Choose gateway 1 in the list of the client.",
    ]


def test_the_first_declaration_begins_with_the_root_causes(house, investigating, as_):
    for text in ("Firmware 5.2 keeps sessions", "Nobody watches the memory"):
        cause = operations.add_cause(problem=investigating, by=house.aisha, at=AT, text=text)
        operations.mark_root(cause=cause, by=house.aisha, at=AT)

    form = as_(house.aisha).get(f"{investigating.get_absolute_url()}declaration/").context["form"]

    assert form["cause"].value() == "Firmware 5.2 keeps sessions\nNobody watches the memory"
    assert form["symptom"].value() is None


@pytest.mark.parametrize(("noun", "state"), [("cancellation", "cancelled"), ("regression", "investigating")])
def test_a_reason_in_words_is_enough_on_the_page_too(house, log_problem, verifying, as_, noun, state):
    problem = log_problem() if noun == "cancellation" else verifying

    refused = as_(house.ines).post(f"{problem.get_absolute_url()}{noun}/", {"reason": " "})
    done = as_(house.ines).post(f"{problem.get_absolute_url()}{noun}/", {"reason": "Seen again by hand."})

    assert (refused.status_code, done.status_code) == (422, 303)
    problem.refresh_from_db()
    assert problem.state == state


def test_watching_ends_on_a_day_that_can_be_typed(house, fixing, as_):
    record_operations.complete_task(task=fixing.tasks.get(), by=house.aisha, at=AT)
    door = f"{fixing.get_absolute_url()}verification/"

    page = as_(house.aisha).get(door)
    done = as_(house.aisha).post(door, {"watch_until_date": "2126-01-31"})

    assert 'type="date"' in page.content.decode()
    assert done.status_code == 303
    fixing.refresh_from_db()
    assert fixing.watch_until_date == date(2126, 1, 31)


def test_asking_who_would_get_it_costs_the_same_for_thirty_as_for_one(
    house, declared, log_incident, as_, django_assert_num_queries
):
    def waits(number):
        incident = log_incident(title=f"Incident {number}")
        Link.objects.create(from_record_id=incident.pk, to_record_id=declared.pk, kind="caused_by", at=AT)

    client, address = as_(house.tom), f"/known-errors/KE-{declared.pk}/sending/"
    waits(0)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for number in range(1, 30):
        waits(number)

    with django_assert_num_queries(len(one)):
        page = client.get(address).content.decode()

    assert "30 people get it" in page or page.count("INC-") >= 30


def test_a_second_press_sends_nothing_twice_and_one_that_was_closed_meanwhile_gets_nothing(
    house, declared, log_incident, as_
):
    incidents = [log_incident(title=f"Incident {number}") for number in range(3)]
    for each in incidents:
        Link.objects.create(from_record_id=each.pk, to_record_id=declared.pk, kind="caused_by", at=AT)
    inputs = {"known_error": declared.pk, "text": "Choose gateway 1.", "resolve": False}
    run = runs.plan(records=incidents, act="workaround", inputs=inputs, by=house.tom, at=AT)
    incident_operations.cancel(incident=incidents[1], by=house.tom, at=AT, reason="A test.")

    runs.finish(run=run, at=AT)
    again = as_(house.tom).post(f"/known-errors/KE-{declared.pk}/sending/", {"text": "Choose gateway 1."})

    result = runs.result_of(run)
    assert (result.changed, result.skipped) == (2, 1)
    assert Comment.objects.filter(is_public=True).count() == 2
    assert again.status_code == 422
    assert "Nobody would get it." in again.content.decode()


def test_what_was_searched_for_is_marked_and_html_stays_text(house, investigating, as_):
    operations.declare_known_error(
        problem=investigating, by=house.aisha, at=AT, symptom="<i>Client</i> drops", cause="x", workaround="none"
    )

    page = as_(house.tom).get("/known-errors/", {"q": "clients drops"}).content.decode()

    assert "VPN <mark>drops</mark> every" in page
    assert "&lt;i&gt;<mark>Client</mark>&lt;/i&gt; <mark>drops</mark>" in page


def test_html_in_every_text_of_a_problem_is_shown_as_text(house, investigating, log_incident, as_):
    bad = '<b onclick="x()">bad</b>'
    about = {"problem": investigating, "by": house.aisha, "at": AT}
    operations.edit(problem=investigating, by=house.ines, at=AT, values={"title": bad, "impact_statement": bad})
    cause = operations.add_cause(text=bad, group="technology", **about)
    out = operations.add_cause(text=bad, group="people", **about)
    operations.mark_root(cause=cause, by=house.aisha, at=AT)
    operations.disprove(cause=out, by=house.aisha, at=AT, reason=bad)
    operations.add_evidence(cause=cause, by=house.aisha, at=AT, record=log_incident(title=bad), note=bad)
    operations.act_on(cause=cause, by=house.aisha, at=AT, title=bad, assignee=house.tom, due_at=moment("2126-01-01"))
    operations.compare(
        dimension="what", values=dict.fromkeys(("is_text", "is_not_text", "distinction", "change"), bad), **about
    )
    operations.add_event(happened_at=AT, text=bad, **about)
    operations.declare_known_error(**about, symptom=bad, cause=bad, workaround=bad)

    pages = [*pages_of(investigating), "/problems/", "/known-errors/", "/known-errors/?q=bad"]
    found = {each: as_(house.aisha).get(each).content.decode() for each in pages}

    assert [each for each, page in found.items() if "<b onclick" in page] == []
    assert [each for each, page in found.items() if "bad" not in page] == []
