"""Versions, signatures and the days of agreements. The office is open Monday to Friday, 08:00-18:00."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.contrib.messages import get_messages

from audit.models import Entry
from calendars import operations as calendar_operations
from common.refusals import NotAllowed, Refused, Stale
from slm import operations, selection
from slm.models import Agreement, Signature
from tests.conftest import moment
from tests.parallel import at_once

MONDAY = moment("2026-03-02 09:00")
TUESDAY = moment("2026-03-03 09:00")


@pytest.fixture
def draft(house, office):
    """Acme's agreement as Ines drafts it; Ada signs for the provider, Max for Acme."""
    return operations.create_agreement(
        by=house.ines, at=MONDAY, name="Acme gold", calendar=office, targets={("resolution", 4): 240},
        organization=house.acme, exclusions="None.", review_date=date(2027, 3, 1),
        provider_signatory=house.ada, partner_signatory=house.max,
    )  # fmt: skip


@pytest.fixture
def sign_both(house):
    def sign(agreement, at=MONDAY):
        version = Agreement.objects.get(pk=agreement.pk).latest_version
        operations.offer(agreement=agreement, by=house.ines, at=at, version=version)
        operations.sign(agreement=agreement, side="provider", by=house.ada, at=at, version=version)
        return operations.sign(agreement=agreement, side="partner", by=house.max, at=at, version=version)

    return sign


def change(agreement, house, minutes, at=TUESDAY, **said):
    return operations.revise(
        agreement=agreement, by=house.ines, at=at, values={}, targets={("resolution", 4): minutes}, **said
    )


def due_hours(log_incident, clock_of, at):
    return clock_of(log_incident(at=at)).target.total_seconds() / 3600


def test_nothing_goes_by_a_draft_until_both_have_signed(house, draft, log_incident, clock_of):
    assert not log_incident(at=MONDAY).clocks.exists()
    operations.offer(agreement=draft, by=house.ines, at=MONDAY)
    operations.sign(agreement=draft, side="partner", by=house.max, at=MONDAY, version=1)
    assert not log_incident(at=MONDAY).clocks.exists()

    signed = operations.sign(agreement=draft, side="provider", by=house.ada, at=TUESDAY, version=1)

    assert signed.state == "active"
    assert signed.versions.get().in_force_from == TUESDAY
    assert due_hours(log_incident, clock_of, TUESDAY) == 4
    assert [(each.side, each.person, each.name, each.at) for each in Signature.objects.order_by("at")] == [
        ("partner", house.max, "Acme", MONDAY),
        ("provider", house.ada, "Northwind IT", TUESDAY),
    ]
    actions = Entry.objects.filter(subject_kind="agreement").order_by("id").values_list("action", flat=True)
    assert list(actions) == [
        "agreement.created", "agreement.offered", "agreement.signed", "agreement.signed", "agreement.agreed",
        "agreement.came_into_force",
    ]  # fmt: skip


def test_an_offer_says_everything_that_is_missing(house, office):
    bare = operations.create_agreement(by=house.ines, at=MONDAY, name="Bare", calendar=office, targets={})

    with pytest.raises(Refused) as refused:
        operations.offer(agreement=bare, by=house.ines, at=MONDAY)

    fields = [each.field for each in refused.value.refusals]
    assert fields == ["targets", "exclusions", "review_date", "provider_signatory"]
    bare.refresh_from_db()
    assert bare.state == "draft"


@pytest.mark.parametrize("who", ["ines", "tom", "maria", "otto", "ada"])
def test_nobody_but_the_named_person_signs_for_the_customer(house, draft, who):
    operations.offer(agreement=draft, by=house.ines, at=MONDAY)

    with pytest.raises(NotAllowed):
        operations.sign(agreement=draft, side="partner", by=getattr(house, who), at=MONDAY, version=1)

    assert not Signature.objects.exists()


def test_who_wrote_the_text_signs_for_no_customer_not_even_on_paper(house, draft):
    Agreement.objects.filter(pk=draft.pk).update(partner_signatory=house.ines)
    operations.offer(agreement=draft, by=house.ines, at=MONDAY)
    paper = {"side": "partner", "at": MONDAY, "version": 1, "signed_name": "A. Rossi", "reference": "Folder 7"}

    with pytest.raises(NotAllowed, match="You wrote this text"):
        operations.sign(agreement=draft, side="partner", by=house.ines, at=MONDAY, version=1)
    with pytest.raises(NotAllowed, match="You wrote this text"):
        operations.record_signature(agreement=draft, by=house.ines, **paper)
    operations.record_signature(agreement=draft, by=house.ada, **paper)

    kept = Signature.objects.get()
    assert (kept.person, kept.signed_name, kept.reference, kept.recorded_by) == (
        None,
        "A. Rossi",
        "Folder 7",
        house.ada,
    )


