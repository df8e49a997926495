"""What guards ask about one change at one moment."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals import queries as approvals
from approvals.enums import State as ApprovalState
from common.refusals import Refusal
from records.enums import LinkKind, TaskState
from records.models import Link, Task

from ..enums import ModelState, StepState
from ..models import ChangeModel, ChangeStep, RiskAnswer, RiskFactor
from .conflicts import conflicts
from .nearby import close_to

AUTHORIZE = "change.authorize"


class ChangeFacts:
    """Each answer is looked up when first asked for."""

    def __init__(self, change: Any, at: datetime) -> None:
        self.change = change
        self.at = at

    @cached_property
    def service_ids(self) -> set[int]:
        found = set(self.change.services.values_list("pk", flat=True))
        return found | ({self.change.service_id} if self.change.service_id else set())

    @cached_property
    def item_ids(self) -> set[int]:
        return set(self.change.items.values_list("pk", flat=True))

    @cached_property
    def open_risk_questions(self) -> int:
        answered = RiskAnswer.objects.filter(change=self.change.pk, is_for_less=False).values("factor")
        return RiskFactor.objects.filter(is_active=True).exclude(pk__in=answered).count()

    @cached_property
    def has_incident(self) -> bool:
        """Whether it fixes or was raised from an incident."""
        either = Q(from_record=self.change.pk, to_record__kind="incident") | Q(
            to_record=self.change.pk, from_record__kind="incident", kind=LinkKind.FIXED_BY
        )
        return Link.objects.filter(either).exclude(kind=LinkKind.DUPLICATE_OF).exists()

    @cached_property
    def _model(self) -> ChangeModel | None:
        return ChangeModel.objects.filter(pk=self.change.model_id).first()

    @property
    def model_refusal(self) -> Refusal | None:
        """Why the model can't be used for this change; None when it can."""
        model = self._model
        if model is None:
            return Refusal("model", _("A standard change needs an approved model. Choose one."), "model")
        if model.state != ModelState.APPROVED:
            return Refusal(
                "model_state",
                _("The model “%(name)s” is %(state)s. Make it a normal change, or choose another model.")
                % {"name": model, "state": model.get_state_display()},
                "model",
            )
        day = self.at.astimezone(get_default_timezone()).date()
        if model.expires_date is not None and model.expires_date <= day:
            return Refusal(
                "model_expired",
                _("The approval of the model “%(name)s” ended on %(date)s. Ask its owner %(owner)s to renew it.")
                % {"name": model, "date": model.expires_date, "owner": model.owner},
                "model",
            )
        allowed = set(model.services.values_list("pk", flat=True))
        if allowed and not self.service_ids <= allowed:
            return Refusal(
                "model_services",
                _("The model “%(name)s” is for other services. Make it a normal change.") % {"name": model},
                "services",
            )
        return self.too_long_for_model(self.change.planned_from, self.change.planned_to)

    def too_long_for_model(self, start: datetime | None, end: datetime | None) -> Refusal | None:
        model = self._model
        if model is None or start is None or end is None or end - start <= timedelta(minutes=model.longest_minutes):
            return None
        return Refusal(
            "model_window",
            _("The model “%(name)s” allows %(minutes)s minutes. Shorten the window, or make it a normal change.")
            % {"name": model, "minutes": model.longest_minutes},
            "window",
        )

    def window_refusal(self, start: datetime | None, end: datetime | None, *, viewer: Any) -> Refusal | None:
        """
        What nobody accepted yet stands in the way of this window; None when it is free.

        :param viewer: who reads it: changes that they may not see are not named.
        """
        if start is None or end is None:
            return None
        still_open = [each for each in conflicts(self.change, start, end, viewer=viewer) if each.is_open]
        if not still_open:
            return None
        more = len(still_open) - 1
        rest = ngettext(" One more conflict is open.", " %(count)d more conflicts are open.", more) % {"count": more}
        advice = (
            _("Choose another window, or have an exemption granted.")
            if still_open[0].is_freeze
            else _("Choose another window, or accept the conflict and say why.")
        )
        return Refusal("conflict", f"{still_open[0].sentence} {advice}{rest if more else ''}", "window")

    def freeze_refusal(self, at: datetime, until: datetime | None) -> Refusal | None:
        """The freeze without exemption that stands in the way of work from `at` to `until`, or just then."""
        end = until or at + timedelta(minutes=1)
        freezes = [each for each in conflicts(self.change, at, end) if each.is_freeze and each.is_open]
        if not freezes:
            return None
        advice = _("Reschedule it, or have an exemption granted.")
        return Refusal("freeze", f"{freezes[0].sentence} {advice}", "window")

    @cached_property
    def _latest_approval(self) -> Any:
        found = [each for each in approvals.of_subject(self.change) if each.purpose == AUTHORIZE]
        return max(found, key=lambda each: each.pk, default=None)

    @property
    def was_decided_late(self) -> bool:
        """Whether the board said yes or no to what it was asked about last."""
        latest = self._latest_approval
        return latest is not None and latest.state in (ApprovalState.APPROVED, ApprovalState.REJECTED)

    @property
    def is_asked_late(self) -> bool:
        return self._latest_approval is not None and self._latest_approval.is_open

    @cached_property
    def has_standing_vote(self) -> bool:
        """Whether an approval was given for the change as it is now."""
        return approvals.standing(self.change, AUTHORIZE) is not None

    @property
    def excluded_people(self) -> set[int]:
        return {key for key in (self.change.requester_id, self.change.assignee_id) if key is not None}

    @cached_property
    def open_mandatory_tasks(self) -> int:
        return Task.objects.filter(record_id=self.change.pk, is_mandatory=True, state=TaskState.OPEN).count()

    @cached_property
    def open_steps(self) -> int:
        return ChangeStep.objects.filter(
            change=self.change.pk, state__in=[StepState.PLANNED, StepState.RUNNING]
        ).count()

    @cached_property
    def incidents_nearby(self) -> bool:
        """Whether incidents came up on its services or items in the seven days since it began that nobody linked."""
        return bool(close_to(self.change).exists())
