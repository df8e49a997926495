"""The practice map: frameworks by steps, one framework, one practice, one step, and the gaps."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common import csvs
from common.texts import one_line
from common.time import now
from measurement import known
from people.access import access_of
from people.doors import person_of, requires
from records.practices import PROCESSES
from records.views.base import pressed

from ..mapping import Map, Row, by_process
from ..models import Pack, Practice, Signal
from ..raising import raise_gap
from ..spine import WORKFLOWS
from ..tabling import HEAD, lines
from ..targets import names_of, step_of

LONGEST_TYPED = 100
SHOWN = ("overlaps", "orphans", "missing", "written")


@require_safe
@requires("practice_map.view")
def practice_map(request: HttpRequest) -> HttpResponseBase:
    """Frameworks by steps; `format=csv` gives the file."""
    view = Map(request.user)
    text = one_line(request.GET.get("q", ""))[:LONGEST_TYPED]
    show = request.GET.get("show", "") if request.GET.get("show") in SHOWN else ""
    rows = [row for row in view.rows if _fits(row, text.casefold(), show)]
    if request.GET.get("format") == "csv":
        return csvs.answer("practice-map", HEAD, lines(rows))
    context = {
        "map": view,
        "figures": view.figures,
        "processes": [(PROCESSES[name], each) for name, each in by_process(_with_cells(rows, view)).items()],
        "columns": view.packs,
        "width": len(view.packs) + 2,
        "text": text,
        "show": show,
        "shown_count": len(rows),
        "can_edit": access_of(request.user).allows("framework_pack.edit"),
        "now": now(),
    }
    return render(request, "frameworks/map.html", context)


def _fits(row: Row, text: str, show: str) -> bool:
    if (show == "overlaps" and not row.is_overlap) or (show == "orphans" and not row.is_orphan):
        return False
    if (show == "missing" and row.is_done_here) or (show == "written" and not row.is_only_written):
        return False
    if not text:
        return True
    said = [str(row.step.name), row.step.id, str(row.step.purpose)]
    said += [f"{each.ref} {each.name}" for each in row.all_practices]
    return any(text in each.casefold() for each in said)


def _with_cells(rows: list[Row], view: Map) -> list[Row]:
    """Each row with a cell for each pack: how many of its practices plug in there, and which."""
    for row in rows:
        cells = []
        for pack in view.packs:
            found = row.practices.get(pack.slug, [])
            cells.append(
                {
                    "count": len(found),
                    "framework": pack.name,
                    "step": min(len(found), 3),
                    "url": row.url + f"#{pack.slug}" if found else "",
                    "label": _("%(count)s of %(framework)s at “%(step)s”: %(practices)s")
                    % {
                        "count": len(found),
                        "framework": pack.name,
                        "step": row.step.name,
                        "practices": "; ".join(map(str, found)),
                    },
                }
            )
        row.cells = cells  # type: ignore[attr-defined] # for the template only
    return rows


@require_safe
@requires("practice_map.view")
def step(request: HttpRequest, step_id: str) -> HttpResponseBase:
    """One step: where it is done here, and whose practices plug in."""
    view = Map(request.user)
    if step_id not in view.by_step:
        raise Http404
    row = view.by_step[step_id]
    context = {
        "row": row,
        "process": PROCESSES[row.step.process],
        "workflows": [WORKFLOWS[each] for each in row.step.workflow_ids],
        "frameworks": [(pack, row.practices[pack.slug]) for pack in view.packs if pack.slug in row.practices],
    }
    return render(request, "frameworks/step.html", context)


@require_safe
@requires("practice_map.view")
def framework(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The practices of one framework by process: a number is how many steps plug in there."""
    pack = get_object_or_404(Pack.objects.defer("document"), slug=slug)
    view = Map(request.user, packs=[pack])
    if request.GET.get("format") == "csv":
        return csvs.answer(f"practices-{pack.slug}", HEAD, lines([row for row in view.rows if row.practices]))
    gaps = {each.practice.pk: each for each in view.gaps}
    context = {
        "pack": pack,
        "figures": view.figures,
        "groups": list(_groups(view, gaps, {each.practice.pk for each in view.written})),
        "processes": PROCESSES.values(),
        "can_raise": pack.is_active and access_of(request.user).allows("improvement.create"),
        "can_edit": access_of(request.user).allows("framework_pack.edit"),
    }
    return render(request, "frameworks/framework.html", context)


