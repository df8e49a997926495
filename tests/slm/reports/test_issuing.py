"""Issued figures are frozen; the customer answers; what is found wrong later is told as a correction."""

import io
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from audit.models import Entry
from common.refusals import NotAllowed, Refused, Stale
from incidents import operations as incidents
from slm.reports import files, mail, operations, pdf
from slm.reports.enums import State
from slm.reports.models import Evidence, Remark, ReportFile, ReportMail, ServiceReport
from slm.reports.paper import Paper
from slm.reports.pdf import made_from
from slm.reports.verification import faults_of
from tests.conftest import moment
from tests.parallel import at_once

from .conftest import AFTER, FEBRUARY, MARCH

pytestmark = pytest.mark.django_db
LATER = moment("2026-03-05 09:00")


def test_only_what_was_reviewed_is_issued(compiled, house):
    report = compiled()

    with pytest.raises(Refused, match="not reviewed"):
        operations.issue(report=report, by=house.ines, at=AFTER)

    assert ServiceReport.objects.get().state == State.COMPILED


def test_an_issued_report_keeps_its_figures_whatever_happens_to_the_records(issued, solved, house):
    report = issued()
    before = dict(report.document)
    solved("2026-02-20 09:00", "2026-02-20 10:00")

    with pytest.raises(Refused, match="stay as they are"):
        operations.compile_again(report=report, by=house.ines, at=LATER)

    fresh = ServiceReport.objects.get()
    assert fresh.document == before
    assert list(faults_of(fresh)) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_servicereport SET document = '{}'",
        "UPDATE reports_servicereport SET summary = 'All green'",
        "UPDATE reports_servicereport SET state = 'compiled', issued_at = NULL, fingerprint = ''",
        "UPDATE reports_servicereport SET first_day = '2026-01-01'",
        "DELETE FROM reports_servicereport",
        "UPDATE reports_evidence SET ids = '{1}'",
        "DELETE FROM reports_evidence",
        "INSERT INTO reports_evidence (report_id, key, kind, ids) SELECT id, 'x', 'clock', '{1}'"
        " FROM reports_servicereport",
    ],
)  # fmt: skip
def test_the_database_refuses_to_change_what_was_issued(issued, statement):
    issued()
    ReportMail.objects.all().delete()
    ReportFile.objects.all().delete()

    with pytest.raises(DatabaseError, match="never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert list(faults_of(ServiceReport.objects.get())) == []


def test_remarks_and_the_file_are_written_once(issued, house):
    report = issued()
    files.make_due(at=AFTER)
    operations.dispute(report=report, by=house.max, at=LATER, comment="The outage lasted longer")

    for change in (
        lambda: Remark.objects.update(text="Never mind"),
        lambda: Remark.objects.all().delete(),
        lambda: ReportFile.objects.update(sha256="0" * 64),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_command_finds_what_was_changed_behind_our_back(issued):
    report = issued()
    files.make_due(at=AFTER)
    out = io.StringIO()
    call_command("verify_reports", stdout=out)
    assert "1 issued reports are as they were issued." in out.getvalue()

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE reports_servicereport DISABLE TRIGGER reports_issued_stay")
        cursor.execute("ALTER TABLE reports_evidence DISABLE TRIGGER reports_evidence_stays")
    ServiceReport.objects.update(summary="x", document=report.document | {"summary": "x"})
    Evidence.objects.filter(key="tickets.incident.opened").update(ids=[1])
    from slm.reports.keeping import path_of

    path_of(ReportFile.objects.get()).write_bytes(b"other")

    with pytest.raises(CommandError, match="3 faults"):
        call_command("verify_reports", stdout=out)
    assert "the figures were changed" in out.getvalue()
    assert "the rows behind tickets.incident.opened were changed" in out.getvalue()
    assert "the file is gone or was changed" in out.getvalue()


def test_a_correction_of_records_is_told_in_the_next_report_once(issued, plan, solved, house, outage):
    issued()
    solved("2026-02-20 09:00", "2026-02-21 09:00")  # entered late: nobody knew of it when the report was made
    outage("2026-02-16 10:00", "2026-02-16 10:30")

    march = operations.compile_report(plan=plan, first_day=MARCH, by=None, at=moment("2026-04-01 09:00"))

    told = {(each["month"], each["figure"]): (each["was"], each["now"]) for each in march.document["corrections"]}
    assert told == {
        ("2026-02", "missed"): (2, 4),
        ("2026-02", "opened"): (2, 3),
        ("2026-02", "done"): (2, 3),
        ("2026-02", "lost_hundredths"): (360_000, 540_000),
    }
    operations.review(report=march, by=house.ines, at=LATER)
    operations.issue(report=march, by=house.ines, at=LATER)
    april = operations.compile_report(
        plan=plan, first_day=MARCH.replace(month=4), by=None, at=moment("2026-05-02 09:00")
    )
    assert april.document["corrections"] == []


def test_a_dispute_is_answered_corrected_and_accepted(issued, house, plan):
    report = issued()
    operations.dispute(report=report, by=house.max, at=LATER, comment="The late one was on hold for us")
    operations.answer(report=report, by=house.ines, at=LATER, text="True. We correct it.")

    second = operations.correct(report=report, by=house.ines, at=LATER, reason="Outage of 15 February lasted longer")
    operations.review(report=second, by=house.ines, at=LATER)
    second = operations.issue(report=second, by=house.ines, at=LATER)

    assert (second.edition, second.predecessor_id) == (2, report.pk)
    assert second.document["corrects"] == 1
    with pytest.raises(Refused, match="Edition 2 has taken its place"):
        operations.accept(report=report, by=house.max, at=LATER)
    accepted = operations.accept(report=second, by=house.max, at=LATER, comment="Thank you")
    assert accepted.is_accepted
    assert ServiceReport.objects.get(pk=report.pk).is_disputed
    kinds = list(Remark.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["disputed", "answered", "accepted"]
    assert Entry.objects.filter(subject_kind="report", action="report.disputed", organization_id=house.acme.pk).exists()


def test_a_dispute_that_was_answered_can_be_accepted(issued, house):
    report = operations.dispute(report=issued(), by=house.maria, at=LATER, comment="Why?")

    assert operations.accept(report=report, by=house.maria, at=LATER).is_accepted
    with pytest.raises(Refused, match="accepted already"):
        operations.dispute(report=report, by=house.maria, at=LATER, comment="After all")


def test_only_the_customer_answers_and_only_its_own_report(issued, house):
    report = issued()

    for person in (house.otto, house.tom, house.ines, house.ada):
        with pytest.raises(NotAllowed):
            operations.accept(report=report, by=person, at=LATER)
    with pytest.raises(Refused, match="comment is missing"):
        operations.dispute(report=report, by=house.maria, at=LATER, comment="  ")
    assert ServiceReport.objects.get().is_issued
    assert not Remark.objects.exists()


def test_a_report_that_somebody_else_changed_is_not_issued(compiled, house):
    report = operations.review(report=compiled(), by=house.ines, at=AFTER)
    seen = report.version
    operations.compile_again(report=report, by=house.ines, at=AFTER)

    with pytest.raises(Stale):
        operations.issue(report=report, by=house.ines, at=AFTER, version=seen)


@pytest.mark.django_db(transaction=True)
def test_two_who_issue_at_once_issue_it_once(compiled, house):
    report = operations.review(report=compiled(), by=house.ines, at=AFTER)

    def issue():
        operations.issue(report=report, by=house.ines, at=AFTER)

    raised = [each for each in at_once(issue, issue) if each is not None]

    assert [each.refusals[0].code for each in raised] == ["frozen"]
    assert ReportFile.objects.count() == 1


def test_the_file_is_made_once_and_mailed_to_the_receivers(issued, house, mailoutbox, plan):
    operations.revise_plan(plan=plan, by=house.ines, at=AFTER, receivers=[house.maria, house.ines])
    issued()

    assert files.make_due(at=AFTER) == 1
    assert files.make_due(at=AFTER) == 0
    assert mail.send_due(at=AFTER) == 2
    assert mail.send_due(at=AFTER) == 0

    to_maria = next(each for each in mailoutbox if each.to == [house.maria.email])
    assert to_maria.subject == "Service report: Acme, February 2026"
    assert "A calm month." in to_maria.body
    assert "/portal/reports/" in to_maria.body
    name, content, kind = to_maria.attachments[0]
    assert (name, kind) == ("service-report-acme-2026-02.pdf", "application/pdf")
    assert content.startswith(b"%PDF-")


def test_who_left_the_customer_gets_no_mail(issued, house, mailoutbox):
    issued()
    files.make_due(at=AFTER)
    house.maria.organization = house.umbrella
    house.maria.save()

    assert mail.send_due(at=AFTER) == 0
    assert mailoutbox == []


def test_a_file_over_five_megabytes_stays_behind_the_address(issued, mailoutbox, monkeypatch):
    issued()
    files.make_due(at=AFTER)
    monkeypatch.setattr(mail, "ATTACHED_AT_MOST_BYTES", 10)

    mail.send_due(at=AFTER)

    assert mailoutbox[0].attachments == []


def test_a_file_that_fails_is_tried_again_and_takes_no_other_with_it(issued, monkeypatch):
    issued()
    monkeypatch.setattr(pdf, "made_from", lambda report: 1 / 0)

    assert files.make_due(at=AFTER) == 0

    file = ReportFile.objects.get()
    assert (file.attempts, file.is_made) == (1, False)
    assert "ZeroDivisionError" in file.error
    assert file.retry_at > AFTER
    monkeypatch.undo()
    assert files.make_due(at=file.retry_at) == 1


def test_the_same_report_gives_the_same_bytes_with_title_and_text(issued):
    report = issued()
    report = ServiceReport.objects.select_related("organization", "issued_by", "plan").get(pk=report.pk)

    first, second = made_from(report), made_from(report)

    assert first == second
    assert b"/Title" in first
    assert b"/Lang" in first
    assert b"/ToUnicode" in first  # letters can be copied and searched


def test_hostile_text_becomes_text_of_the_file(compiled, house, solved):
    solved(
        "2026-02-13 09:00", "2026-02-15 09:00", title="<img src=file:///etc/passwd> **x** __y__ \u202e مرحبا 漢字 🎉"
    )
    report = compiled()
    operations.review(report=report, by=house.ines, at=AFTER, summary="<b>x</b>\n\n" + "long " * 900)

    report = operations.issue(report=report, by=house.ines, at=AFTER)

    assert files.make_due(at=AFTER) == 1
    assert report.document["summary"].startswith("<b>x</b>")


def test_paper_cuts_what_is_too_long_and_shows_letters_that_its_font_lacks(issued):
    report = ServiceReport.objects.select_related("organization", "issued_by", "plan").get(pk=issued().pk)
    report.organization.name = "W" * 200
    paper = Paper(report)
    paper.add_page()

    assert paper.normalize_text("Büro 漢字 🎉 مكتب") == "Büro ▯▯ ▯ مكتب"
    cut = paper.cut(str(report), 100)
    assert cut.endswith("W…")
    assert paper.get_string_width(cut) <= 100
    assert paper.cut("short", 100) == "short"
    assert made_from(report).startswith(b"%PDF")


def test_a_reopened_ticket_leaves_the_frozen_count_and_shows_as_correction(issued, house, plan):
    report = issued()
    from incidents.models import Incident

    late = Incident.objects.get(title="Late <b>one</b>")
    incidents.reopen(incident=late, by=house.tom, at=moment("2026-02-13 09:00"), reason="It came back")

    march = operations.compile_report(plan=plan, first_day=MARCH, by=None, at=moment("2026-04-01 09:00"))

    figures = {each["figure"]: (each["was"], each["now"]) for each in march.document["corrections"]}
    assert figures["done"] == (2, 1)
    assert ServiceReport.objects.get(pk=report.pk).document["tickets"][0]["done"]["count"] == 2


def test_nobody_is_named_where_nobody_acted(plan):
    report = operations.compile_report(plan=plan, first_day=FEBRUARY, by=None, at=AFTER)

    entry = Entry.objects.get(subject_kind="report", subject_id=report.pk)
    assert (entry.action, entry.actor) == ("report.compiled", None)
    assert SimpleNamespace(**entry.data).month == "2026-02"
