"""States of approvals, ways to decide, and who can be asked."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Of an approval as a whole."""

    OPEN = "open", _("being decided")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    LAPSED = "lapsed", _("lapsed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class StepState(TextChoices):
    WAITING = "waiting", _("not its turn yet")
    OPEN = "open", _("being decided")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    ENDED = "ended", _("not decided")


class Choice(TextChoices):
    """What a vote says. Conditions come with an approval and become mandatory tasks."""

    APPROVE = "approve", _("approve")
    REJECT = "reject", _("reject")
    ABSTAIN = "abstain", _("abstain")


class Quorum(TextChoices):
    """How many must approve. What an abstention means for each stands in `rules.py`."""

    ANY = "any", _("any one of them")
    ALL = "all", _("all of them")
    COUNT = "count", _("a number of them")
    PERCENT = "percent", _("a share of them, %")


class ApproverKind(TextChoices):
    """Who takes the seats of a step; everything but a person is looked up when the approval starts."""

    PERSON = "person", _("a person")
    ROLE = "role", _("everybody with a role")
    TEAM = "team", _("the members of a team")
    TEAM_LEAD = "team_lead", _("the lead of the record's team")
    SERVICE_OWNER = "service_owner", _("the owner of the service")
    BOARD = "board", _("the members of a board")
    CUSTOMER = "customer", _("the managers of the requester's organization")


# Only records have these; a policy about something else asks none of them.
OF_THE_RECORD = (ApproverKind.TEAM_LEAD, ApproverKind.SERVICE_OWNER, ApproverKind.CUSTOMER)


class Expiry(TextChoices):
    """What happens when the deadline of a step has passed."""

    REMIND = "remind", _("remind those who have not voted")
    ESCALATE = "escalate", _("let somebody else decide")
    REJECT = "reject", _("reject")


class Comparison(TextChoices):
    IS = "is", _("is one of")
    IS_NOT = "is_not", _("is none of")
    AT_LEAST = "at_least", _("is at least")
    AT_MOST = "at_most", _("is at most")


class Handover(TextChoices):
    """Why somebody else sits on a seat than the person who was asked first."""

    DELEGATED = "delegated", _("handed over")
    DEPUTY = "deputy", _("as their deputy")
    LEAD = "lead", _("as the lead of their team")
