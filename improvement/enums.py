"""States of improvements, the seven steps, where an improvement comes from, and the words of a verdict."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    SUGGESTED = "suggested", _("suggested")
    ACCEPTED = "accepted", _("accepted")
    ACTIVE = "active", _("active")
    ON_HOLD = "on_hold", _("on hold")
    REALIZED = "realized", _("realized")
    PARTLY_REALIZED = "partly_realized", _("partly realized")
    NOT_REALIZED = "not_realized", _("not realized")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Step(IntegerChoices):
    """The seven questions of the continual improvement model (domain reference, improvement 2)."""

    VISION = 1, _("What is the vision?")
    NOW = 2, _("Where are we now?")
    TARGET = 3, _("Where do we want to be?")
    WAY = 4, _("How do we get there?")
    ACTION = 5, _("Take action")
    CHECK = 6, _("Did we get there?")
    MOMENTUM = 7, _("How do we keep the momentum going?")


SHORT_STEPS = {
    Step.VISION: _("Vision"), Step.NOW: _("Now"), Step.TARGET: _("Target"), Step.WAY: _("How"),
    Step.ACTION: _("Act"), Step.CHECK: _("Check"), Step.MOMENTUM: _("Keep"),
}  # fmt: skip


class Letter(TextChoices):
    """Plan, do, check, act."""

    PLAN = "P", _("Plan")
    DO = "D", _("Do")
    CHECK = "C", _("Check")
    ACT = "A", _("Act")


LETTERS = {
    Step.VISION: Letter.PLAN, Step.NOW: Letter.PLAN, Step.TARGET: Letter.PLAN, Step.WAY: Letter.PLAN,
    Step.ACTION: Letter.DO, Step.CHECK: Letter.CHECK, Step.MOMENTUM: Letter.ACT,
}  # fmt: skip


class Size(TextChoices):
    """How much ceremony it takes: what is small may skip the vision and the options."""

    REGULAR = "regular", _("regular")
    SMALL = "small", _("small: just do it")


class Origin(TextChoices):
    """Domain reference, improvement 3: source."""

    PERSON = "person", _("somebody's idea")
    INCIDENT = "incident", _("incident")
    PROBLEM = "problem", _("problem")
    CHANGE_REVIEW = "change_review", _("review of a change")
    BREACH = "breach", _("missed target")
    SIGNAL = "signal", _("signal of a measure")
    SERVICE_REVIEW = "service_review", _("service review")
    SURVEY = "survey", _("survey answer")
    COMPLAINT = "complaint", _("complaint")
    AUDIT = "audit", _("audit")
    RETROSPECTIVE = "retrospective", _("retrospective")


class Word(TextChoices):
    """What the comparison says."""

    REACHED = "reached", _("reached")
    PARTLY = "partly", _("partly reached")
    NO_EVIDENCE = "no_evidence", _("no evidence")
    WORSE = "worse", _("worse")


class Aspect(TextChoices):
    """What a scale measures."""

    VALUE = "value", _("value")
    EFFORT = "effort", _("effort")
    RISK = "risk", _("risk of doing it")
