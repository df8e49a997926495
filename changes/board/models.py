"""Meetings of boards: when, who came, what was talked about, and the minutes."""

from datetime import date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.enums import State, StepState
from approvals.models import Board, Step
from people.access import access_of
from slm.actions import measured_note

from ..models import Change
from .enums import Attendance, ItemKind, MeetingState, Outcome

PERSON = settings.AUTH_USER_MODEL
ITEM_MINUTES = 5


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: object) -> Self:
        """All of them for people of the provider whose role covers every organization; nothing for others."""
        return self if access_of(user).allows("cab.view") else self.none()

    def ahead(self) -> Self:
        return self.filter(state__in=[MeetingState.PLANNED, MeetingState.HELD]).order_by("starts_at", "pk")

    def over(self) -> Self:
        return self.filter(state__in=[MeetingState.MINUTED, MeetingState.CANCELLED]).order_by("-starts_at", "-pk")


class Meeting(models.Model):
    """
    One meeting of a board.

    `key` is its address: the date in the zone of the meeting, with a number when there are several on a day. Closed
    minutes are `document`, with `fingerprint` over it; the database lets nobody change them.
    """

    key = models.CharField(_("date"), max_length=20, unique=True)
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("board"))
    chair = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", verbose_name=_("chair"))
    secretary = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("minutes by")
    )
    starts_at = models.DateTimeField(_("begins"))
    zone = models.CharField(_("time zone"), max_length=60)
    place = models.CharField(_("where"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED, editable=False
    )
    remarks = models.TextField(_("remarks"), blank=True)
    gathered_at = models.DateTimeField(_("agenda as of"), null=True, editable=False)
    invited_at = models.DateTimeField(_("invited"), null=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded"), null=True, editable=False)
    began_at = models.DateTimeField(_("began"), null=True, editable=False)
    closed_at = models.DateTimeField(_("minutes closed"), null=True, editable=False)
    closed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    cancel_reason = models.CharField(_("why cancelled"), max_length=300, blank=True, editable=False)
    document = models.JSONField(null=True, editable=False)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="changes_meeting_state_known"),
            models.CheckConstraint(
                condition=Q(state="minuted", closed_at__isnull=False, document__isnull=False) & ~Q(fingerprint="")
                | ~Q(state="minuted") & Q(closed_at=None, fingerprint=""),
                name="changes_meeting_minuted_with_minutes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "minuted"]) | Q(began_at__isnull=False),
                name="changes_meeting_held_since",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""), name="changes_meeting_cancelled_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["state", "starts_at"], name="changes_meeting_state")]

    def __str__(self) -> str:
        return f"{self.board} {self.key}"

    def get_absolute_url(self) -> str:
        return f"/cab/{self.key}/"

    @property
    def day(self) -> date:
        """The date where it is held."""
        return self.starts_at.astimezone(ZoneInfo(self.zone)).date()

    @property
    def is_planned(self) -> bool:
        return self.state == MeetingState.PLANNED

    @property
    def is_held(self) -> bool:
        return self.state == MeetingState.HELD

    @property
    def is_minuted(self) -> bool:
        return self.state == MeetingState.MINUTED

    @property
    def is_cancelled(self) -> bool:
        return self.state == MeetingState.CANCELLED


class Attendee(models.Model):
    """Somebody who is invited: a member of the board, or whom the changes call for."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendees")
    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    why = models.CharField(_("why they are invited"), max_length=300)
    is_voting = models.BooleanField(_("votes"), default=False)
    is_guest = models.BooleanField(_("invited by hand"), default=False)
    attendance = models.CharField(
        _("attendance"), max_length=12, choices=Attendance.choices, default=Attendance.INVITED
    )
    deputy = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("deputy")
    )

    class Meta:
        ordering = ["meeting", "-is_voting", "user__name", "id"]
        verbose_name = _("person invited")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], name="changes_attendee_once"),
            models.CheckConstraint(
                condition=Q(attendance="represented", deputy__isnull=False)
                | ~Q(attendance="represented") & Q(deputy=None),
                name="changes_attendee_represented_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.meeting_id}"

    @property
    def in_the_room(self) -> Any:
        """Who is there for this seat: the person, their deputy, or nobody (None)."""
        if self.attendance == Attendance.PRESENT:
            return self.user
        return self.deputy if self.attendance == Attendance.REPRESENTED else None


class AgendaItem(models.Model):
    """
    Five minutes of a meeting: a change to decide, one to look back at, or a topic.

    :ivar step: the step of the approval that the board decides here. :ivar conflicts: open ones, when it was gathered.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=10, choices=ItemKind.choices)
    change = models.ForeignKey(Change, on_delete=models.CASCADE, null=True, related_name="agenda_items")
    step = models.ForeignKey(Step, on_delete=models.SET_NULL, null=True, related_name="+")
    title = models.CharField(_("topic"), max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=ITEM_MINUTES)
    conflicts = models.PositiveSmallIntegerField(default=0)
    is_placed = models.BooleanField(default=False, help_text=_("moved by hand; its place is kept"))
    text = models.TextField(_("what was said"), blank=True)
    version = models.PositiveIntegerField(default=1)
    discussed_at = models.DateTimeField(null=True)
    deferred_to = models.DateField(_("deferred to"), null=True)
    defer_reason = models.CharField(_("why deferred"), max_length=300, blank=True)

    class Meta:
        ordering = ["meeting", "position", "id"]
        verbose_name = _("item of an agenda")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "change"], name="changes_agenda_item_once"),
            models.UniqueConstraint(
                fields=["meeting", "position"], name="changes_agenda_item_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(kind="topic", change=None) & ~Q(title="") | ~Q(kind="topic") & Q(change__isnull=False),
                name="changes_agenda_item_about_something",
            ),
            models.CheckConstraint(
                condition=Q(deferred_to=None) | ~Q(defer_reason=""), name="changes_agenda_item_deferred_with_reason"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title or str(self.change)

    @property
    def is_decision(self) -> bool:
        return self.kind == ItemKind.DECISION

    @property
    def outcome(self) -> Outcome:
        """What became of it; its step and approval should be read along."""
        if self.step is not None and self.step.state in (StepState.APPROVED, StepState.REJECTED):
            return Outcome(self.step.state)
        if self.deferred_to is not None:
            return Outcome.DEFERRED
        if self.is_decision and (self.step is None or self.step.approval.state != State.OPEN):
            return Outcome.LAPSED
        if not self.is_decision and (self.discussed_at is not None or self.text):
            return Outcome.DISCUSSED
        return Outcome.OPEN

    @property
    def is_open(self) -> bool:
        return self.outcome == Outcome.OPEN

    @property
    def decided_at(self) -> datetime | None:
        return self.step.decided_at if self.step is not None else None


class BoardActionQuerySet(models.QuerySet["BoardAction"]):
    def visible_to(self, user: object) -> Self:
        """Those of visible meetings."""
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class BoardAction(models.Model):
    """What somebody is to do after a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="actions")
    item = models.ForeignKey(AgendaItem, on_delete=models.SET_NULL, null=True, related_name="actions")
    text = models.CharField(_("action"), max_length=300)
    owner = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, related_name="board_actions", verbose_name=_("who does it")
    )
    due_date = models.DateField(_("until"), null=True, blank=True)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(_("done"), null=True)
    done_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")

    is_measured_alone = True  # no record stands behind the rows of a measure
    measured_with = ("meeting__board", "owner")
    objects = BoardActionQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "id"]
        verbose_name = _("action of a meeting")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="changes_board_action_done_by_somebody",
            )
        ]
        indexes = [
            models.Index(fields=["owner", "due_date"], condition=Q(done_at=None), name="changes_board_action_open")
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.meeting.get_absolute_url()

    @property
    def service(self) -> None:
        """For the rows behind a measure, as the two below: a board talks about changes of all services."""

    @property
    def measured_at(self) -> datetime:
        return self.made_at

    @property
    def measured_note(self) -> str:
        return measured_note(self, self.meeting)


class MinutesCorrection(models.Model):
    """What was found wrong in closed minutes. They stay as they are; this stands below them."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="corrections")
    text = models.TextField(_("correction"))
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["meeting", "id"]
        verbose_name = _("correction of minutes")

    def __str__(self) -> str:
        return self.text


class Summons(models.Model):
    """A mail to somebody who is invited: to be sent, sent, or given up. One for each act and person."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="summons")
    user = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    cause = models.CharField(max_length=80)
    act = models.CharField(max_length=20)
    retry_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=2000, blank=True)

    class Meta:
        verbose_name = _("mail about a meeting")
        constraints = [models.UniqueConstraint(fields=["user", "cause"], name="changes_summons_once")]
        indexes = [
            models.Index(fields=["retry_at"], condition=Q(retry_at__isnull=False), name="changes_summons_to_send")
        ]

    def __str__(self) -> str:
        return f"{self.act} to {self.user_id}"
