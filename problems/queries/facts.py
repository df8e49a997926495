"""What guards ask about one problem at one moment."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from people.access import access_of
from people.models import Membership
from records.enums import LinkKind, Phase, TaskState
from records.models import Link, Record, Task

from ..models import Cause, KnownError, RecurrenceMatch
from . import fixes

NONE_SAID = "none"


class ProblemFacts:
    """Each answer is looked up when first asked for."""

    def __init__(self, problem: Any, at: datetime) -> None:
        self.problem = problem
        self.at = at

    @cached_property
    def _known_error(self) -> KnownError | None:
        return KnownError.objects.filter(pk=self.problem.pk).first()

    def said(self, name: str) -> str:
        """What an earlier declaration said of `symptom`, `cause` or `workaround`; “none” for no workaround."""
        known = self._known_error
        if known is None:
            return ""
        if name == "workaround" and not known.has_workaround:
            return NONE_SAID
        return str(getattr(known, name))

    @cached_property
    def root_causes(self) -> list[Cause]:
        return list(Cause.objects.filter(problem_id=self.problem.pk, is_root=True))

    @cached_property
    def _changes(self) -> list[Record]:
        return fixes.changes_of(self.problem.pk)

    @cached_property
    def _tasks(self) -> list[Task]:
        return list(Task.objects.filter(record_id=self.problem.pk).exclude(state=TaskState.SKIPPED))

    @property
    def has_fix(self) -> bool:
        """A linked change that may still succeed, or has; or a task."""
        return any(not fixes.is_lost(change) for change in self._changes) or bool(self._tasks)

    @property
    def unfinished_fixes(self) -> list[str]:
        """What is still under way, in words."""
        changes = [
            _("%(reference)s is %(state)s") % {"reference": each.reference, "state": each.state_label}
            for each in self._changes
            if each.phase != Phase.DONE and not fixes.is_implemented(each)
        ]
        tasks = [_("task “%(title)s” is open") % {"title": each.title} for each in self._tasks if each.ended_at is None]
        return changes + tasks

    @property
    def is_fixed(self) -> bool:
        """A change was implemented; where no change is linked, a task was done."""
        if self._changes:
            return any(fixes.is_implemented(each) for each in self._changes)
        return any(each.state == TaskState.DONE for each in self._tasks)

    @cached_property
    def unexplained_matches(self) -> int:
        return RecurrenceMatch.objects.filter(problem_id=self.problem.pk, explained_at=None, is_confirmed=False).count()

    @cached_property
    def has_original(self) -> bool:
        return Link.objects.filter(from_record=self.problem.pk, kind=LinkKind.DUPLICATE_OF).exists()

    def stands_above_owner(self, person: Any) -> bool:
        """
        Whether the person leads a team that the owner works in (the problem's team where nobody owns it), or manages
        services.
        """
        if access_of(person).allows_on("problem.accept_any_risk", self.problem):
            return True
        owner = self.problem.owner_id
        if owner is None:
            return self.problem.team is not None and self.problem.team.lead_id == person.pk
        return Membership.objects.filter(user=owner, team__lead=person).exists()