def test_a_text_that_changes_after_one_signature_needs_both_anew(house, draft, sign_both):
    operations.offer(agreement=draft, by=house.ines, at=MONDAY)
    operations.sign(agreement=draft, side="provider", by=house.ada, at=MONDAY, version=1)

    edited = change(draft, house, 300)

    assert (edited.state, edited.version) == ("draft", 2)
    with pytest.raises(Stale, match="Version 2 is still written"):
        operations.sign(agreement=draft, side="partner", by=house.max, at=TUESDAY, version=1)
    with pytest.raises(Refused, match="not offered"):
        operations.sign(agreement=draft, side="partner", by=house.max, at=TUESDAY, version=2)
    assert sign_both(draft, at=TUESDAY).state == "active"
    assert list(Signature.objects.order_by("id").values_list("number", "side")) == [
        (1, "provider"), (2, "provider"), (2, "partner"),
    ]  # fmt: skip


def test_a_version_is_drafted_beside_the_one_in_force(house, draft, sign_both, log_incident, clock_of):
    sign_both(draft)
    running = log_incident(at=MONDAY)

    drafted = change(draft, house, 120)

    assert (drafted.state, drafted.version, drafted.proposed_version) == ("in_review", 1, 2)
    assert due_hours(log_incident, clock_of, TUESDAY) == 4
    renewed = sign_both(draft, at=TUESDAY)
    assert (renewed.state, renewed.version, renewed.proposed_version) == ("active", 2, None)
    assert due_hours(log_incident, clock_of, TUESDAY) == 2
    clock = clock_of(running)
    assert (clock.agreement_version, clock.target.total_seconds()) == (1, 4 * 3600)
    one, two = renewed.versions.order_by("number")
    assert (one.in_force_until, two.in_force_from, two.in_force_until) == (TUESDAY, TUESDAY, None)


def test_a_signed_version_holds_from_midnight_in_the_zone_of_the_agreement(house, sign_both, log_incident, clock_of):
    apia = calendar_operations.create_calendar(
        name="Apia", zone="Pacific/Apia", is_always_open=True, by=None, at=moment("2026-01-01 00:00")
    )
    agreement = operations.create_agreement(
        by=None, at=MONDAY, name="Apia", calendar=apia, targets={("resolution", 4): 240}, exclusions="None.",
        review_date=date(2027, 3, 1), provider_signatory=house.ada, partner_signatory=house.max,
    )  # fmt: skip
    change(agreement, house, 120, effective_date=date(2026, 3, 10))
    sign_both(agreement, at=TUESDAY)
    midnight = moment("2026-03-09 11:00")  # 10 March 00:00 in Apia, thirteen hours ahead
    assert midnight.astimezone(ZoneInfo("Pacific/Apia")).isoformat() == "2026-03-10T00:00:00+13:00"

    before = due_hours(log_incident, clock_of, moment("2026-03-09 10:59"))
    after = due_hours(log_incident, clock_of, midnight)
    moved = [
        operations.follow(at=moment(text)) for text in ("2026-03-09 10:59", "2026-03-09 11:07", "2026-03-09 11:08")
    ]

    assert (before, after, moved) == (4, 2, [0, 1, 0])
    assert agreement.versions.get(number=2).in_force_from == midnight
    assert due_hours(log_incident, clock_of, moment("2026-03-09 12:00")) == 2


def test_an_agreement_signed_for_a_day_to_come_waits_for_it(house, draft, sign_both, log_incident):
    operations.edit_agreement(agreement=draft, by=house.ines, at=MONDAY, values={"valid_from": date(2026, 4, 1)})

    assert sign_both(draft).state == "agreed"
    assert not log_incident(at=moment("2026-03-31 23:59")).clocks.exists()
    assert log_incident(at=moment("2026-04-01 00:00")).clocks.exists()
    assert operations.follow(at=moment("2026-04-01 00:01")) == 1
    draft.refresh_from_db()
    assert (draft.state, draft.versions.get(number=2).in_force_from) == ("active", moment("2026-04-01 00:00"))


