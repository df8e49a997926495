"""What a worker makes speaks the words of who gets it, whoever the job before it was for; files of data speak none."""

import pytest
from django.core import mail as outbox
from django.utils.translation import gettext, gettext_lazy
from fpdf import FPDF

from audit.models import Entry
from measurement import known, rebuild
from measurement.dashboards import operations as dashboards
from measurement.explorer import files as exports
from measurement.explorer import operations as exporting
from measurement.explorer.enums import Format, What
from measurement.schedules import mail as letters
from measurement.schedules import operations as schedules
from notifications.models import Notice, NoticeKind
from notifications.subscriptions import tell
from people.models import Vocabulary
from people.vocabularies.layers import spoken_by
from records.bulk import runs
from records.models import BulkRun
from records.tasks import work_bulk
from tests.conftest import moment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabularies")]
NOW = moment("2026-03-02 12:00")


def speak(who, slug):
    who.vocabulary = Vocabulary.objects.get(slug=slug) if slug else None
    who.save(update_fields=["vocabulary"])


@pytest.fixture
def drawn(monkeypatch):
    """The texts that are put on paper."""
    seen = []
    draw = FPDF.normalize_text
    monkeypatch.setattr(FPDF, "normalize_text", lambda paper, text: (seen.append(text), draw(paper, text))[1])
    return seen


def test_each_reads_the_lines_of_the_inbox_in_words_of_their_own(house, log_incident):
    incident = log_incident()
    speak(house.aisha, "usm")
    entry = Entry.objects.order_by("-pk").filter(subject_id=incident.pk).first()

    people = dict.fromkeys((house.ines, house.aisha, house.maria), gettext_lazy("because it is your ticket"))
    tell(entry, incident, NoticeKind.CHANGED, people, lambda: gettext("New ticket"))

    assert dict(Notice.objects.values_list("user__username", "text")) == {
        "maria": "New ticket",
        "aisha": "New call",
        "ines": "New ticket",
    }


def test_why_tickets_were_left_out_is_said_in_the_words_of_who_ordered_it(house, log_incident):
    speak(house.tom, "usm")
    said = {}
    for person in (house.tom, house.aisha, house.tom):
        inputs = {"team": house.first_line.pk, "assignee": house.tom.pk}
        run = runs.plan(records=[log_incident()], act="assign", inputs=inputs, by=person, at=NOW)
        work_bulk(run_id=run.pk)
        undo = runs.plan_undo(run=BulkRun.objects.get(pk=run.pk), by=person, at=NOW)
        work_bulk(run_id=undo.pk)
        said.setdefault(person.username, set()).add(undo.items.get().reason)

    assert said == {
        "tom": {"nobody had it before; a call can't become new again"},
        "aisha": {"nobody had it before; a ticket can't become new again"},
    }


def test_scheduled_letters_follow_each_other_each_in_the_words_of_its_reader(house, log_incident, drawn):
    log_incident(at=moment("2026-03-01 09:00"))
    rebuild.rebuild_all()
    board = dashboards.create(by=house.tom, at=NOW, name="Desk")
    dashboards.add_tile(dashboard=board, by=house.tom, at=NOW, kind="records", query="is:open")
    with_whom = {"people": [house.aisha, house.ines]}
    dashboards.change(
        dashboard=board, by=house.tom, at=NOW, version=None, name="Desk", range="30d", with_whom=with_whom
    )
    speak(house.aisha, "usm")
    receivers = [house.tom, house.aisha, house.ines]
    schedules.create(
        by=house.tom, at=NOW, name="Weekly", dashboard=board, zone="UTC", every="day", minute=780, has_csv=True,
        receivers=receivers,
    )  # fmt: skip
    due = moment("2026-03-02 13:00")

    assert (schedules.plan_due(at=due), letters.send_due(at=due)) == (1, 3)

    sent = {message.to[0]: message for message in outbox.outbox}
    heads = {person.username: "Call" in sent[person.email].alternatives[0][0] for person in receivers}
    assert heads == {"tom": False, "aisha": True, "ines": False}
    assert {"Call", "Ticket"} <= set(drawn)
    # Files are data.
    assert {str(message.attachments[1][1]).count("Ticket,Subject") for message in sent.values()} == {1}


def test_files_of_measures_have_the_same_heads_for_everybody(house, log_incident):
    log_incident(at=moment("2026-03-01 09:00"))
    rebuild.rebuild_all()
    made = []
    words = {"incident": {"one": "disruption", "many": "disruptions"}}
    Vocabulary.objects.create(name="Ours", slug="ours", words={"en": words})
    for slug in ("", "ours"):
        speak(house.ines, slug)
        with spoken_by(house.ines):
            export = exporting.ask(
                kpi=known.kpi("inc-volume"),
                what=What.RECORDS,
                format=Format.CSV,
                query="range=90d",
                by=house.ines,
                at=NOW,
            )  # fmt: skip
            assert exports.make(export.pk)
        made.append((export.title, export.path.read_text("utf-8-sig")))

    title, text = made[0]
    assert title == "Incidents opened: the records behind the number"
    assert text.startswith("Number,Subject,Kind,Service,Team") and "incident" in text
    assert made[0] == made[1]
