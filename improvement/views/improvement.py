"""The page of an improvement and its tabs: overview, steps, measures, work, history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from people.access import Access
from records.rendering import render as render_text
from records.views import tabs
from records.views.page import RecordPage

from ..enums import Step
from ..forms import (
    FIELDS,
    ActionForm,
    AnswersForm,
    OptionForm,
    ScoreForm,
)
from ..models import Improvement, Vote
from ..operations.measuring import may_see_figures
from ..operations.working import OPEN_TO_KEEP, OPEN_TO_WORK
from ..queries import scoring, work
from ..queries.drawing import drawn
from ..queries.wheel import Wheel, wheel_of

TABS = {
    "overview": gettext_lazy("Overview"),
    "steps": gettext_lazy("Seven steps"),
    "measures": gettext_lazy("Before and after"),
    "work": gettext_lazy("Work"),
    "history": gettext_lazy("History"),
}


class ImprovementPage(RecordPage):
    """Overview: what was said and done, the score, and who does it."""

    kind = "improvement"
    list_url = "/improvements/"
    fields = FIELDS
    facts = ("goal", "size", "service", "assignee", "team", "category", "tags")
    head = "improvement/_head.html"
    side = ("improvement/_score.html", *RecordPage.side)
    tab: ClassVar[str] = "overview"

    def rows(self, record: Improvement, *, can_edit: bool) -> list[dict[str, Any]]:
        found = super().rows(record, can_edit=can_edit)
        if can_edit:
            found = [each for each in found if each["name"] != "owner"]
            address = f"{record.get_absolute_url()}fields/owner/"
            found.insert(
                1, {"name": "owner", "label": gettext_lazy("Owner"), "value": record.owner, "edit_url": address}
            )
        return found

    def more(self, request: HttpRequest, record: Improvement, *, access: Access, at: datetime) -> Mapping[str, Any]:
        may_edit = access.allows_on("improvement.edit", record)
        current = "history" if self.tab == "overview" and request.GET.get("show") == "history" else self.tab
        scales = scoring.scales()
        votes = list(Vote.objects.filter(improvement=record).values_list("user_id", flat=True))
        return {
            "improvement_tabs": tabs.tabs_of(
                record, TABS, current, addresses={"history": f"{record.get_absolute_url()}?show=history"}
            ),
            "may_edit": may_edit,
            "may_work": may_edit and record.state in OPEN_TO_WORK,
            "may_score": may_edit and record.closed_at is None,
            "may_triage": access.allows_on("improvement.triage", record) and record.closed_at is None,
            "may_vote": access.allows_on("improvement.vote", record) and record.closed_at is None,
            "score": scales.score(record.value, record.effort, record.risk),
            "score_form": ScoreForm(
                initial={name: getattr(record, name) for name in ("value", "effort", "risk")}, scales=scales
            ),
            "levels": [
                {"label": scale, "level": level, "text": scale.texts[level - 1]}
                for name, scale in scales.rows.items()
                if (level := getattr(record, name)) is not None
            ],
            "vote_count": len(votes),
            "is_mine": request.user.pk in votes,
            "reply": render_text(record.reply_text),
            "goal": record.goal,
        }


class Tab(tabs.Tab, ImprovementPage):
    """A tab of an improvement."""


class StepsTab(Tab):
    """The wheel, and every step with its questions."""

    tab = "steps"
    template = "improvement/steps.html"

    def more(self, request: HttpRequest, record: Improvement, *, access: Access, at: datetime) -> Mapping[str, Any]:
        found = dict(super().more(request, record, access=access, at=at))
        wheel = wheel_of(record)
        may_keep = found["may_edit"] and record.state in OPEN_TO_KEEP
        return found | {
            "wheel": wheel,
            "drawing": drawn(wheel),
            "steps": [self._section(each, record, wheel, found["may_work"], may_keep) for each in wheel.steps],
            "option_form": OptionForm(scales=scoring.scales()) if found["may_work"] else None,
            "action_form": self._action_form(record),
            "step_measures": [(each, may_see_figures(request.user, each)) for each in wheel.measures],
            "seen_work": work.seen_by(request.user, wheel.work),
            "walked": [each for each in wheel.strides if each.step_from != each.step_to][-60:],
            "scored_options": [
                {"option": each, "score": scoring.scales().score(each.value, each.effort, each.risk)}
                for each in wheel.options
            ],
        }

    @staticmethod
    def _section(state: Any, record: Improvement, wheel: Wheel, may_work: bool, may_keep: bool) -> dict[str, Any]:
        may_answer = may_work or (may_keep and state.step == Step.MOMENTUM)
        answer = wheel.answer_of(state.step)
        initial = {question.name: text for question, text in state.answers}
        return {
            "state": state,
            "answer": answer,
            "form": AnswersForm(step=state.step, initial=initial) if may_answer else None,
            "texts": [(question.label, render_text(text)) for question, text in state.answers if text],
            "earlier": [
                {"loop": each.loop, "texts": [text for text in each.texts.values() if text], "skip": each.skip_reason}
                for each in state.earlier
                if each.skip_reason or any(each.texts.values())
            ],
            "may_go": may_work and not state.is_current,
            "is_back": state.number < record.step,
            "may_skip": may_answer and state.may_be_skipped and not state.is_complete,
        }

    @staticmethod
    def _action_form(record: Improvement) -> ActionForm:
        return ActionForm(initial={"acted_on": record.acted_on, "settling_days": record.settling_days})


class WorkTab(Tab):
    """What is done for it, of whatever practice, and how it stands."""

    tab = "work"
    template = "improvement/work.html"

    def more(self, request: HttpRequest, record: Improvement, *, access: Access, at: datetime) -> Mapping[str, Any]:
        found = dict(super().more(request, record, access=access, at=at))
        everything = work.work_of(record)
        seen = work.seen_by(request.user, everything)
        return found | {
            "work": seen,
            "hidden_count": len(everything) - len(seen),
            "ended_count": sum(each.has_ended for each in everything),
            "all_count": len(everything),
            "origins": work.origins_of(record, request.user),
            "may_link": access.allows_on("record.link", record) and record.closed_at is None,
        }