def test_the_review_is_called_for_once_and_ends_with_a_note_and_its_next_day(house, draft, sign_both):
    sign_both(draft)

    moved = [
        operations.follow(at=moment(text)) for text in ("2027-02-28 23:59", "2027-03-01 00:00", "2027-03-02 00:00")
    ]

    assert moved == [0, 1, 0]
    at = moment("2027-03-05 10:00")
    with pytest.raises(Refused, match="what the review found"):
        operations.conclude_review(agreement=draft, by=house.ines, at=at, review_date=date(2028, 3, 1), note=" ")
    with pytest.raises(Refused, match="after today"):
        operations.conclude_review(agreement=draft, by=house.ines, at=at, review_date=date(2027, 3, 5), note="Fine.")
    done = operations.conclude_review(agreement=draft, by=house.ines, at=at, review_date=date(2028, 3, 1), note="Fine.")
    assert (done.state, done.review_date) == ("active", date(2028, 3, 1))


def test_a_review_does_not_end_over_a_draft(house, draft, sign_both):
    sign_both(draft)
    change(draft, house, 120)
    said = {"agreement": draft, "by": house.ines, "at": TUESDAY}

    with pytest.raises(Refused, match="being drafted"):
        operations.conclude_review(**said, review_date=date(2028, 3, 1), note="Fine.")
    operations.withdraw_draft(**said)

    assert operations.conclude_review(**said, review_date=date(2028, 3, 1), note="Fine.").state == "active"
    assert change(draft, house, 60).proposed_version == 3


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"provider_signatory": "otto"}, "Otto Weiss does not work for the provider"),
        ({"partner_signatory": "otto"}, "Otto Weiss does not belong to Acme"),
        ({"partner_signatory": "ada"}, "One person can't sign for both sides"),
    ],
)
def test_nobody_is_named_to_sign_for_a_side_that_is_not_theirs(house, draft, office, said, message):
    named = {field: getattr(house, name) for field, name in said.items()}
    made = {"provider_signatory": house.ada, "organization": house.acme} | named

    with pytest.raises(Refused, match=message):
        operations.handle(agreement=draft, by=house.ines, at=MONDAY, values=named)
    with pytest.raises(Refused, match=message):
        operations.create_agreement(by=house.ines, at=MONDAY, name="Other", calendar=office, targets={}, **made)

    assert list(Agreement.objects.filter(name="Other")) == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"pause_reasons": ["weather"]}, "pause_reasons"),
        ({"pause_reasons": ["requester", "requester"]}, "pause_reasons"),
        ({"thresholds": [{"percent": 60, "tells": ["everybody"]}]}, "thresholds"),
        ({"type": "supplier", "supplier": "provider"}, "supplier"),
        ({"valid_from": date(1, 1, 1)}, "valid_from"),
        ({"valid_to": date(9999, 12, 31)}, "valid_to"),
        ({"review_date": date(9999, 12, 31)}, "review_date"),
    ],
)
def test_a_text_that_nobody_could_keep_is_refused_at_its_field(house, office, said, field):
    said = said | ({"supplier": house.provider} if "supplier" in said else {})

    with pytest.raises(Refused) as refused:
        operations.create_agreement(
            by=house.ines, at=MONDAY, name="Other", calendar=office, targets={("resolution", 4): 60}, **said
        )

    assert [each.field for each in refused.value.refusals] == [field]


@pytest.mark.parametrize(
    ("day", "waives", "message"),
    [
        (date(2026, 3, 2), True, "after today"),
        (date(2020, 1, 1), True, "after today"),
        (date(9999, 1, 1), False, "within ten years"),
        (date(2026, 3, 20), False, "Notice takes 90 days"),
    ],
)
def test_notice_ends_no_agreement_in_the_past_or_too_soon(house, draft, sign_both, day, waives, message):
    sign_both(draft)

    with pytest.raises(Refused, match=message):
        operations.give_notice(
            agreement=draft, by=house.ines, at=MONDAY, ends_date=day, reason="Moved.", waives_notice=waives
        )

    draft.refresh_from_db()
    assert (draft.state, draft.ends_date) == ("active", None)


def test_an_agreement_under_notice_holds_until_its_last_midnight(house, draft, sign_both, log_incident):
    sign_both(draft)
    running = log_incident(at=MONDAY)
    operations.give_notice(
        agreement=draft, by=house.ines, at=MONDAY, ends_date=date(2026, 3, 20), reason="Moved.", waives_notice=True
    )

    assert log_incident(at=moment("2026-03-19 23:59")).clocks.exists()
    assert not log_incident(at=moment("2026-03-20 00:00")).clocks.exists()
    assert operations.follow(at=moment("2026-03-20 00:00")) == 1
    draft.refresh_from_db()
    assert (draft.state, draft.versions.get().in_force_until) == ("terminated", moment("2026-03-20 00:00"))
    assert running.clocks.get().state == "running"
    with pytest.raises(Refused, match="terminated"):
        change(draft, house, 60)


