"""What guards ask about one release at one moment."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from approvals import purposes, selection
from approvals import queries as approvals
from common.refusals import Refusal
from records.enums import TaskState
from records.models import Task

from ..enums import Result
from ..models import AcceptanceCriterion, Deployment, ReadinessItem
from .contents import Content, contents_of
from .early_life import ExitCriterion, caused, exit_criteria

GO = "release.go"


class ReleaseFacts:
    """Each answer is looked up when first asked for."""

    def __init__(self, release: Any, at: datetime) -> None:
        self.release = release
        self.at = at

    @cached_property
    def service_ids(self) -> set[int]:
        return set(self.release.services.values_list("pk", flat=True))

    @cached_property
    def contents(self) -> list[Content]:
        return contents_of(self.release)

    @cached_property
    def criteria(self) -> list[AcceptanceCriterion]:
        return list(AcceptanceCriterion.objects.filter(release=self.release.pk))

    @cached_property
    def checklist(self) -> list[ReadinessItem]:
        return list(ReadinessItem.objects.filter(release=self.release.pk))

    @cached_property
    def deployments(self) -> list[Deployment]:
        return list(Deployment.objects.filter(release=self.release.pk))

    @property
    def has_production_wave(self) -> bool:
        return any(each.is_live and not each.has_ended for each in self.deployments)

    @property
    def is_live(self) -> bool:
        return any(each.is_live and each.result == Result.SUCCESSFUL for each in self.deployments)

    @property
    def lost_waves(self) -> list[str]:
        """Names of the deployments to production that did not succeed and were not repeated."""
        repeated = {each.repeats_id for each in self.deployments}
        lost = (Result.FAILED, Result.BACKED_OUT)
        return [
            each.name for each in self.deployments if each.is_live and each.result in lost and each.pk not in repeated
        ]

    @cached_property
    def exit_criteria(self) -> list[ExitCriterion]:
        return exit_criteria(self.release, at=self.at)

    @cached_property
    def caused_count(self) -> int:
        return caused(self.release).count()

    @cached_property
    def open_mandatory_tasks(self) -> int:
        return Task.objects.filter(record_id=self.release.pk, is_mandatory=True, state=TaskState.OPEN).count()

    @cached_property
    def go_refusal(self) -> Refusal | None:
        """Why it may not go by the approval policies; None when it may, or when no policy asks anybody."""
        if approvals.standing(self.release, GO) is not None:
            return None
        if approvals.open_one(self.release, GO) is not None:
            return Refusal("go", _("Go or no-go is still being decided. Look at the readiness."), "approval")
        if selection.choose(purposes.of(GO), self.release).policy is None:
            return None
        return Refusal("no_go", _("Nobody has said go to what it is now. Ask for the decision."), "approval")
