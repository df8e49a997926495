"""Notes beside the days of a measure: read by those they are meant for, changed by who wrote them."""

from datetime import date

import pytest
import time_machine

from common.refusals import NotAllowed, Refused, Stale
from measurement import rebuild
from measurement.notes import operations
from measurement.notes.models import Note
from tests.conftest import moment

AT = moment("2026-03-30 12:00")
NASTY = "<script>alert(1)</script>"
DAY = date(2026, 3, 29)


@pytest.fixture
def write(house):
    def make(by=None, **said):
        given = {"kpi": "inc-volume", "text": NASTY, "day_from": DAY, "audience": "own", **said}
        return operations.write(by=by or house.aisha, at=AT, **given)

    return make


@pytest.fixture
def marks(house, client, log_incident):
    """What a person reads beside the measure: number, text, first and last position on the chart."""
    log_incident()
    rebuild.rebuild_all()

    def ask(user, query="range=30d"):
        client.force_login(user)
        with time_machine.travel(AT, tick=False):
            answer = client.get(f"/kpi/inc-volume/?{query}")
        assert NASTY not in answer.content.decode()
        page = answer.context["page"]
        return [(each["mark"].label, each["index"], each["to"]) for each in page.marks]

    return ask


def test_each_audience_reads_what_is_meant_for_it(house, write, marks):
    write(text="own")
    write(text="team", audience="team", team=house.networks)
    write(text="house", audience="house")
    write(text="all", audience="all")
    write(by=house.otto, text="of others", audience="house")

    def texts(user):
        return sorted(label for label, _at, _to in marks(user))

    assert texts(house.aisha) == ["all", "house", "own", "team"]
    assert texts(house.tom) == ["all", "house"]
    assert texts(house.otto) == ["all", "of others"]


def test_a_span_covers_its_periods_and_begins_with_the_chart(house, write, marks):
    write(text="day")
    write(text="span", day_from=date(2026, 3, 27), last_day=DAY)
    write(text="since long", day_from=date(2025, 1, 1), last_day=date(2026, 3, 1))
    write(text="over", day_from=date(2026, 2, 1), last_day=date(2026, 2, 27))

    # 29 March has 23 hours in Europe; the chart goes from 1 to 30 March.
    assert marks(house.aisha) == [("since long", 0, 0), ("span", 26, 28), ("day", 28, 28)]
    assert marks(house.aisha, "range=30d&marks=note") == []
    assert marks(house.aisha, "range=30d&grain=month")[-1] == ("day", 0, 0)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"text": " \x00 "}, "text"), ({"text": "x" * 301}, "text"), ({"kpi": "gone"}, "kpi"),
        ({"day_from": date(1, 1, 1)}, "day_from"), ({"last_day": date(9999, 12, 31)}, "day_from"),
        ({"last_day": date(2026, 3, 28)}, "last_day"), ({"last_day": date(2999, 1, 1)}, "last_day"),
        ({"audience": "world"}, "audience"), ({"audience": "team"}, "team"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_at_its_field(write, said, field):
    with pytest.raises(Refused) as refused:
        write(**said)

    assert refused.value.refusals[0].field == field
    assert not Note.objects.exists()


def test_who_sees_one_customer_alone_writes_for_their_own_house_only(house, write):
    with pytest.raises(Refused) as refused:
        write(by=house.otto, audience="all")
    assert refused.value.refusals[0].field == "audience"
    with pytest.raises(Refused):
        write(by=house.otto, audience="team", team=house.networks)


def test_only_the_author_changes_and_removes_it_and_sees_what_they_saw(house, write, client):
    made = write(audience="all")
    again = {"note": made, "at": AT, "text": "New", "day_from": DAY}
    with pytest.raises(NotAllowed):
        operations.change(by=house.tom, version=None, **again)
    with pytest.raises(NotAllowed):
        operations.remove(note=made, by=house.tom, at=AT)
    operations.change(by=house.aisha, version=1, **again)
    with pytest.raises(Stale):
        operations.change(by=house.aisha, version=1, **again)

    client.force_login(house.tom)
    assert client.get(f"/kpi/notes/{made.pk}/").status_code == 404
    client.force_login(house.aisha)
    said = {"text": "Typed", "day_from": "2026-03-29", "audience": "own", "version": "1"}
    stale = client.post(f"/kpi/notes/{made.pk}/", said)
    assert stale.status_code == 412
    assert 'value="Typed"' in stale.content.decode()
    assert client.post(f"/kpi/notes/{made.pk}/", said | {"version": "2"}).status_code == 303
    assert Note.objects.get().text == "Typed"
    client.post(f"/kpi/notes/{made.pk}/removal/")
    assert not Note.objects.exists()


def test_a_note_is_written_once_from_the_page_and_shown_as_text(house, client, marks):
    client.force_login(house.tom)
    with time_machine.travel(AT, tick=False):
        form = client.get("/kpi/inc-volume/notes/new/?range=30d")
        assert form.context["form"].initial["day_from"] == date(2026, 3, 30)
        said = {"text": NASTY, "day_from": "2026-03-30", "audience": "own", "token": form.context["token"]}
        empty = client.post("/kpi/inc-volume/notes/new/", said | {"day_from": "soon"})
        assert empty.status_code == 422
        assert "soon" in empty.content.decode()
        for _click in range(2):
            client.post("/kpi/inc-volume/notes/new/", said)

    assert marks(house.tom) == [(NASTY, 29, 29)]
