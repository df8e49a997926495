"""The review of a report with the customer: agenda from the data, who came, what was said, what is to be done."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from records.enums import Phase

from ...actions import measured_note
from ..enums import AgendaKind, MeetingState
from .reports import ServiceReport

PERSON = settings.AUTH_USER_MODEL


class ReviewMeetingQuerySet(models.QuerySet["ReviewMeeting"]):
    def visible_to(self, user: Any) -> Self:
        """From inside those of visible reports; for customers none: they get the minutes."""
        return self.filter(report__in=ServiceReport.objects.visible_to(user))


class ReviewMeeting(models.Model):
    """
    One meeting about one edition of a report. Closed minutes are `document`, with `fingerprint` over it; the database
    lets nobody change them.
    """

    report = models.OneToOneField(ServiceReport, on_delete=models.CASCADE, related_name="meeting")
    starts_at = models.DateTimeField(_("begins"))
    place = models.CharField(_("where"), max_length=200, blank=True)
    chair = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", verbose_name=_("chair"))
    state = models.CharField(
        _("state"), max_length=8, choices=MeetingState.choices, default=MeetingState.PLANNED, editable=False
    )
    remarks = models.TextField(_("remarks"), blank=True)
    closed_at = models.DateTimeField(_("minutes closed"), null=True, editable=False)
    closed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    document = models.JSONField(null=True, editable=False)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    is_measured_alone = True  # no record stands behind the rows of a measure
    measured_with = ("report__organization",)
    objects = ReviewMeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        verbose_name = _("review meeting")
        verbose_name_plural = _("review meetings")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="reports_meeting_state_known"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, document__isnull=False) & ~Q(fingerprint="")
                | ~Q(state="closed") & Q(closed_at=None, fingerprint=""),
                name="reports_meeting_closed_with_minutes",
            ),
        ]

    def __str__(self) -> str:
        return str(self.report)

    def get_absolute_url(self) -> str:
        return reverse("reports:meeting", args=[self.report_id])

    @property
    def is_closed(self) -> bool:
        return self.state == MeetingState.CLOSED

    @property
    def service(self) -> None:
        """For the rows behind a measure, as the two below: a review is about all services of a customer."""

    @property
    def measured_at(self) -> datetime:
        return self.starts_at

    @property
    def measured_note(self) -> str:
        return self.get_state_display()


class ReviewAttendee(models.Model):
    """Somebody who is to come, and whether they did; nobody has said so yet while it is empty."""

    meeting = models.ForeignKey(ReviewMeeting, on_delete=models.CASCADE, related_name="attendees")
    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    was_there = models.BooleanField(_("was there"), null=True)

    class Meta:
        ordering = ["meeting", "user__name", "id"]
        verbose_name = _("person at a review")
        constraints = [models.UniqueConstraint(fields=["meeting", "user"], name="reports_attendee_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.meeting_id}"


class ReviewItem(models.Model):
    """One point of the agenda, made from the data or added by hand, and what was said about it."""

    meeting = models.ForeignKey(ReviewMeeting, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=12, choices=AgendaKind.choices)
    title = models.CharField(_("topic"), max_length=300)
    text = models.TextField(_("what was said"), blank=True)

    class Meta:
        ordering = ["meeting", "position", "id"]
        verbose_name = _("point of a review")

    def __str__(self) -> str:
        return self.title


class ReviewActionQuerySet(models.QuerySet["ReviewAction"]):
    def visible_to(self, user: Any) -> Self:
        """Those of visible meetings."""
        return self.filter(meeting__in=ReviewMeeting.objects.visible_to(user))

    def open(self) -> Self:
        """Neither said to be done nor, where they stand in the register, done there."""
        return self.filter(Q(record=None) | ~Q(record__phase=Phase.DONE), done_at=None)

    def done_since(self, at: Any) -> Self:
        """Done after that moment: by word, or in the register."""
        return self.filter(Q(done_at__gt=at) | Q(record__phase=Phase.DONE, record__closed_at__gt=at))


class ReviewAction(models.Model):
    """
    What somebody is to do after a review; open ones come back on the next agenda.

    :ivar record: what was written into the register of improvements for it; its state says then whether it is done.
    """

    meeting = models.ForeignKey(ReviewMeeting, on_delete=models.CASCADE, related_name="actions")
    text = models.CharField(_("action"), max_length=300)
    owner = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", verbose_name=_("who does it"))
    due_date = models.DateField(_("until"))
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(_("done"), null=True)
    done_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    record = models.OneToOneField(
        "records.Record", on_delete=models.SET_NULL, null=True, related_name="review_action", editable=False
    )

    is_measured_alone = True  # no record stands behind the rows of a measure
    measured_with = ("meeting__report__organization", "owner")
    objects = ReviewActionQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "due_date", "id"]
        verbose_name = _("action of a review")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="reports_action_done_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.meeting.get_absolute_url()

    @property
    def is_done(self) -> bool:
        """Read with its record."""
        return self.done_at is not None or (self.record is not None and self.record.is_done)

    @property
    def service(self) -> None:
        """For the rows behind a measure, as the two below: a review is about all services of a customer."""

    @property
    def measured_at(self) -> datetime:
        return self.made_at

    @property
    def measured_note(self) -> str:
        return measured_note(self, self.meeting.report)
