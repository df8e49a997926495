"""Mails with issued reports to their receivers: noted when the file is there, sent by a worker, tried again."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from common import mailing
from people.vocabularies.layers import spoken_by

from .keeping import content_of
from .models import ReportMail, ServiceReport

ATTACHED_AT_MOST_BYTES = 5 * 2**20


def note(report: ServiceReport, *, at: datetime) -> None:
    """Note a mail for each receiver of the plan. Reports of the sample are mailed to nobody."""
    if report.is_sample:
        return
    people = report.plan.receivers.filter(is_active=True).exclude(email="")
    ReportMail.objects.bulk_create(
        [ReportMail(report=report, user=person, retry_at=at) for person in people], ignore_conflicts=True
    )


def send_due(*, at: datetime, rows: int = mailing.BATCH_ROWS) -> int:
    """Send what is to be sent; rows that another worker holds are skipped. Returns how many went out."""
    noted = ReportMail.objects.select_related("user", "report__organization", "report__file")
    return mailing.send_due(noted, at=at, rows=rows, is_wanted=_is_wanted, message_of=message_of)


def _is_wanted(noted: ReportMail) -> bool:
    """Whether the person may still read it: they may have left the customer meanwhile."""
    person = noted.user
    return bool(person.email) and ServiceReport.objects.visible_to(person).filter(pk=noted.report_id).exists()


def message_of(noted: ReportMail) -> EmailMessage:
    """The mail in the language of who gets it. A file over 5 MB is left out: the mail has the address of the report."""
    report, person = noted.report, noted.user
    is_inside = person.organization_id != report.organization_id
    place = "/reports" if is_inside else "/portal/reports"
    attached = report.file.is_made and report.file.size_bytes <= ATTACHED_AT_MOST_BYTES
    with spoken_by(person):
        subject = _("Service report: %(report)s") % {"report": report}
        body = render_to_string(
            "slm/reports/mail.txt",
            {
                "report": report,
                "person": person,
                "address": f"{settings.BASE_URL}{place}/{report.pk}/",
                "is_attached": attached,
                "is_inside": is_inside,
            },
        )
        name = report.file.name
    message = mailing.letter(noted, "report", subject=subject, body=body, to=person.email)
    if attached:
        message.attach(name, content_of(report.file), "application/pdf")
    return message
