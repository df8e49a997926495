"""The dashboards that come with Steward, as data: one for each role that reads measures. People change copies."""

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_noop as _

from people.enums import Role

from .. import declarations
from ..figures import Figure
from .enums import Kind
from .models import Dashboard, Tile

LISTS = {"is:overdue": _("Overdue tickets"), "kind:change is:open": _("Open changes")}
# name, days, roles, tiles: kind, measure or query, width, and for splits the dimension
SHIPPED = {
    "desk": (
        _("Service desk"), "7d", (Role.TECHNICIAN, Role.TEAM_LEAD),
        (
            ("number", "inc-backlog", 1, ""), ("number", "inc-open-breached", 1, ""), ("number", "inc-fcr", 1, ""),
            ("trend", "inc-volume", 2, ""), ("split", "inc-backlog", 1, "team"),
            ("records", "is:overdue", 3, ""),
        ),
    ),
    "lead": (
        _("Team lead"), "30d", (Role.TEAM_LEAD,),
        (
            ("number", "inc-resolution-sla", 1, ""), ("number", "inc-backlog-age", 1, ""),
            ("number", "inc-reassign", 1, ""), ("control", "inc-volume", 2, ""), ("split", "inc-backlog", 1, "service"),
            ("trend", "inc-mttr-resolve", 2, ""), ("number", "inc-reopen", 1, ""),
        ),
    ),
    "service-levels": (
        _("Service levels"), "30d", (Role.SERVICE_MANAGER, Role.ADMINISTRATOR),
        (
            ("number", "slm-attainment", 1, ""), ("number", "slm-attainment-excused", 1, ""),
            ("number", "avl-availability", 1, ""), ("control", "slm-attainment", 2, ""),
            ("split", "slm-attainment", 1, "service"), ("split", "slm-attainment", 1, "organization"),
            ("trend", "inc-open-breached", 2, ""),
        ),
    ),
    "changes": (
        _("Changes and deployments"), "90d", (Role.CHANGE_MANAGER,),
        (
            ("number", "chg-success", 1, ""), ("number", "chg-emergency", 1, ""),
            ("number", "chg-incidents-caused", 1, ""),
            ("control", "chg-success", 2, ""), ("split", "chg-success", 1, "service"),
            ("records", "kind:change is:open", 3, ""),
        ),
    ),
    "evidence": (
        _("Evidence at a glance"), "12m", (Role.AUDITOR,),
        (
            ("trend", "slm-attainment", 2, ""), ("number", "inc-reopen", 1, ""), ("trend", "inc-backlog", 2, ""),
            ("number", "chg-success", 1, ""),
        ),
    ),
}  # fmt: skip


@transaction.atomic
def ensure_shipped() -> None:
    """
    Make those that are missing; those that are there stay as they are, but that durations are shown as medians.

    Nobody changes these: people change copies, which are left alone.
    """
    durations = {each.id for each in declarations.kpis() if each.is_duration and each.has_singles}
    shipped = Tile.objects.filter(dashboard__slug__in=SHIPPED)
    shipped.filter(kpi__in=durations, figure=Figure.MEAN).update(figure=Figure.MEDIAN)
    known = set(Dashboard.objects.filter(slug__in=SHIPPED).values_list("slug", flat=True))
    for slug, (name, days, roles, tiles) in SHIPPED.items():
        if slug in known:
            continue
        made = Dashboard.objects.create(
            name=str(name), slug=slug, range=days, roles=[str(role) for role in roles], changed_at=now()
        )
        Tile.objects.bulk_create(
            Tile(
                dashboard=made,
                position=number,
                kind=kind,
                kpi="" if kind == Kind.RECORDS else what,
                query=what if kind == Kind.RECORDS else "",
                figure=Figure.MEDIAN if what in durations else Figure.MEAN,
                width=width,
                title=LISTS.get(what, ""),
                by=by,
            )
            for number, (kind, what, width, by) in enumerate(tiles)
        )
