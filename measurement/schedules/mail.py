"""Letters with reports: made for each receiver by their own rights and in their language, when they are sent."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from common import mailing
from common.speech import plainly
from people.vocabularies.layers import spoken_by

from . import operations
from .content import as_csv, report_for
from .models import Letter

ATTACHED_AT_MOST_BYTES = 5 * 2**20


def send_due(*, at: datetime, rows: int = mailing.BATCH_ROWS) -> int:
    """Send what is to be sent; rows that another worker holds are skipped. Returns how many went out."""
    noted = Letter.objects.select_related("user", "run__schedule__dashboard")
    return mailing.send_due(
        noted,
        at=at,
        rows=rows,
        is_wanted=operations.is_wanted,
        message_of=lambda letter: message_of(letter, at=at),
    )


def message_of(letter: Letter, *, at: datetime) -> EmailMultiAlternatives:
    """The mail as text and HTML, with its files. Those over 5 MB are left out; the mail has the address of the page."""
    # Drawing and its fonts take memory that a process which sends nothing need not hold.
    from .pdf import as_pdf

    schedule, person = letter.run.schedule, letter.user
    with spoken_by(person):
        report = report_for(schedule, person, at=at)
        files = []
        stem = slugify(schedule.name) or "report"
        if schedule.has_pdf:
            files.append((f"{stem}.pdf", as_pdf(report, whose=str(person)), "application/pdf"))
        if schedule.has_csv:
            # Files are data: they say the words of the texts, whatever their reader's are.
            with plainly():
                files.append((f"{stem}.csv", as_csv(report_for(schedule, person, at=at)), "text/csv"))
        files = [file for file in files if len(file[1]) <= ATTACHED_AT_MOST_BYTES]
        subject = _("%(name)s: %(days)s") % {"name": schedule.name, "days": report.subtitle}
        said = {"report": report, "schedule": schedule, "person": person, "files": files, "base": settings.BASE_URL}
        said["leave"] = leave = f"{settings.BASE_URL}{reverse('schedules:leaving', args=[schedule.pk])}"
        body = render_to_string("measurement/schedules/mail.txt", said)
        rich = render_to_string("measurement/schedules/mail.html", said)
    message = mailing.letter(letter, "measures", subject=subject, body=body, to=person.email, rich=rich, leave=leave)
    for file in files:
        message.attach(*file)
    return message