def _groups(view: Map, gaps: dict[int, Any], written: set[int]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Practices by their group, each with the number of its steps in each process and where it is done."""
    found: dict[str, list[dict[str, Any]]] = {}
    for practice in view.practices:
        rows = view.rows_of(practice)
        per = [(label, sum(row.step.process == name for row in rows)) for name, label in PROCESSES.items()]
        places = {here.label: here for row in rows for here in row.here}
        found.setdefault(practice.group, []).append(
            {"practice": practice, "per": per, "gap": gaps.get(practice.pk),
             "is_written": practice.pk in written, "here": list(places.values())[:3],
             "missing": sum(not row.is_done_here for row in rows), "of": len(rows)}
        )  # fmt: skip
    yield from found.items()


@require_safe
@requires("practice_map.view")
def practice(request: HttpRequest, slug: str, key: str) -> HttpResponseBase:
    """Where is this practice done here: its steps, the records of each, and its measures."""
    pack = get_object_or_404(Pack.objects.defer("document"), slug=slug)
    found = get_object_or_404(Practice, pack=pack, key=key)
    found.pack = pack
    view = Map(request.user)
    rows = view.rows_of(found)
    signals = {each.kpi: each for each in Signal.objects.filter(kpi__in=found.measures, cleared_at=None)}
    measures = {each.id: each for each in known.kpis()}
    names = names_of(found.steps)
    context = {
        "practice": found,
        "pack": pack,
        "rows": [(row, PROCESSES[row.step.process], _others(row, found), _parts(row, names)) for row in rows],
        "parts": list(Practice.objects.filter(pack=pack, part_of=key)),
        "whole": Practice.objects.filter(pack=pack, key=found.part_of).first() if found.part_of else None,
        "gap": next((each for each in view.gaps if each.practice.pk == found.pk), None),
        "measures": [(measures[each], signals.get(each)) for each in found.measures if each in measures],
        "sees_measures": access_of(request.user).allows("kpi.view"),
        "can_raise": access_of(request.user).allows("improvement.create"),
    }
    return render(request, "frameworks/practice.html", context)


def _parts(row: Row, names: dict[str, str]) -> list[str]:
    """The single steps of the procedure at which it plugs in."""
    return [name for key, name in names.items() if step_of(key) == row.step.id]


def _others(row: Row, mine: Practice) -> list[Practice]:
    return [each for each in row.all_practices if each.pk != mine.pk]


@require_safe
@requires("practice_map.view")
def gaps(request: HttpRequest) -> HttpResponseBase:
    """Practices of which nothing is done here, or nothing but written, and what becomes of each."""
    view = Map(request.user)
    show = "written" if request.GET.get("show") == "written" else ""
    if request.GET.get("format") == "csv":
        head = ["framework", "reference", "practice", "steps", "reason", "improvement"]
        return csvs.answer("practice-gaps", head, _gap_lines(view))
    context = {
        "gaps": view.written if show else view.gaps,
        "show": show,
        "tabs": [
            {"label": _("Nothing here"), "url": "?", "is_current": not show, "count": len(view.gaps)},
            {
                "label": _("Only written down"),
                "url": "?show=written",
                "is_current": bool(show),
                "count": len(view.written),
            },
        ],
        "figures": view.figures,
        "orphans": [row for row in view.rows if row.is_orphan],
        "can_raise": access_of(request.user).allows("improvement.create"),
        "can_edit": access_of(request.user).allows("framework_pack.edit"),
        "now": now(),
    }
    return render(request, "frameworks/gaps.html", context)


def _gap_lines(view: Map) -> Iterator[list[Any]]:
    for each in view.unproven:
        yield [
            each.practice.pack.name, each.practice.ref, each.practice.name, " ".join(each.practice.steps), each.reason,
            each.improvement.reference if each.improvement else "",
        ]  # fmt: skip


@require_POST
@requires("improvement.create")
def gap_improvement(request: HttpRequest, slug: str, key: str) -> HttpResponseBase:
    """Make an improvement of a gap."""
    found = get_object_or_404(Practice.objects.select_related("pack"), pack__slug=slug, key=key)
    person = person_of(request)
    return pressed(
        request, lambda: raise_gap(practice=found, by=person, at=now()),
        url=lambda made: made.get_absolute_url(), back=reverse("frameworks:practice", args=[slug, key]),
        said=lambda made: _("%(reference)s is in the register.") % {"reference": made.reference},
    )  # fmt: skip
