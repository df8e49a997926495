"""
What deployments are measured by: the four DORA measures and rework, in production only.

The alias `r` stands for what every measure asks of a record. A deployment is none, so it is made from the deployment
itself, with its key below zero: so marks find it and no record of the same key.
"""

from django.utils.translation import gettext_lazy as _

from measurement.declarations import KPI, Direction, Event, Family, Unit, register

_PLACE = (
    " JOIN LATERAL (SELECT -d.id AS id, d.service_id, d.team_id, d.organization_id, 0 AS priority, d.is_sample) r"
    " ON true"
)
_DEPLOYMENT = f"changes_pipelines_deployment d{_PLACE}"
_COMMIT = f"changes_pipelines_commit c JOIN changes_pipelines_deployment d ON d.id = c.deployment_id{_PLACE}"

DEPLOYMENTS = Family(
    name="change.deployments",
    definition=1,
    source=_DEPLOYMENT,
    amounts=("deployed", "succeeded", "failed", "repairs", "recovered", "broken_seconds"),
    singles={"broken_seconds": "recovered"},
    rows="changes_pipelines.Deployment",
    row="d.id",
    events=(
        Event(
            moment="d.finished_at",
            where="d.is_production",
            amounts={
                "deployed": "1",
                "succeeded": "(d.state = 'succeeded')::int",
                "failed": "(d.failed_at IS NOT NULL)::int",
                "repairs": "d.is_unplanned_repair::int",
            },
        ),
        Event(
            moment="d.recovered_at",
            where="d.is_production",
            amounts={
                "recovered": "1",
                "broken_seconds": "round(greatest(extract(epoch FROM d.recovered_at - d.failed_at), 0))",
            },
        ),
    ),
)

COMMITS = Family(
    name="change.commits",
    definition=1,
    source=_COMMIT,
    amounts=("commits", "waited_seconds"),
    singles={"waited_seconds": "commits"},
    rows="changes_pipelines.Commit",
    row="c.id",
    events=(
        Event(
            moment="d.finished_at",
            where="c.is_first",
            amounts={
                "commits": "1",
                "waited_seconds": "round(greatest(extract(epoch FROM d.finished_at - c.committed_at), 0))",
            },
        ),
    ),
)

_ON_FINISHED = _("the day on which the deployment finished")
_DEPLOYED = _("deployments to production that were reported, however they went")

KPIS = (
    KPI(
        id="dora-df",
        name=_("Deployment frequency"),
        question=_("How often do we bring something into production?"),
        unit=Unit.PER_DAY,
        direction=Direction.HIGHER,
        families=("change.deployments",),
        numerator="succeeded",
        numerator_text=_("deployments to production that succeeded, divided by the calendar days of the period"),
        event_text=_ON_FINISHED,
        source_text=_("deployments"),
        caveat=_("Without any deployment there is no value. The days of a period that is not over yet all count."),
    ),
    KPI(
        id="dora-lt",
        name=_("Lead time of commits"),
        question=_("How long does a commit wait until it is in production?"),
        unit=Unit.HOURS,
        direction=Direction.LOWER,
        families=("change.commits",),
        numerator="waited_seconds",
        numerator_text=_("time from each commit to the end of the deployment that first brought it into production"),
        denominator="commits",
        denominator_text=_("commits that came into production"),
        factor=1 / 3600,
        target=24,
        event_text=_ON_FINISHED,
        source_text=_("deployments and their commits"),
        caveat=_("Read the median: one old commit lifts the mean. A commit counts once for each service."),
    ),
    KPI(
        id="dora-cfr",
        name=_("Change fail rate of deployments"),
        question=_("How many deployments break something?"),
        unit=Unit.PERCENT,
        direction=Direction.LOWER,
        families=("change.deployments",),
        numerator="failed",
        numerator_text=_("deployments to production that failed, were rolled back, or were followed by a repair"),
        denominator="deployed",
        denominator_text=_DEPLOYED,
        factor=100,
        target=15,
        event_text=_ON_FINISHED,
        source_text=_("deployments"),
        caveat=_("Counts deployments; “Failed or backed-out changes” counts changes."),
    ),
    KPI(
        id="dora-fdrt",
        name=_("Recovery time of failed deployments"),
        question=_("How long is a service broken after a deployment that failed?"),
        unit=Unit.HOURS,
        direction=Direction.LOWER,
        families=("change.deployments",),
        numerator="broken_seconds",
        numerator_text=_(
            "time from the failure to the next deployment that went well, the end of the rollback, or the end of the"
            " incident, whichever came first"
        ),
        denominator="recovered",
        denominator_text=_("failed deployments to production that were recovered from"),
        factor=1 / 3600,
        target=1,
        event_text=_("the day of the recovery"),
        source_text=_("deployments and their incidents"),
        caveat=_(
            "A failure begins when the deployment ended, a rollback when it began, and what was found later when its"
            " incident was opened."
        ),
    ),
    KPI(
        id="dora-rework",
        name=_("Deployment rework"),
        question=_("How much do we deploy only to repair what we broke?"),
        unit=Unit.PERCENT,
        direction=Direction.LOWER,
        families=("change.deployments",),
        numerator="repairs",
        numerator_text=_("deployments to production reported as unplanned repairs"),
        denominator="deployed",
        denominator_text=_DEPLOYED,
        factor=100,
        event_text=_ON_FINISHED,
        source_text=_("deployments"),
    ),
)


def declare() -> None:
    """Called from `ready`."""
    register(DEPLOYMENTS, COMMITS, *KPIS)
