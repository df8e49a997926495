"""States of a report, and what the two sides write below it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a report stands. From issued on its figures are frozen."""

    COMPILED = "compiled", _("compiled")
    REVIEWED = "reviewed", _("reviewed")
    ISSUED = "issued", _("issued")
    ACCEPTED = "accepted", _("accepted")
    DISPUTED = "disputed", _("disputed")


FROZEN = (State.ISSUED, State.ACCEPTED, State.DISPUTED)


class RemarkKind(TextChoices):
    """What somebody said about an issued report."""

    ACCEPTED = "accepted", _("accepted the report")
    DISPUTED = "disputed", _("disputed the report")
    ANSWERED = "answered", _("answered the dispute")


class Rows(TextChoices):
    """What a figure counts: the rows behind it."""

    RECORD = "record", _("tickets")
    CLOCK = "clock", _("clocks")
    OUTAGE = "outage", _("outages")


class Promise(TextChoices):
    """What a service credit is given for."""

    ATTAINMENT = "attainment", _("targets met")
    RESPONSE = "response", _("response targets met")
    RESOLUTION = "resolution", _("resolution targets met")
    AVAILABILITY = "availability", _("availability")


class PartMonth(TextChoices):
    """What fee counts for a month of which the agreement was in force for a part only."""

    DAYS = "days", _("by the days in force")
    WHOLE = "whole", _("the whole fee")


class MeetingState(TextChoices):
    """Where a review meeting stands. Closed minutes stay."""

    PLANNED = "planned", _("planned")
    CLOSED = "closed", _("minutes closed")


class AgendaKind(TextChoices):
    """Why something is talked about."""

    DISPUTE = "dispute", _("dispute")
    TARGET = "target", _("target missed")
    OUTAGE = "outage", _("availability missed")
    TREND = "trend", _("getting worse")
    AGREEMENT = "agreement", _("agreement ends")
    ACTION = "action", _("open action")
    DONE = "done", _("action done")
    TOPIC = "topic", _("topic")
