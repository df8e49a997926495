"""How articles present themselves to the platform."""

from django.utils.translation import gettext_lazy as _

from records.practices import Practice

from . import operations
from .enums import State
from .models import Article
from .queries import ArticleFacts, refuse_link
from .workflow import PHASES

PRACTICE = Practice(
    kind="article",
    prefix="KB",
    slug="kb",
    process="operate",
    label=_("article"),
    label_plural=_("articles"),
    model=Article,
    states=State,
    phases=PHASES,
    operations=operations,
    facts=ArticleFacts,
    steps={
        State.DRAFT: "execute",
        State.IN_REVIEW: "check",
        State.PUBLISHED: "log",
        State.REVIEW_DUE: "check",
        State.RETIRED: "close",
    },
    refuse_link=refuse_link,
    raised_from={kind: _("Write an article") for kind in ("incident", "problem", "request")},
)
