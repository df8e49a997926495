"""
The KPIs that a service provider is expected to know, whether Steward counts them yet or not.

Names, questions and formulas of those that are counted stand with their declarations (`measures.py` of the practices);
of the others in `waiting`. The short names are stable: improvements, dashboards and audits refer to them.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Period(TextChoices):
    """Over which period a measure is usually told."""

    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    YEAR = "year", _("year")
    STOCK = "stock", _("what stands at the end of a day")
    RELEASE = "release", _("release")
    DAYS_28 = "28 days", _("28 days")


class Kind(TextChoices):
    LAGGING = "lagging", _("shows results")
    LEADING = "leading", _("warns ahead")


AREAS = {
    "availability": _("availability"), "capacity": _("capacity"), "change": _("changes"),
    "configuration": _("configuration"), "continuity": _("continuity"), "customer": _("customers"),
    "demand": _("demand"), "dora": _("deployments"), "finance": _("finance"), "improvement": _("improvement"),
    "incident": _("incidents"), "knowledge": _("knowledge"), "portfolio": _("portfolio"), "problem": _("problems"),
    "project": _("projects"), "release": _("releases"), "request": _("requests"), "risk": _("risk"),
    "security": _("security"), "slm": _("service levels"), "supplier": _("suppliers"),
}  # fmt: skip

# Told under another name: the same two amounts.
SAME_AS = {"sup-performance": "inc-supplier-sla"}


@dataclass(frozen=True)
class Fact:
    """:ivar direction: `higher`, `lower`, `neutral`, or `band`: best inside a band."""

    id: str
    area: str
    direction: str
    period: Period
    kind: Kind

    @property
    def area_text(self) -> Any:
        return AREAS[self.area]


def _read(line: str) -> Fact:
    name, area, direction, period, kind = (each.strip() for each in line.split("|"))
    return Fact(name, area, direction, Period(period), Kind(kind))


_FACTS = """
inc-volume | incident | lower | month | lagging
inc-per-100-users | incident | lower | month | lagging
inc-mttr-resolve | incident | lower | month | lagging
inc-mttrs | incident | lower | month | lagging
inc-mean-time-acknowledge | incident | lower | month | lagging
inc-response-sla | incident | higher | month | lagging
inc-resolution-sla | incident | higher | month | lagging
inc-open-breached | incident | lower | stock | leading
inc-backlog-age | incident | lower | stock | leading
inc-fcr | incident | higher | month | lagging
inc-first-line | incident | higher | month | lagging
inc-reopen | incident | lower | month | lagging
inc-reassign | incident | lower | month | lagging
inc-major-count | incident | lower | month | lagging
inc-major-review | incident | higher | month | lagging
inc-known-error-match | incident | higher | month | lagging
inc-detected-by-monitoring | incident | higher | month | leading
req-volume | request | neutral | month | lagging
req-fulfil-sla | request | higher | month | lagging
req-cycle-time | request | lower | month | lagging
req-self-service | request | higher | month | lagging
req-automated | request | higher | month | lagging
req-approval-time | request | lower | month | lagging
sd-abandon | request | lower | month | lagging
sd-asa | request | lower | month | lagging
prb-rca-time | problem | lower | quarter | lagging
prb-open-age | problem | lower | stock | leading
prb-resolved-rate | problem | higher | quarter | lagging
prb-known-errors-workaround | problem | higher | stock | lagging
prb-recurrence | problem | lower | quarter | lagging
prb-proactive | problem | higher | quarter | leading
chg-success | change | higher | month | lagging
chg-fail | change | lower | month | lagging
chg-incidents-caused | change | lower | month | lagging
chg-emergency | change | lower | month | lagging
chg-unauthorised | change | lower | month | lagging
chg-lead-time | change | lower | month | lagging
chg-standard-share | change | higher | month | lagging
chg-pir | change | higher | month | lagging
chg-window | change | higher | month | lagging
rel-on-time | release | higher | quarter | lagging
rel-defect-escape | release | lower | release | lagging
cfg-accuracy | configuration | higher | quarter | lagging
cfg-completeness | configuration | higher | stock | leading
slm-attainment | slm | higher | month | lagging
slm-coverage | slm | higher | stock | leading
slm-reviews | slm | higher | quarter | leading
slm-backtoback | slm | higher | stock | leading
sup-performance | supplier | higher | month | lagging
avl-availability | availability | higher | month | lagging
avl-mtbf | availability | higher | quarter | lagging
avl-mtbsi | availability | higher | quarter | lagging
avl-user-minutes | availability | lower | month | lagging
cap-breaches | capacity | lower | month | leading
cap-forecast-accuracy | demand | higher | quarter | lagging
con-tests | continuity | higher | quarter | leading
con-rto | continuity | higher | year | lagging
csi-throughput | improvement | higher | quarter | lagging
csi-benefit | improvement | higher | quarter | lagging
csi-with-baseline | improvement | higher | stock | leading
csi-cycle | improvement | lower | quarter | lagging
csi-actions-overdue | improvement | lower | stock | leading
aud-nc-closure | improvement | higher | quarter | lagging
kn-reuse | knowledge | higher | month | lagging
kn-freshness | knowledge | higher | stock | leading
kn-helpful | knowledge | higher | month | lagging
kn-deflection | knowledge | higher | month | lagging
csat | customer | higher | month | lagging
nps | customer | higher | quarter | lagging
ces | customer | higher | quarter | lagging
survey-response | customer | higher | month | lagging
complaint-time | customer | higher | quarter | lagging
xla-experience | customer | higher | quarter | lagging
fin-cost-per-ticket | finance | lower | month | lagging
fin-unit-cost | finance | lower | month | lagging
fin-budget-variance | finance | band | month | lagging
fin-forecast-accuracy | finance | higher | month | lagging
fin-run-change | finance | lower | quarter | lagging
fin-allocated | finance | higher | month | lagging
fin-cost-downtime | finance | lower | month | lagging
dora-df | dora | higher | month | lagging
dora-lt | dora | lower | month | lagging
dora-cfr | dora | lower | month | lagging
dora-fdrt | dora | lower | month | lagging
dora-rework | dora | lower | month | lagging
dora-reliability | dora | higher | month | lagging
sre-error-budget | dora | higher | 28 days | leading
sec-incident-close | security | higher | month | lagging
sec-patch-critical | security | higher | month | leading
risk-overdue | risk | lower | stock | leading
prj-spi | project | higher | month | lagging
prj-cpi | project | higher | month | lagging
pf-strategic-share | portfolio | higher | quarter | lagging
wish-decision-time | demand | lower | month | lagging
call-classified-right | customer | higher | month | lagging
cap-headroom | capacity | band | month | leading
cap-incidents | capacity | lower | month | lagging
cap-performance | capacity | higher | month | lagging
kn-contrib | knowledge | higher | month | lagging
cfg-unverified | configuration | lower | stock | leading
cfg-drift | configuration | lower | month | lagging
sup-reviews | supplier | higher | quarter | leading
sup-expiring | supplier | lower | stock | leading
sup-disputes | supplier | lower | stock | lagging
dem-conversion | demand | neutral | quarter | lagging
dem-aging | demand | lower | stock | leading
dem-bias | demand | band | quarter | lagging
pf-on-track | portfolio | higher | month | lagging
pf-retired | portfolio | higher | year | lagging
prj-milestones | project | higher | month | lagging
prj-handover | project | higher | quarter | lagging
"""
FACTS = {fact.id: fact for fact in map(_read, _FACTS.strip().splitlines())}
