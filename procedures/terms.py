"""What a version of a procedure says, as plain values: what acts take, the log keeps, and pages compare."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .models import ProcedureStep, ProcedureVersion


@dataclass(frozen=True)
class StepTerms:
    """:param slug: of the step in the version before; empty for a new one."""

    name: str
    role: str
    guidance: str = ""
    is_mandatory: bool = False
    slug: str = ""


@dataclass(frozen=True)
class Terms:
    """
    Purpose, work instructions, the records it is done on, and its steps in order.

    :param kinds: none: it is done outside of records. :param services, teams, organizations: keys; none: any.
    """

    purpose: str = ""
    instructions: str = ""
    kinds: tuple[str, ...] = ()
    services: tuple[int, ...] = ()
    teams: tuple[int, ...] = ()
    organizations: tuple[int, ...] = ()
    priorities: tuple[int, ...] = ()
    steps: tuple[StepTerms, ...] = ()

    @classmethod
    def of(cls, version: ProcedureVersion) -> "Terms":
        return cls(
            purpose=version.purpose,
            instructions=version.instructions,
            kinds=tuple(version.kinds),
            services=tuple(version.service_ids),
            teams=tuple(version.team_ids),
            organizations=tuple(version.organization_ids),
            priorities=tuple(version.priorities),
            steps=tuple(
                StepTerms(
                    name=step.name,
                    role=step.role,
                    guidance=step.guidance,
                    is_mandatory=step.is_mandatory,
                    slug=step.slug,
                )
                for step in version.steps.all()
            ),
        )

    def columns(self) -> Mapping[str, Any]:
        """For the row of the version; steps are rows of their own."""
        return {
            "purpose": self.purpose,
            "instructions": self.instructions,
            "kinds": list(self.kinds),
            "service_ids": sorted(self.services),
            "team_ids": sorted(self.teams),
            "organization_ids": sorted(self.organizations),
            "priorities": sorted(self.priorities),
        }

    def as_document(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def has_mandatory_steps(self) -> bool:
        return any(step.is_mandatory for step in self.steps)


def rows_of(version: ProcedureVersion, steps: tuple[StepTerms, ...]) -> list[ProcedureStep]:
    """The steps as rows, in their order, each with its slug."""
    return [
        ProcedureStep(
            version=version,
            slug=step.slug,
            position=position,
            name=step.name,
            role=step.role,
            guidance=step.guidance,
            is_mandatory=step.is_mandatory,
        )
        for position, step in enumerate(steps, start=1)
    ]