def test_a_withdrawn_notice_leaves_no_trace_on_clocks(house, draft, sign_both, log_incident):
    sign_both(draft)
    operations.give_notice(agreement=draft, by=house.ines, at=MONDAY, ends_date=date(2026, 8, 1), reason="Moved.")

    operations.withdraw_notice(agreement=draft, by=house.ines, at=TUESDAY)

    assert log_incident(at=moment("2026-08-01 09:00")).clocks.exists()
    assert operations.follow(at=moment("2026-08-01 09:00")) == 0


def test_an_agreement_taken_up_again_is_signed_anew(house, draft, sign_both):
    sign_both(draft)
    operations.retire(agreement=draft, by=house.ines, at=TUESDAY)

    again = operations.reinstate(agreement=draft, by=house.ines, at=TUESDAY)

    assert (again.state, again.version) == ("draft", 2)
    assert sign_both(draft, at=TUESDAY).state == "active"


def test_what_steward_itself_changes_is_in_force_at_once(house, standard):
    changed = operations.set_targets(agreement=standard, by=None, at=TUESDAY, targets={("resolution", 4): 60})

    assert (changed.state, changed.version, changed.proposed_version) == ("active", 2, None)
    assert changed.targets.get().target_minutes == 60


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_bring_it_into_force_once(house, draft):
    operations.offer(agreement=draft, by=house.ines, at=MONDAY)
    sides = {"provider": house.ada, "partner": house.max}

    at_once(
        *[
            lambda side=side, by=by: operations.sign(agreement=draft, side=side, by=by, at=TUESDAY, version=1)
            for side, by in sides.items()
        ]
    )

    draft.refresh_from_db()
    assert (draft.state, Signature.objects.count()) == ("active", 2)
    assert Entry.objects.filter(action="agreement.came_into_force").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_edit_while_somebody_signs_never_leaves_a_signed_text_that_differs(house, draft):
    operations.offer(agreement=draft, by=house.ines, at=MONDAY)
    operations.sign(agreement=draft, side="provider", by=house.ada, at=MONDAY, version=1)

    at_once(
        lambda: operations.sign(agreement=draft, side="partner", by=house.max, at=TUESDAY, version=1),
        lambda: change(draft, house, 60),
    )

    draft.refresh_from_db()
    outcomes = {("in_review", 1, 2): 2, ("draft", 2, None): 1}  # signed first, or edited first
    assert outcomes[draft.state, draft.version, draft.proposed_version] == Signature.objects.filter(number=1).count()
    assert draft.targets.get().target_minutes == (240 if draft.version == 1 else 60)
    selection.forget()


def test_a_signature_that_comes_too_late_hears_why_and_leaves_nothing(house, draft, sign_both, client):
    """Taken back, withdrawn, signed twice, by somebody who is not named: through the portal, as it happens there."""
    page = f"/portal/agreements/{draft.slug}/"

    def press(person, version):
        client.force_login(person)
        answer = client.post(f"{page}signatures/", {"version": version})
        return answer.status_code, "".join(str(each) for each in [*get_messages(answer.wsgi_request)][-1:])

    operations.offer(agreement=draft, by=house.ines, at=MONDAY)
    change(draft, house, 300)

    assert press(house.max, 1) == (
        409, "“Acme gold” was taken back to be changed. You are told when it is offered for signature again."
    )  # fmt: skip
    assert press(house.otto, 1)[0] == press(house.maria, 1)[0] == 404
    operations.offer(agreement=draft, by=house.ines, at=MONDAY, version=2)
    assert press(house.otto, 2)[0] == press(house.maria, 2)[0] == 404
    assert not Signature.objects.exists()
    operations.sign(agreement=draft, side="provider", by=house.ada, at=MONDAY, version=2)
    assert press(house.max, 2) == (302, "Signed version 2.")
    assert press(house.max, 2) == (409, "This side has signed this version already.")
    change(draft, house, 120)
    operations.offer(agreement=draft, by=house.ines, at=TUESDAY)
    operations.withdraw_draft(agreement=draft, by=house.ines, at=TUESDAY)
    assert press(house.max, 3) == (
        412, "Version 3 was withdrawn since you read it. Version 2 goes on, signed as it is."
    )  # fmt: skip
    assert Signature.objects.filter(number=3).count() == 0
